#include "server/arm/permission.hpp"

#include "batchai/core/http.hpp"
#include "core/parse_number.hpp"
#include "server/arm/resource_path.hpp"
#include "server/faults/fault.hpp"
#include "server/records/operations.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

Words words_of(std::string_view pattern) {
  Words words;
  while (!pattern.empty()) {
    const std::string_view word = pattern.substr(0, pattern.find('/'));
    if (!word.empty()) {
      words.emplace_back(word);
    }
    pattern.remove_prefix(std::min(pattern.size(), word.size() + 1));
  }
  return words;
}

bool is_variable(const std::string& word) { return word.front() == '{'; }
std::string_view name_in(std::string_view word) { return word.substr(1, word.size() - 2); }

/// Where the types and names of a provider's resources begin; 0 where the path has no provider of its own.
std::size_t provider_end(const Words& words) {
  const auto found = std::find(words.begin(), words.end(), "providers");
  const bool has_one = found != words.end() && found + 1 != words.end() && !is_variable(*(found + 1));
  return has_one ? static_cast<std::size_t>(found - words.begin()) + 2 : 0;
}

/// As `workspaces/clusters`: every second word, the last one too unless it is an action.
std::string type_in(const Words& words, std::size_t begin, std::size_t end) {
  std::string type;
  for (std::size_t i = begin; i < end; i += 2) {
    type += "/" + words[i];
  }
  return type;
}

std::string verb_of(std::string_view method) {
  if (method == "GET" || method == "HEAD") {
    return "/read";
  }
  return method == "DELETE" ? "/delete" : "/write";
}

/// POST to a word behind a resource calls an action; pagers of some clients do that by GET.
bool is_action(std::string_view method, const std::string& last) {
  return !is_variable(last) && (method == "POST" || last.starts_with("list"));
}

std::string action_of(const std::string& word) {
  // Nothing but a question, and Azure counts it so.
  return word == "checkNameAvailability" ? "/checkNameAvailability/read" : "/" + word + "/action";
}

std::string refusal_of(const Principal& principal, const char* has, const std::string& operation) {
  return "The client '" + principal.app_id + "' with object id '" + principal.object_id + "' " + has +
         " to perform action '" + operation + "' ";
}

/// The members `id` of a document. Not by recursion: it may be as deep as a body is long.
std::vector<std::string> linked_ids(const json& document) {
  std::vector<std::string> ids;
  std::vector<const json*> left = {&document};
  while (!left.empty()) {
    const json& value = *left.back();
    left.pop_back();
    for (auto member = value.begin(); value.is_structured() && member != value.end(); ++member) {
      if (value.is_object() && member.key() == "id" && member->is_string()) {
        ids.push_back(member->get<std::string>());
      }
      left.push_back(&*member);
    }
  }
  return ids;
}

/// Reading what a path is of.
std::string reading_of(const ResourcePath& path) {
  return (path.provider.empty() ? "Microsoft.Resources/subscriptions/resourceGroups"
                                : path.provider + "/" + path.type) +
         "/read";
}

bool is_hidden(const Principal& principal, const nlohmann::ordered_json& entry) {
  const auto id = entry.is_object() ? entry.find("id") : entry.end();
  if (!entry.is_object() || id == entry.end() || !id->is_string()) {
    return false;
  }
  const std::string group = read_resource_path(id->get<std::string>()).group;
  return !group.empty() && !principal.covers(group);
}

}  // namespace

std::string operation_name(std::string_view method, std::string_view pattern) {
  const Words words = words_of(pattern);
  const std::string& last = words.back();
  const bool action = is_action(method, last);
  if (const std::size_t begin = provider_end(words); begin > 0) {
    const std::string type = words[begin - 1] + type_in(words, begin, words.size() - (action ? 1 : 0));
    return type + (action ? action_of(last) : verb_of(method));
  }
  if (action) {
    // Of a provider itself, as `{provider}/register`.
    return words[words.size() - 2] + action_of(last);
  }
  return "Microsoft.Resources" + type_in(words, 0, words.size()) + verb_of(method);
}

