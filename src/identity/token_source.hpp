#pragma once

#include "batchai/identity/credentials.hpp"
#include "core/interruptible_mutex.hpp"
#include "identity/token_cache.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace batchai::inline v1 {

/// One way to get tokens.
struct TokenRecipe {
  /// Endpoint, principal and a fingerprint of the proof: the key of the token in the cache. Holds no secrets.
  std::string key;
  /// As `service principal X could not sign in to tenant Y`: begins the message when the authority refuses.
  std::string refusal;
  /// The request that asks for a token for `resource`.
  std::function<HttpRequest(const std::string& resource)> request;
  /// How long to wait before asking again after an answer with `status`, if at all; `tries` counts the answers before
  /// it. In addition to the pipeline's retries. Null: never.
  std::function<std::optional<Duration>(int status, int tries)> pause_before_retry = {};
};

/// Gets tokens by one recipe: from the cache while they last, else from the authority. Thread-safe; threads that need a
/// token at once share one request.
class TokenSource {
 public:
  TokenSource(TokenRecipe recipe, const CredentialOptions& options);
  AccessToken get(const TokenRequest& request, const CallContext& context);

 private:
  AccessToken fetch(const std::string& resource, const CallContext& context) const;
  /// Whether to ask once more, after the wait for it.
  bool pause(int status, int tries, const CallContext& context) const;

  TokenRecipe recipe_;
  std::shared_ptr<const Pipeline> pipeline_;
  std::shared_ptr<Clock> clock_;
  TokenCache cache_;
  InterruptibleMutex fetching_;
};

}  // namespace batchai::inline v1
