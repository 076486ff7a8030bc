#pragma once

#include "batchai/core/outage.hpp"
#include "cli/app/context.hpp"

namespace batchai::cli {

/// For what waits long: outages of the service are told, but not into a pipe, which gets only the result.
OutageOptions outage_options(const Context& context);

}  // namespace batchai::cli
