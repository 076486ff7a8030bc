#pragma once

#include "cli/app/context.hpp"

#include <cstddef>

#include <nlohmann/json.hpp>

namespace batchai::cli {

/// Jobs are counted up to so many.
inline constexpr std::size_t kMostCounted = 1000;

/// What there is and what goes on in the subscription:
///
/// - `service`: `endpoint`, and of batchai-server `health`, `version`, `checks` and what else `/healthz` says;
/// - `clusters`: each with `name`, `workspace`, `resourceGroup`, `vmSize`, `state`, `nodes` (number by state),
///   `nodeCount`, `error`;
/// - `running`, `waiting` and `failed` (within a day): `count`, whether there are `more`, and the `newest` jobs, at
///   most `most`, of `failed` those that failed last, also where there are more than are counted, each with its names,
///   times and, as `reason`, what it waits for or has failed with.
nlohmann::json overview(std::size_t most, const Context& context);

}  // namespace batchai::cli
