#pragma once

#include "batchai/core/clock.hpp"
#include "server/identity/principals.hpp"
#include "server/identity/signing_key.hpp"
#include "server/identity/verified_tokens.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// The principal that a verified token is for.
struct Caller {
  std::string app_id;
  std::string object_id;
  /// Principal::generation when the token was issued.
  std::int64_t generation = 0;
};

/// Compares audiences without regard to case and trailing slashes.
std::string normal_audience(std::string_view audience);
/// `https://*.file.core.windows.net` among the audiences means all with one label there.
bool contains_audience(const std::vector<std::string>& audiences, std::string_view wanted);

/// How a principal has signed in: `appidacr` of its tokens.
enum class ClientProof { Secret = 1, Assertion = 2 };

struct IssuedToken {
  std::string text;
  std::chrono::seconds lifetime;
  Timestamp not_before;
  Timestamp expires;
};

/// Seconds since 1970, as the answers of token endpoints have them.
std::string epoch_text(Timestamp time);

/// The audience of tokens for the files of storage accounts: for all accounts, or for one.
inline constexpr const char* kStorageAudience = "https://storage.azure.com";
std::string account_audience(std::string_view account);

/// Makes and checks the access tokens (JWT, RS256) of one tenant. Thread-safe.
class AccessTokens {
 public:
  AccessTokens(SigningKey key, std::string tenant_id, std::shared_ptr<const Clock> clock);

  const std::string& tenant_id() const noexcept { return tenant_id_; }
  const SigningKey& key() const noexcept { return key_; }

  /// For a principal that has signed in.
  IssuedToken issue(const Principal& principal, const std::string& audience,
                    ClientProof proof = ClientProof::Secret) const;
  /// Checks signature, times (300 s of skew), issuer, tenant and audience. Throws ServiceFault 401 with ARM's codes.
  Caller verify(std::string_view token, const std::vector<std::string>& audiences) const;

 private:
  std::string issuer() const;
  std::shared_ptr<const TokenClaims> signed_claims(std::string_view text) const;

  SigningKey key_;
  std::string tenant_id_;
  std::shared_ptr<const Clock> clock_;
  mutable VerifiedTokens verified_;
};

}  // namespace batchai::server
