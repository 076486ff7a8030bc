#include "server/arm/list_filter.hpp"

#include "batchai/core/http.hpp"
#include "core/joined.hpp"
#include "core/parse_number.hpp"
#include "server/arm/resource_path.hpp"
#include "server/faults/fault.hpp"

#include <algorithm>
#include <regex>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

std::string value_of(const nlohmann::json& resource, const std::string& name) {
  if (iequals(name, "resourceType")) {
    return resource.at("type");
  }
  if (iequals(name, "resourceGroup")) {
    return read_resource_path(resource.at("id").get<std::string>()).group;
  }
  return resource.at(to_lower(name));
}

/// The conditions on a tag's name and value, which apply to the same tag.
bool has_tag(const nlohmann::json& resource, const std::string& name, const std::string& value) {
  const nlohmann::json tags = resource.value("tags", nlohmann::json::object());
  return std::any_of(tags.items().begin(), tags.items().end(), [&](const auto& tag) {
    return (name.empty() || iequals(tag.key(), name)) &&
           (value.empty() || iequals(tag.value().template get<std::string>(), value));
  });
}

/// Quotes within a value are doubled.
std::string unquoted(std::string text) {
  for (std::size_t at = text.find("''"); at != std::string::npos; at = text.find("''", at + 1)) {
    text.erase(at, 1);
  }
  return text;
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

}  // namespace

ListFilter::ListFilter(const Request& request, const std::vector<std::string_view>& names) {
  const std::string* given = request.query_parameter("$filter");
  if (given == nullptr || given->empty()) {
    return;
  }
  const ServiceFault refusal(400, "InvalidFilterInQueryString",
                             "Invalid $filter '" + *given +
                                 "'. Supported are comparisons \"name eq 'value'\", joined by 'and', of '" +
                                 joined(names, "', '") + "'.");
  static const std::regex kCondition(R"(\s*([A-Za-z]+)\s+eq\s+'((?:[^']|'')*)'\s*(and\b|$))", std::regex::icase);
  auto rest = given->cbegin();
  bool goes_on = true;
  std::smatch found;
  while (goes_on && std::regex_search(rest, given->cend(), found, kCondition, std::regex_constants::match_continuous)) {
    const std::string name = found[1];
    if (std::none_of(names.begin(), names.end(), [&](std::string_view each) { return iequals(each, name); })) {
      throw refusal;
    }
    conditions_.emplace_back(name, unquoted(found[2]));
    goes_on = found[3].length() > 0;
    rest = found[0].second;
  }
  if (goes_on || rest != given->cend()) {
    throw refusal;
  }
}

bool ListFilter::lets_through(const nlohmann::json& resource) const {
  std::string tag_name;
  std::string tag_value;
  for (const auto& [name, wanted] : conditions_) {
    if (iequals(name, "tagName")) {
      tag_name = wanted;
    } else if (iequals(name, "tagValue")) {
      tag_value = wanted;
    } else if (!iequals(value_of(resource, name), iequals(name, "location") ? without_blanks(wanted) : wanted)) {
      return false;
    }
  }
  return (tag_name.empty() && tag_value.empty()) || has_tag(resource, tag_name, tag_value);
}

void shorten_to_top(const Request& request, std::vector<nlohmann::json>& entries) {
  const std::string* given = request.query_parameter("$top");
  if (given == nullptr) {
    return;
  }
  const auto count = parse_number<std::size_t>(*given);
  if (!count || *count == 0) {
    throw ServiceFault(400, "InvalidTopInQueryString", "The value '" + *given + "' of $top is not a positive number.",
                       "$top");
  }
  entries.resize(std::min(entries.size(), *count));
}

}  // namespace batchai::server
