#pragma once

#include "batchai/core/http.hpp"
#include "batchai/core/secret.hpp"
#include "batchai/core/time.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Azure Storage "Shared Key" authorization: both sides of it
/// (learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key).
namespace batchai::signing {

/// What the signature covers. Views: the owner of the strings has to outlive it.
struct SignedParts {
  std::string_view method;
  /// Encoded, exactly as on the wire; the account's name is not yet in front of it.
  std::string_view path;
  /// Encoded, exactly as on the wire, without the question mark.
  std::string_view query;
  const Headers& headers;
  /// Of the body, where the Content-Length header is not among `headers` yet.
  std::size_t body_size = 0;
};

/// Points where real clients differ. The defaults are what this library sends.
struct SigningDialect {
  /// Order of x-ms- headers: by culture (`_` before digits and letters, `-` ignored) or by bytes.
  bool culture_order = true;
  /// Whether `+` in a query means a blank.
  bool plus_is_blank = true;
  /// Whether Content-Language comes before Content-Encoding.
  bool language_first = false;
};

/// Whether header name `a` comes before `b` (both lower case) in the service's culture order.
bool culture_less(std::string_view a, std::string_view b);

std::string shared_key_string_to_sign(const SignedParts& parts, std::string_view account,
                                      const SigningDialect& dialect = {});

std::string shared_key_lite_string_to_sign(const SignedParts& parts, std::string_view account,
                                           const SigningDialect& dialect = {});

/// Base64 HMAC of `string_to_sign`. Throws InvalidArgument when the key is not base64.
std::string shared_key_signature(std::string_view string_to_sign, const Secret& key);

/// Sets x-ms-date and Authorization. All other headers have to be there already, Content-Length excepted.
void sign_with_shared_key(HttpRequest& request, std::string_view account, const Secret& key, Timestamp now);

/// The Authorization header, taken apart.
struct SharedKeyAuthorization {
  bool lite = false;
  std::string account;
  std::string signature;
};

/// Nothing for another scheme and for a broken value.
std::optional<SharedKeyAuthorization> parse_shared_key_authorization(std::string_view value);

/// Whether the signature is one by any of `keys` in any dialect of the known clients. The date is the caller's to
/// check.
bool verify_shared_key(const SignedParts& parts, const SharedKeyAuthorization& authorization,
                       std::span<const Secret> keys);

}  // namespace batchai::signing
