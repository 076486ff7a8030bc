#pragma once

#include "signing/rsa.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::signing {

/// A JSON Web Token in compact form (RFC 7519), taken apart. Nothing in it may be trusted before verify_jwt().
/// Immutable, cheap to copy.
class Jwt {
 public:
  /// Nothing unless the text is three base64url parts, the first two of them JSON objects.
  static std::optional<Jwt> parse(std::string_view text);

  const nlohmann::json& header() const;
  const nlohmann::json& claims() const;
  /// Header member of type string, else the empty string: `alg`, `kid`, `x5t`, …
  std::string header_text(const char* name) const;
  /// Claim of type string, else the empty string.
  std::string claim_text(const char* name) const;
  /// NumericDate claim, which may be a floating-point number (MSAL for Python writes such).
  std::optional<double> claim_number(const char* name) const;
  /// The texts of `aud`, which may be one or a list (RFC 7519 4.1.3).
  std::vector<std::string> audiences() const;
  /// The part that is signed.
  const std::string& signing_input() const;
  const std::string& signature() const;

 private:
  struct Parts;
  explicit Jwt(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<const Parts> parts_;
};

/// Compact form. `alg` (RS256 or PS256) and `typ` are put into the header; the caller adds `kid`, `x5t` and the like.
std::string sign_jwt(const nlohmann::json& header, const nlohmann::json& claims, const RsaPrivateKey& key,
                     RsaScheme scheme = RsaScheme::Rs256);

/// Whether the signature is one of `key` by RS256 or PS256, as the header says; every other `alg` is refused. Times,
/// audience and issuer are the caller's to check.
bool verify_jwt(const Jwt& token, const RsaPublicKey& key);

}  // namespace batchai::signing
