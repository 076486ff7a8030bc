#include "cli/app/resource_ids.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/services.hpp"
#include "cli/frame/errors.hpp"
#include "core/joined.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

#include <nlohmann/json.hpp>

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

/// `Microsoft.BatchAI/workspaces/clusters`, from the options that parts of an id replace.
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

/// A resource must be named in only one way, so that no other one is deleted.
void refuse_names_beside_ids(const std::vector<OptionSpec>& options, const Arguments& arguments) {
  for (const OptionSpec& option : options) {
    if (!option.id_part.empty() && arguments.given(option.name)) {
      throw UsageError("--ids: " + display_name(option) + " cannot be given beside it", "name the resource in one way");
    }
  }
}

/// The ids in a list that az or this program printed: of its strings, and of its objects that have one.
void add_ids_of_json(std::vector<std::string>& ids, const nlohmann::json& document) {
  for (const nlohmann::json& item : document.is_array() ? document : nlohmann::json::array({document})) {
    const nlohmann::json& id = item.is_object() && item.contains("id") ? item["id"] : item;
    if (!id.is_string()) {
      throw UsageError("--ids: a list in JSON has to hold ids, or objects that have one");
    }
    ids.push_back(id.get<std::string>());
  }
}

nlohmann::json json_of(const std::string& text) {
  const bool looks_like = text.starts_with('[') || text.starts_with('{');
  return looks_like ? nlohmann::json::parse(text, nullptr, false) : nlohmann::json(nlohmann::json::value_t::discarded);
}

/// As az takes them: each value is one id or several, a line for each, or what `-o json` prints.
std::vector<std::string> split_ids(std::vector<std::string> values) {
  // Joins what a shell has split into words.
  if (std::string whole = joined(values, " "); !json_of(whole).is_discarded()) {
    values = {std::move(whole)};
  }
  std::vector<std::string> ids;
  for (const std::string& value : values) {
    if (const nlohmann::json document = json_of(value); !document.is_discarded()) {
      add_ids_of_json(ids, document);
      continue;
    }
    std::istringstream lines(value);
    for (std::string line; std::getline(lines, line);) {
      ids.push_back(line.substr(0, line.find_last_not_of(" \t\r") + 1));
    }
  }
  std::erase(ids, "");
  return ids;
}

}  // namespace

CallsByIds::CallsByIds(const std::vector<OptionSpec>& options, const Arguments& arguments) {
  refuse_names_beside_ids(options, arguments);
  const std::vector<std::string> ids = split_ids(arguments.list("ids"));
  if (ids.empty() && arguments.given("ids")) {
    throw UsageError("--ids: no id is given");
  }
  for (const std::string& id : ids) {
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
