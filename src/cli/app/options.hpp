#pragma once

#include "cli/config/settings.hpp"
#include "cli/frame/arguments.hpp"
#include "cli/frame/command.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::cli {

// Options that many commands share, described once.

inline constexpr std::string_view kResourceIds = "Resource Id Arguments";

OptionSpec group_option();
OptionSpec workspace_option();
OptionSpec experiment_option();
/// `-n/--name` of a resource whose part of an id is `id_part`, as `clusters`.
OptionSpec name_option(std::string_view summary, std::string_view id_part);
/// `-c/--cluster` of commands that look into one.
OptionSpec cluster_option();
/// `-j/--job` of commands that look into one.
OptionSpec job_option();
OptionSpec ids_option();
OptionSpec yes_option();
OptionSpec no_wait_option();
OptionSpec location_option(std::string_view summary);

/// The option where it may be left out.
OptionSpec optional(OptionSpec option);

/// `-A/--all` of lists that otherwise are of a workspace or an experiment.
OptionSpec all_option(std::string_view summary);
/// Throws UsageError for a group, a workspace or an experiment that the command line names beside --all.
void refuse_places_beside_all(const Arguments& arguments);

/// Throws UsageError for -g and -w where they have no value, for commands that need them with some other options only.
/// `otherwise`: what could be given in place of them.
void require_group_and_workspace(const Arguments& arguments, const std::string& path, const std::string& otherwise);

/// The value from environment or profile for an option that is not given.
std::optional<std::string> configured_value(const OptionSpec& option, Settings& settings);

/// Gives options without a value the configured one, else their default; with `by_ids`, not those that ids name. Throws
/// UsageError for a configured value that the option does not take.
void fill_defaults(const std::vector<OptionSpec>& options, bool by_ids, Settings& settings, Arguments& arguments);

/// The first list, followed by the others.
std::vector<OptionSpec> join(std::vector<OptionSpec> options, const std::vector<OptionSpec>& more);

}  // namespace batchai::cli
