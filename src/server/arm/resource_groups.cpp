#include "server/arm/resource_groups.hpp"

#include "batchai/core/http.hpp"
#include "server/arm/arm_answer.hpp"
#include "server/arm/group_removal.hpp"
#include "server/arm/list_filter.hpp"
#include "server/faults/refusal.hpp"
#include "server/resources/locations.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

constexpr const char* kGroupType = "Microsoft.Resources/resourceGroups";
constexpr std::size_t kLongestName = 90;

void check_name(const std::string& name) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("-_().").find(static_cast<char>(c)) != std::string_view::npos ||
           c >= 0x80;
  };
  if (name.size() > kLongestName || name.back() == '.' || !std::all_of(name.begin(), name.end(), allowed)) {
    throw ServiceFault(400, "InvalidResourceName",
                       "The provided resource group name '" + name +
                           "' is invalid. It has at most 90 characters, which are letters, digits, '-', '_', '(', ')' "
                           "and '.', and does not end with '.'.");
  }
}

Document new_group(const std::string& subscription, const std::string& name, const std::string& location,
                   const nlohmann::json& tags) {
  const std::string id = group_id(subscription, name);
  return {.key = to_lower(id),
          .kind = "resourceGroup",
          .body = {{"id", id},
                   {"name", name},
                   {"type", kGroupType},
                   {"location", location},
                   {"tags", tags},
                   {"properties", {{"provisioningState", "Succeeded"}}}}};
}

/// Handlers of /subscriptions/{subscription}/resourceGroups.
class ResourceGroups {
 public:
  explicit ResourceGroups(const ArmOptions& options) : options_(options), removal_(options) {}

  Response put(const Request& request, const PathParameters& path) const {
    const nlohmann::json body = read_json_object(request);
    check_name(path["group"]);
    const std::string location = require_location(read_text(body, "location"), kGroupType);
    const nlohmann::json tags = read_tags(body);
    removal_.advance();
    Response response;
    options_.store.write([&](Transaction& transaction) {
      auto group = transaction.get(key_of(path));
      const bool is_new = !group;
      if (is_new) {
        group = new_group(options_.subscription_id, path["group"], location, tags);
      } else {
        check_replaceable(*group, location);
        group->body["tags"] = tags;
      }
      response = arm_answer(is_new ? 201 : 200, transaction.put(std::move(*group)).body);
    });
    return response;
  }

  Response patch(const Request& request, const PathParameters& path) const {
    const nlohmann::json body = read_json_object(request);
    const nlohmann::json tags = read_tags(body);
    Response response;
    options_.store.write([&](Transaction& transaction) {
      Document group = require(transaction, path);
      if (body.contains("tags")) {
        group.body["tags"] = tags;
      }
      response = arm_answer(200, transaction.put(std::move(group)).body);
    });
    return response;
  }

  Response get(const Request&, const PathParameters& path) const {
    removal_.advance();
    Response response;
    options_.store.read([&](Transaction& transaction) { response = arm_answer(200, require(transaction, path).body); });
    return response;
  }

  Response list(const Request& request, const PathParameters&) const {
    const ListFilter filter(request, {"tagName", "tagValue", "location", "name"});
    removal_.advance();
    std::vector<nlohmann::json> groups;
    options_.store.read([&](Transaction& transaction) {
      for (Document& group : transaction.list("resourceGroup")) {
        if (filter.lets_through(group.body)) {
          groups.push_back(std::move(group.body));
        }
      }
    });
    shorten_to_top(request, groups);
    return list_answer(std::move(groups));
  }

  Response remove(const Request&, const PathParameters& path) const {
    const OperationRecord operation = removal_.start(options_.subscription_id, path["group"]);
    Response response{.status = 202};
    point_to_result(response, operation.id);
    return response;
  }

  /// Result of a deletion, as its Location header names it.
  Response result(const Request&, const PathParameters& path) const {
    removal_.advance();
    std::optional<OperationRecord> operation;
    options_.store.read([&](Transaction& transaction) { operation = find_operation(transaction, path["operation"]); });
    if (!operation) {
      throw ServiceFault(404, "OperationNotFound", "There is no operation '" + path["operation"] + "'.");
    }
    Response response{.status = operation->done() ? 200 : 202};
    if (!operation->done()) {
      point_to_result(response, operation->id);
    }
    return response;
  }

 private:
  std::string key_of(const PathParameters& path) const {
    return to_lower(group_id(options_.subscription_id, path["group"]));
  }

  Document require(Transaction& transaction, const PathParameters& path) const {
    auto group = transaction.get(key_of(path));
    if (!group) {
      throw group_not_found(path["group"]);
    }
    return std::move(*group);
  }

  static void check_replaceable(const Document& group, const std::string& location) {
    const std::string name = group.body.at("name");
    if (group.body.at("properties").at("provisioningState") == "Deleting") {
      throw ServiceFault(
          409, "ResourceGroupBeingDeleted",
          "The resource group '" + name + "' is in deprovisioning state and cannot perform this operation.");
    }
    if (group.body.at("location") != location) {
      throw ServiceFault(409, "InvalidResourceGroupLocation",
                         "Invalid resource group location '" + location + "'. The resource group '" + name +
                             "' already exists in location '" + group.body.at("location").get<std::string>() + "'.");
    }
  }

  void point_to_result(Response& response, const std::string& operation) const {
    response.headers.set("Location", options_.management_url + "/subscriptions/" + options_.subscription_id +
                                         "/operationresults/" + operation + "?api-version=2021-04-01");
    response.headers.set("Retry-After", "1");
  }

  ArmOptions options_;
  GroupRemoval removal_;
};

}  // namespace

std::string group_id(const std::string& subscription, const std::string& group) {
  return "/subscriptions/" + subscription + "/resourceGroups/" + group;
}

void ensure_group(Transaction& transaction, const std::string& subscription, const std::string& group,
                  const std::string& location) {
  if (!transaction.get(to_lower(group_id(subscription, group)))) {
    transaction.put(new_group(subscription, group, location, nlohmann::json::object()));
  }
}

std::vector<Route> resource_group_routes(const ArmOptions& options) {
  const auto groups = std::make_shared<const ResourceGroups>(options);
  const auto to = [&groups](Response (ResourceGroups::*method)(const Request&, const PathParameters&) const) {
    return [groups, method](const Request& request, const PathParameters& path) {
      return ((*groups).*method)(request, path);
    };
  };
  const std::string all = "/subscriptions/{subscription}/resourceGroups";
  const std::string one = all + "/{group}";
  return {{"GET", all, to(&ResourceGroups::list)},
          {"PUT", one, to(&ResourceGroups::put)},
          {"PATCH", one, to(&ResourceGroups::patch)},
          {"GET", one, to(&ResourceGroups::get)},
          {"DELETE", one, to(&ResourceGroups::remove)},
          {"GET", "/subscriptions/{subscription}/operationresults/{operation}", to(&ResourceGroups::result)}};
}

}  // namespace batchai::server
