#pragma once

#include "cli/app/context.hpp"
#include "cli/app/result.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::cli {

/// A resource that a `wait` command polls.
struct Watched {
  /// As `the cluster 'c'`.
  std::string what;
  /// Name of the service's type, for the shape that --custom searches.
  std::string_view type;
  /// Reads it, as the service has it. Throws NotFound while it does not exist.
  std::function<nlohmann::json(const Context& context)> read;
};

/// `--created`, `--updated`, `--deleted`, `--exists`, `--custom`, `--interval`, `--timeout`.
std::vector<OptionSpec> wait_options();

/// Whether the arguments name a condition to wait for.
bool names_condition(const Arguments& arguments);

/// Polls until one of the conditions that are given holds, as az does: a resource that does not exist
/// yet is waited for, but not with --updated alone. Throws UsageError where no condition is named, CommandError where
/// the resource has failed, where --timeout (an hour if absent) is over, and as Watched::read.
Result wait_for_condition(const Arguments& arguments, const Context& context, const Watched& watched);

}  // namespace batchai::cli
