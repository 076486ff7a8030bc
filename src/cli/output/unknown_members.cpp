#include "cli/output/unknown_members.hpp"

#include "batchai/core/http.hpp"
#include "cli/frame/suggest.hpp"
#include "cli/output/wire_types.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;

bool is_meant_to_be_left_out(const std::string& name, bool top) {
  return name.empty() || std::string_view("_#/$").find(name.front()) != std::string_view::npos ||
         to_lower(name).starts_with("comment") || (top && (name == "location" || name == "name" || name == "type"));
}

/// A member of that very name one level below, else one that is spelt nearly so.
std::string suggest_member(const std::string& name, const std::vector<WireMember>& members) {
  std::vector<std::string> names;
  for (const WireMember& member : members) {
    names.emplace_back(member.name);
    const std::vector<WireMember> inner = member.list ? std::vector<WireMember>() : members_of(member.type);
    if (std::any_of(inner.begin(), inner.end(), [&](const WireMember& below) { return below.name == name; })) {
      return std::string(member.name) + "." + name;
    }
  }
  return nearest(name, names);
}

void find_unknown(const json& wire, const WireType& type, const std::string& path, std::vector<UnknownMember>& found) {
  const std::vector<WireMember>& members = members_of(type);
  if (!wire.is_object() || members.empty()) {
    return;
  }
  for (const auto& [name, value] : wire.items()) {
    const auto same_name = [&name = name](const WireMember& member) { return member.name == name; };
    const auto member = std::find_if(members.begin(), members.end(), same_name);
    const std::string inner = path + (path.empty() ? "" : ".") + name;
    if (member == members.end()) {
      if (!is_meant_to_be_left_out(name, path.empty())) {
        found.push_back({inner, suggest_member(name, members)});
      }
    } else if (member->list && value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        find_unknown(value[i], member->type, inner + "[" + std::to_string(i) + "]", found);
      }
    } else {
      find_unknown(value, member->type, inner, found);
    }
  }
}

json without_unknown(const json& wire, const WireType& type) {
  const std::vector<WireMember>& members = members_of(type);
  if (!wire.is_object() || members.empty()) {
    return wire;
  }
  json out = json::object();
  for (const WireMember& member : members) {
    const auto found = wire.find(member.name);
    if (found == wire.end()) {
      continue;
    }
    json& kept = out[std::string(member.name)];
    if (!member.list || !found->is_array()) {
      kept = without_unknown(*found, member.type);
      continue;
    }
    kept = json::array();
    for (const json& item : *found) {
      kept.push_back(without_unknown(item, member.type));
    }
  }
  return out;
}

}  // namespace

json drop_unknown_members(const json& wire, std::string_view type) { return without_unknown(wire, wire_type(type)); }

std::vector<UnknownMember> unknown_members(const json& wire, std::string_view type) {
  std::vector<UnknownMember> found;
  find_unknown(wire, wire_type(type), "", found);
  return found;
}

}  // namespace batchai::cli
