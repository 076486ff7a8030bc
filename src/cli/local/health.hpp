#pragma once

#include "cli/app/context.hpp"
#include "cli/local/server_process.hpp"

#include <nlohmann/json.hpp>

namespace batchai::cli {

/// What the service says about itself (`/healthz`), whether it is well or not; an empty object where it does not answer
/// within a few seconds.
nlohmann::json health_of(const LocalEndpoints& endpoints, Context& context);

}  // namespace batchai::cli
