#include "cli/output/shape.hpp"

#include "batchai/core/http.hpp"
#include "batchai/core/time.hpp"
#include "cli/output/wire_types.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;
using Json = nlohmann::ordered_json;

/// Acronyms that the attribute names of `az` write as words.
std::string output_name(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kRenamed{
      {{"diskSizeInGB", "diskSizeInGb"},
       {"fileServerPublicIP", "fileServerPublicIp"},
       {"fileServerInternalIP", "fileServerInternalIp"},
       {"publicIPsToAllow", "publicIpsToAllow"}}};
  for (const auto& [from, to] : kRenamed) {
    if (from == name) {
      return std::string(to);
    }
  }
  return std::string(name);
}

/// The group in `/subscriptions/{s}/resourceGroups/{g}/…`, as written there.
std::optional<std::string> resource_group_of(const Json& id) {
  if (!id.is_string()) {
    return std::nullopt;
  }
  const auto& text = id.get_ref<const std::string&>();
  constexpr std::string_view kSegment = "/resourcegroups/";
  const std::size_t found = to_lower(text).find(kSegment);
  if (!text.starts_with('/') || found == std::string::npos) {
    return std::nullopt;
  }
  const std::size_t begin = found + kSegment.size();
  return text.substr(begin, text.find('/', begin) - begin);
}

Json shape(const json& wire, const WireType& type, bool with_group);

Json shape_value(const json& value, const WireMember& member) {
  if (member.list && value.is_array()) {
    Json items = Json::array();
    for (const json& item : value) {
      items.push_back(shape(item, member.type, true));
    }
    return items;
  }
  if (value.is_string() && member.notation == describe::Notation::kDate) {
    return to_output_date(value.get_ref<const std::string&>());
  }
  if (value.is_string() && member.notation == describe::Notation::kDuration) {
    return to_output_duration(value.get_ref<const std::string&>());
  }
  return member.type.is_known() ? shape(value, member.type, member.name != "sourceVault") : Json(value);
}

/// By the names that az gives them; of several with one name the last one counts.
using Members = std::vector<std::pair<std::string, Json>>;

/// Adds the members that the type has, as null where `wire` does not have them.
void add_members(Members& members, const json& wire, const WireType& type) {
  static const json kNull;
  static const json kEmpty = json::object();
  for (const WireMember& member : members_of(type)) {
    const auto found = wire.find(member.name);
    const json& value = found == wire.end() ? kNull : *found;
    if (member.flattened) {
      add_members(members, value.is_object() ? value : kEmpty, member.type);
    } else if (!member.added || found != wire.end()) {
      members.emplace_back(output_name(member.name), shape_value(value, member));
    }
  }
}

Json to_object(Members members) {
  const auto by_name = [](const auto& one, const auto& other) { return one.first < other.first; };
  std::stable_sort(members.begin(), members.end(), by_name);
  Json object = Json::object();
  auto& sorted = object.get_ref<Json::object_t&>();
  sorted.reserve(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i + 1 == members.size() || members[i].first != members[i + 1].first) {
      sorted.emplace_back(std::move(members[i].first), std::move(members[i].second));
    }
  }
  return object;
}

/// az shows the members that it knows. Of types that are not known, all are.
Json shape(const json& wire, const WireType& type, bool with_group) {
  if (!wire.is_object() || !type.is_known()) {
    return wire;
  }
  Members members;
  add_members(members, wire, type);
  if (with_group) {
    const auto id =
        std::find_if(members.rbegin(), members.rend(), [](const auto& member) { return member.first == "id"; });
    if (const auto group = id == members.rend() ? std::nullopt : resource_group_of(id->second)) {
      members.emplace_back("resourceGroup", *group);
    }
  }
  return to_object(std::move(members));
}

}  // namespace

Json to_output_shape(const json& wire, std::string_view type) {
  // az leaves groups and providers as they are, except for nulls.
  const bool with_group = type != "ResourceGroup" && type != "Provider";
  return shape(wire, wire_type(type), with_group);
}

std::string to_output_date(const std::string& text) {
  const std::optional<Timestamp> time = parse_iso8601(text);
  if (!time) {
    return text;
  }
  const std::string ticks = format_iso8601_ticks(*time);  // 2018-06-21T17:15:18.2880000Z
  const std::string seconds = ticks.substr(0, 19);
  const std::string micros = ticks.substr(20, 6);
  return seconds + (micros == "000000" ? "" : "." + micros) + "+00:00";
}

std::string to_output_duration(const std::string& text) {
  const std::optional<Duration> duration = parse_duration(text);
  if (!duration) {
    return text;
  }
  const long long seconds = std::chrono::duration_cast<std::chrono::seconds>(*duration).count();
  const long long days = seconds / 86'400;
  std::array<char, 64> clock{};
  std::snprintf(clock.data(), clock.size(), "%lld:%02lld:%02lld", seconds / 3'600 % 24, seconds / 60 % 60,
                seconds % 60);
  return (days == 0 ? "" : std::to_string(days) + (days == 1 ? " day, " : " days, ")) + clock.data();
}

}  // namespace batchai::cli
