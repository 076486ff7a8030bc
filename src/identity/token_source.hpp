#pragma once

#include "batchai/identity/credentials.hpp"
#include "identity/token_cache.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace batchai {

using FormFields = std::vector<std::pair<std::string, std::string>>;

/// Who signs in, and with which proof.
struct TokenPrincipal {
  std::string tenant;
  std::string client_id;
  /// Changes with the proof, so that a token got with one secret is not used for another. Not secret.
  std::string fingerprint;
  /// The form fields that prove the identity, made anew for each request.
  std::function<FormFields(const std::string& token_endpoint)> proof;
};

/// Gets tokens for one principal: from the cache while they last, else from the v2 token endpoint. Thread-safe; threads
/// that need the same token at once share one request.
class TokenSource {
 public:
  TokenSource(TokenPrincipal principal, const CredentialOptions& options);
  AccessToken get(const TokenRequest& request, const CallContext& context);

 private:
  AccessToken fetch(const std::string& resource, const CallContext& context) const;

  TokenPrincipal principal_;
  std::string endpoint_;
  std::shared_ptr<const Pipeline> pipeline_;
  std::shared_ptr<Clock> clock_;
  TokenCache cache_;
  std::mutex fetching_;
};

}  // namespace batchai
