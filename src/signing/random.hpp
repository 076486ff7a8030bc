#pragma once

#include <cstddef>
#include <string>

namespace batchai::signing {

/// Bytes fit for keys and secrets. Throws std::runtime_error if the system has no randomness.
std::string random_bytes(std::size_t count);

}  // namespace batchai::signing
