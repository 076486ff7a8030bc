#pragma once

#include <cstddef>
#include <string>

namespace batchai::signing {

/// Bytes fit for keys and secrets. Throws std::runtime_error if the system has no randomness.
std::string random_bytes(std::size_t count);
/// base64url of so many of them. It begins with a letter: command lines would take a dash for the begin of an option.
std::string random_password(std::size_t byte_count);

}  // namespace batchai::signing
