#include "cli/app/resource_ids.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/services.hpp"
#include "cli/frame/errors.hpp"

#include <algorithm>
#include <iterator>

namespace batchai::cli {
namespace {

constexpr std::string_view kGroups = "resourceGroups";

ResourceIdParts parse_id(const std::string& option, const std::string& id) {
  try {
    return parse_resource_id(id);
  } catch (const InvalidArgument& error) {
    throw UsageError(option + ": " + error.what());
  }
}

/// `Microsoft.BatchAI/workspaces/clusters`, from the options that parts of an id stand for.
std::string wanted_type(const std::vector<OptionSpec>& options) {
  std::string type = "Microsoft.BatchAI";
  for (const OptionSpec& option : options) {
    if (!option.id_part.empty() && option.id_part != kGroups) {
      type += "/" + std::string(option.id_part);
    }
  }
  return type;
}

/// `…/workspaces/WORKSPACE/clusters/NAME`, as messages show what an id looks like.
std::string pattern_of(const std::vector<OptionSpec>& options) {
  std::string pattern = "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.BatchAI";
  for (const OptionSpec& option : options) {
    if (!option.id_part.empty() && option.id_part != kGroups) {
      pattern += "/" + std::string(option.id_part) + "/" + std::string(option.value_name);
    }
  }
  return pattern;
}

CallsByIds::Call call_for(const std::vector<OptionSpec>& options, Arguments arguments, const std::string& id) {
  const ResourceIdParts parts = parse_id("--ids", id);
  if (!iequals(parts.type(), wanted_type(options))) {
    throw UsageError("--ids: '" + id + "' is the id of something else", "expected " + pattern_of(options));
  }
  for (const OptionSpec& option : options) {
    if (!option.id_part.empty()) {
      const std::string value = option.id_part == kGroups ? parts.group : parts.find(option.id_part);
      arguments.set(option.name, {value}, true);
    }
  }
  return {id, parts.subscription, std::move(arguments)};
}

/// A resource is named in one way, so that none is deleted but the one that was meant.
void refuse_names_beside_ids(const std::vector<OptionSpec>& options, const Arguments& arguments) {
  for (const OptionSpec& option : options) {
    if (!option.id_part.empty() && arguments.given(option.name)) {
      throw UsageError("--ids: " + display_name(option) + " cannot be given beside it", "name the resource in one way");
    }
  }
}

}  // namespace

CallsByIds::CallsByIds(const std::vector<OptionSpec>& options, const Arguments& arguments) {
  refuse_names_beside_ids(options, arguments);
  for (const std::string& id : arguments.list("ids")) {
    calls_.push_back(call_for(options, arguments, id));
  }
}

std::vector<OptionSpec> options_beside_ids(const std::vector<OptionSpec>& options) {
  std::vector<OptionSpec> rest;
  std::copy_if(options.begin(), options.end(), std::back_inserter(rest), [](auto& o) { return o.id_part.empty(); });
  return rest;
}

void resolve_workspace_id(Arguments& arguments, Services& services) {
  const std::string id = arguments.get("workspace");
  if (!id.starts_with('/')) {
    return;
  }
  const ResourceIdParts parts = parse_id("--workspace", id);
  if (!iequals(parts.type(), "Microsoft.BatchAI/workspaces")) {
    throw UsageError("--workspace: '" + id + "' is not the id of a workspace");
  }
  if (arguments.given("resource-group") && !iequals(arguments.get("resource-group"), parts.group)) {
    throw UsageError("--workspace: the workspace of this id is in the group '" + parts.group + "', not in '" +
                         arguments.get("resource-group") + "'",
                     "leave out -g/--resource-group");
  }
  const bool given = arguments.given("workspace");
  arguments.set("resource-group", {parts.group}, given);
  arguments.set("workspace", {parts.name()}, given);
  services.use_subscription(parts.subscription);
}

}  // namespace batchai::cli
