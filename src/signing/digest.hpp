#pragma once

#include <string>
#include <string_view>

/// Digests as raw bytes. All functions are thread-safe; they throw std::runtime_error if OpenSSL fails.
namespace batchai::signing {

std::string hmac_sha256(std::string_view key, std::string_view message);
std::string sha256(std::string_view message);
/// For certificate thumbprints only.
std::string sha1(std::string_view message);
/// For Content-MD5 only.
std::string md5(std::string_view message);

/// Whether the two are equal, in a time that depends on their lengths only.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace batchai::signing
