#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace batchai::server {

/// What the verifier needs of an access token whose signature has been found good.
struct TokenClaims {
  std::string issuer;
  std::string tenant_id;
  std::string audience;
  std::string app_id;
  std::string object_id;
  std::int64_t generation = 0;
  /// Seconds since 1970.
  std::optional<double> begins;
  std::optional<double> expires;
};

/// Remembers the claims of tokens that one key has signed, so that a client's next request does not cost a check of the
/// signature. Tokens are known by their SHA-256 and not kept. Times and audience are checked with every request, by the
/// caller. Thread-safe.
class VerifiedTokens {
 public:
  /// When as many are known, all are forgotten.
  static constexpr std::size_t kMost = 1024;

  /// Null for an unknown one.
  std::shared_ptr<const TokenClaims> find(const std::string& digest) const;
  void add(const std::string& digest, std::shared_ptr<const TokenClaims> claims);
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const TokenClaims>> known_;
};

}  // namespace batchai::server