Wanted wanted_by(const Route& route, const PathParameters& parameters) {
  Wanted wanted{.operation = route.operation, .group = {}};
  if (const std::string* group = parameters.find("group")) {
    wanted.group = *group;
  }
  if (is_variable(wanted.operation)) {
    const std::size_t end = wanted.operation.find('}') + 1;
    wanted.operation.replace(0, end, parameters[name_in(std::string_view(wanted.operation).substr(0, end))]);
  }
  return wanted;
}

std::string group_of_operation(Transaction& transaction, const std::string& id) {
  const auto record = find_operation(transaction, to_lower(id));
  const std::string resource = record ? record->resource : std::string();
  const std::size_t begin = std::min(resource.find('$'), resource.size());
  return begin == resource.size() ? std::string()
                                  : resource.substr(begin + 1, resource.find('$', begin + 1) - begin - 1);
}

bool permits(const Principal& principal, const Wanted& wanted) {
  const bool reads = wanted.operation.ends_with("/read");
  if (wanted.operation.starts_with(kServiceNamespace)) {
    return principal.role == Role::Owner && !principal.is_limited();
  }
  if (!reads && principal.role == Role::Reader) {
    return false;
  }
  return wanted.group.empty() ? reads || !principal.is_limited() : principal.covers(wanted.group);
}

bool may_list_keys(const Principal& principal, const std::string& group) {
  return permits(principal, {.operation = "Microsoft.Storage/storageAccounts/listKeys/action", .group = group});
}

std::string scope_of(const Route& route, const PathParameters& parameters) {
  Words words = words_of(route.pattern);
  while (!words.empty() && !is_variable(words.back())) {
    words.pop_back();
  }
  if (words.size() > 1 && words[words.size() - 2] == "providers") {
    words.resize(words.size() - 2);
  }
  std::string scope;
  for (const std::string& word : words) {
    scope += "/" + (is_variable(word) ? parameters[name_in(word)] : word);
  }
  return scope.empty() ? "/" : scope;
}

ServiceFault not_permitted(const Principal& principal, const Wanted& wanted, const std::string& scope) {
  return {403, "AuthorizationFailed",
          refusal_of(principal, "does not have authorization", wanted.operation) + "over scope '" + scope +
              "' or the scope is invalid. If access was recently granted, please refresh your credentials."};
}

void require_linked_permission(const Principal& principal, const Wanted& wanted, const std::string& scope,
                               std::string_view body) {
  const json document = json::parse(body, nullptr, false);
  for (const std::string& id : linked_ids(document)) {
    const ResourcePath path = read_resource_path(id);
    if (!path.group.empty() && !principal.covers(path.group)) {
      throw ServiceFault(403, "LinkedAuthorizationFailed",
                         refusal_of(principal, "has permission", wanted.operation) + "on scope '" + scope +
                             "'; however, it does not have permission to perform action '" + reading_of(path) +
                             "' on the linked scope(s) '" + id + "' or the linked scope(s) are invalid.");
    }
  }
}

void keep_permitted(const Principal& principal, Response& list, std::optional<std::size_t> top) {
  auto document = nlohmann::ordered_json::parse(list.body, nullptr, false);
  if (!document.is_object() || !document.contains("value") || !document.at("value").is_array()) {
    return;
  }
  auto& value = document.at("value");
  auto kept = nlohmann::ordered_json::array();
  for (auto& entry : value) {
    if (!is_hidden(principal, entry) && (!top || kept.size() < *top)) {
      kept.push_back(std::move(entry));
    }
  }
  value = std::move(kept);
  list.body = document.dump();
}

std::optional<std::size_t> take_top(Request& request) {
  const std::string* given = request.query_parameter("$top");
  const auto top = given == nullptr ? std::nullopt : parse_number<std::size_t>(*given);
  if (!top || *top == 0) {
    return std::nullopt;
  }
  std::erase_if(request.parameters, [](const auto& each) { return iequals(each.first, "$top"); });
  return top;
}

}  // namespace batchai::server
