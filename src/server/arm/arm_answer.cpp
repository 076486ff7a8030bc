#include "server/arm/arm_answer.hpp"

#include "batchai/core/error.hpp"
#include "batchai/models/model.hpp"
#include "server/http/json_answer.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

constexpr std::size_t kLongestReason = 200;

// The envelope that ARM's documents have in common, and the members of its errors. `properties` comes last.
constexpr std::string_view kOrder[] = {"code", "message", "target", "details",  "sku", "kind",
                                       "id",   "name",    "type",   "location", "tags"};

auto place_of(const std::string& member) {
  return std::pair(std::find(std::begin(kOrder), std::end(kOrder), member), member == "properties");
}

nlohmann::ordered_json in_order(const nlohmann::json& value) {
  if (value.is_array()) {
    auto items = nlohmann::ordered_json::array();
    std::transform(value.begin(), value.end(), std::back_inserter(items), &in_order);
    return items;
  }
  if (!value.is_object()) {
    return value;
  }
  std::vector<std::string> names;
  for (const auto& member : value.items()) {
    names.push_back(member.key());
  }
  std::stable_sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return place_of(a) < place_of(b); });
  auto ordered = nlohmann::ordered_json::object();
  for (const std::string& name : names) {
    ordered[name] = in_order(value.at(name));
  }
  return ordered;
}

ServiceFault invalid(const std::string& message) { return {400, "InvalidRequestContent", message}; }

}  // namespace

Response arm_answer(int status, const nlohmann::json& body) { return json_answer(status, in_order(body)); }

Response list_answer(std::vector<nlohmann::json> entries) {
  return arm_answer(200, {{"value", nlohmann::json(std::move(entries))}});
}

Response fault_answer(const ServiceFault& fault) {
  Response response = arm_answer(fault.status(), {{"error", error_body(fault)}});
  response.reason = fault.message().substr(0, kLongestReason);
  return response;
}

nlohmann::json read_json_object(const Request& request) {
  try {
    nlohmann::json body = parse_json_text(request.body, "");
    if (!body.is_object()) {
      throw invalid("The request content must be a JSON object.");
    }
    return body;
  } catch (const ProtocolError& error) {
    throw invalid("The request content was invalid and could not be deserialized: " + std::string(error.what()) + ".");
  }
}

nlohmann::json read_tags(const nlohmann::json& body) {
  const auto tags = body.find("tags");
  if (tags == body.end() || tags->is_null()) {
    return nlohmann::json::object();
  }
  const bool good =
      tags->is_object() && std::all_of(tags->begin(), tags->end(), [](const auto& value) { return value.is_string(); });
  if (!good) {
    throw ServiceFault(400, "InvalidTags", "The member 'tags' must be an object whose values are strings.", "tags");
  }
  return *tags;
}

std::string read_text(const nlohmann::json& object, const std::string& name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) {
    return {};
  }
  if (!found->is_string()) {
    throw ServiceFault(400, "InvalidRequestContent", "The member '" + name + "' must be a string.", name);
  }
  return found->get<std::string>();
}

}  // namespace batchai::server
