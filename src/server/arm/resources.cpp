#include "server/arm/resources.hpp"

#include "batchai/core/http.hpp"
#include "server/arm/arm_answer.hpp"
#include "server/arm/list_filter.hpp"
#include "server/arm/resource_groups.hpp"
#include "server/faults/refusal.hpp"

#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

bool expands(const Request& request, std::string_view member) {
  const std::string* wanted = request.query_parameter("$expand");
  return wanted != nullptr && to_lower(*wanted).find(to_lower(member)) != std::string::npos;
}

/// What resources of all providers have in common.
nlohmann::json summary(const Document& document, const Request& request) {
  nlohmann::json result;
  for (const char* member : {"id", "name", "type", "location", "tags", "kind", "sku"}) {
    if (document.body.contains(member)) {
      result[member] = document.body.at(member);
    }
  }
  const nlohmann::json& properties = document.body.at("properties");
  if (expands(request, "provisioningState")) {
    result["provisioningState"] = properties.at("provisioningState");
  }
  if (expands(request, "createdTime")) {
    result["createdTime"] = properties.at("creationTime");
  }
  return result;
}

void require_group(Transaction& transaction, const std::string& key, const std::string& name) {
  if (!transaction.get(key)) {
    throw group_not_found(name);
  }
}

/// `group` empty: of the whole subscription.
Response list(const ArmOptions& options, const Request& request, const std::string& group) {
  const ListFilter filter(request, {"resourceType", "resourceGroup", "name", "location", "tagName", "tagValue"});
  const std::string key = to_lower(group_id(options.subscription_id, group));
  const auto parent = group.empty() ? std::nullopt : std::optional<std::string_view>(key);
  std::vector<nlohmann::json> found;
  options.store.read([&](Transaction& transaction) {
    if (parent) {
      require_group(transaction, key, group);
    }
    for (const char* kind : {"workspace", "storageAccount"}) {
      for (const Document& document : transaction.list(kind, parent)) {
        nlohmann::json entry = summary(document, request);
        if (filter.lets_through(entry)) {
          found.push_back(std::move(entry));
        }
      }
    }
  });
  shorten_to_top(request, found);
  return list_answer(std::move(found));
}

}  // namespace

std::vector<Route> resource_list_routes(const ArmOptions& options) {
  return {{"GET", "/subscriptions/{subscription}/resources",
           [options](const Request& request, const PathParameters&) { return list(options, request, ""); }},
          {"GET", "/subscriptions/{subscription}/resourceGroups/{group}/resources",
           [options](const Request& request, const PathParameters& path) {
             return list(options, request, path["group"]);
           }}};
}

}  // namespace batchai::server
