#include "cli/app/options.hpp"

#include "cli/config/settings.hpp"
#include "cli/frame/errors.hpp"
#include "cli/frame/parse.hpp"

namespace batchai::cli {

OptionSpec group_option() {
  return {.name = "resource-group",
          .short_name = 'g',
          .summary = "Name of the resource group.",
          .value_name = "GROUP",
          .required = true,
          .setting = "group",
          .id_part = "resourceGroups"};
}

OptionSpec workspace_option() {
  return {.name = "workspace",
          .short_name = 'w',
          .summary = "Name of the workspace, or its full id.",
          .value_name = "WORKSPACE",
          .required = true,
          .setting = "workspace",
          .id_part = "workspaces"};
}

OptionSpec experiment_option() {
  return {.name = "experiment",
          .short_name = 'e',
          .summary = "Name of the experiment.",
          .value_name = "EXPERIMENT",
          .required = true,
          .setting = "experiment",
          .id_part = "experiments"};
}

OptionSpec name_option(std::string_view summary, std::string_view id_part) {
  return {.name = "name",
          .short_name = 'n',
          .summary = summary,
          .value_name = "NAME",
          .required = true,
          .id_part = id_part};
}

OptionSpec cluster_option() {
  return {.name = "cluster",
          .short_name = 'c',
          .summary = "Name of the cluster.",
          .value_name = "CLUSTER",
          .required = true,
          .setting = "cluster"};
}

OptionSpec job_option() {
  return {.name = "job", .short_name = 'j', .summary = "Name of the job.", .value_name = "JOB", .required = true};
}

OptionSpec ids_option() {
  return {.name = "ids",
          .summary = "Full resource ids instead of the names: words, lines, or what -o json prints.",
          .kind = OptionKind::List,
          .value_name = "ID",
          .group = kResourceIds};
}

OptionSpec yes_option() {
  return {.name = "yes", .short_name = 'y', .summary = "Do not ask for confirmation.", .kind = OptionKind::Flag};
}

OptionSpec no_wait_option() {
  return {.name = "no-wait", .summary = "Do not wait for the end of the operation.", .kind = OptionKind::Flag};
}

OptionSpec location_option(std::string_view summary) {
  return {.name = "location", .short_name = 'l', .summary = summary, .value_name = "LOCATION", .setting = "location"};
}

OptionSpec optional(OptionSpec option) {
  option.required = false;
  return option;
}

OptionSpec all_option(std::string_view summary) {
  return {.name = "all", .short_name = 'A', .summary = summary, .kind = OptionKind::Flag};
}

void refuse_places_beside_all(const Arguments& arguments) {
  for (const OptionSpec& place : {group_option(), workspace_option(), experiment_option()}) {
    if (arguments.given(place.name)) {
      throw UsageError("-A/--all: " + display_name(place) + " cannot be given beside it", "leave one of them out");
    }
  }
}

void require_group_and_workspace(const Arguments& arguments, const std::string& path, const std::string& otherwise) {
  try {
    check_required({group_option(), workspace_option()}, path, arguments);
  } catch (const UsageError& error) {
    throw UsageError(error.what(), otherwise + "; see 'batchai " + path + " --help'");
  }
}

std::optional<std::string> configured_value(const OptionSpec& option, Settings& settings) {
  for (const std::string_view key : {option.setting, option.older_setting}) {
    if (auto value = key.empty() ? std::nullopt : settings.default_of(key)) {
      return value;
    }
  }
  return std::nullopt;
}

/// Throws UsageError that says where a bad value is from.
std::string checked_default(const OptionSpec& option, const std::string& value) {
  try {
    return checked_value(option, value);
  } catch (const UsageError& error) {
    throw UsageError(error.what(), "it is the default in " + defaults_variable(option.setting) + ", or in " +
                                       std::string(option.setting) + " of the profile's [defaults]");
  }
}

void fill_defaults(const std::vector<OptionSpec>& options, bool by_ids, Settings& settings, Arguments& arguments) {
  for (const OptionSpec& option : options) {
    if (arguments.has(option.name) || (by_ids && !option.id_part.empty())) {
      continue;
    }
    if (const auto value = configured_value(option, settings)) {
      arguments.set(option.name, {checked_default(option, *value)}, false);
    } else if (!option.default_value.empty()) {
      arguments.set(option.name, {std::string(option.default_value)}, false);
    }
  }
}

std::vector<OptionSpec> join(std::vector<OptionSpec> options, const std::vector<OptionSpec>& more) {
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

}  // namespace batchai::cli
