#pragma once

#include <cstddef>
#include <string>

namespace batchai::signing {

/// Bytes fit for keys and secrets. Throws std::runtime_error if the system has no randomness.
std::string random_bytes(std::size_t count);

/// A random GUID (RFC 9562, version 4), lower case, as `6f0e1c9a-3b5e-4c47-9d0b-0d7f3f1f6a52`.
std::string new_guid();

}  // namespace batchai::signing
