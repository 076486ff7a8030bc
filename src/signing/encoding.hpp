#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace batchai::signing {

/// Base64 with padding (RFC 4648 4).
std::string base64_encode(std::string_view bytes);

/// Nothing for anything but canonical, padded base64 without white space.
std::optional<std::string> base64_decode(std::string_view text);

/// Base64 for URLs without padding (RFC 4648 5), as JWTs use it.
std::string base64url_encode(std::string_view bytes);

/// Padding may be there or not. Nothing for foreign characters.
std::optional<std::string> base64url_decode(std::string_view text);

/// Two lower-case hexadecimal digits per byte.
std::string hex_encode(std::string_view bytes);

}  // namespace batchai::signing
