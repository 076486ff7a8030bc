#pragma once

#include "batchai/core/error.hpp"
#include "cli/frame/environment.hpp"

#include <optional>
#include <string>

namespace batchai::cli {

/// What to do where the address that does not answer comes from the environment, and the local service was started at
/// another one since; nothing otherwise.
std::optional<std::string> stale_environment_hint(const TransportError& error, const Environment& environment);

}  // namespace batchai::cli
