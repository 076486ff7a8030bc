#include "server/identity/principal_admin.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"
#include "batchai/models/names.hpp"
#include "server/faults/refusal.hpp"
#include "server/http/json_answer.hpp"
#include "signing/random_bytes.hpp"

#include <algorithm>
#include <chrono>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

using nlohmann::json;

constexpr std::size_t kPrincipalSecretBytes = 30;
constexpr std::size_t kLongestPrincipalName = 64;
constexpr int kDays = 365;
constexpr int kMostDays = 3650;
constexpr int kMostOverlapHours = 24 * 30;

void check_name(const std::string& name) {
  const auto allowed = [](unsigned char c) {
    return (std::isalnum(c) != 0 && c < 0x80) || c == '-' || c == '_' || c == '.' || c == '@';
  };
  if (name.empty() || name.size() > kLongestPrincipalName || !std::all_of(name.begin(), name.end(), allowed)) {
    throw invalid_content("name", "The name of a principal has 1 to " + std::to_string(kLongestPrincipalName) +
                                      " letters, digits, '-', '_', '.' and '@'; '" + name + "' is not one.");
  }
}

/// Throws for a member that would be ignored.
void check_members(const json& body, std::initializer_list<std::string_view> known) {
  if (!body.is_object()) {
    throw invalid_content("", "The body has to be a JSON object.");
  }
  for (const auto& [member, value] : body.items()) {
    if (std::find(known.begin(), known.end(), member) == known.end()) {
      throw invalid_content(member, "There is no member '" + member + "'.");
    }
  }
}

int read_whole(const json& body, const char* member, int absent, int most) {
  const auto found = body.find(member);
  if (found == body.end()) {
    return absent;
  }
  if (!found->is_number_integer() || *found < 1 || *found > most) {
    throw invalid_content(
        member, "The member '" + std::string(member) + "' is a whole number from 1 to " + std::to_string(most) + ".");
  }
  return found->get<int>();
}

Role read_role(const json& body) {
  const auto found = body.find("role");
  const auto role = found != body.end() && found->is_string() ? find_role(found->get<std::string>()) : std::nullopt;
  if (!role) {
    throw invalid_content("role", "The member 'role' is one of owner, contributor, reader.");
  }
  return *role;
}

void check_group(const json& group) {
  try {
    check_group_name(group.is_string() ? group.get<std::string>() : std::string());
  } catch (const InvalidArgument& error) {
    throw invalid_content("groups", error.what());
  }
}

std::vector<std::string> read_groups(const json& body, Role role) {
  const json given = body.value("groups", json::array());
  if (!given.is_array()) {
    throw invalid_content("groups", "The member 'groups' is a list of names of resource groups.");
  }
  std::for_each(given.begin(), given.end(), check_group);
  if (role == Role::Owner && !given.empty()) {
    throw invalid_content("groups", "The role owner is for the whole service. For some groups take contributor.");
  }
  return given.get<std::vector<std::string>>();
}

Secret new_secret() { return Secret(signing::random_password(kPrincipalSecretBytes)); }

}  // namespace

Principal PrincipalAdmin::require(const std::string& name) const {
  const auto found = options_.principals.find_by_name(name);
  if (!found) {
    throw not_found("principal", name);
  }
  return *found;
}

json PrincipalAdmin::shown(const Principal& principal) const {
  json document = {{"name", principal.display_name}, {"role", role_name(principal.role)},
                   {"groups", principal.groups},     {"clientId", principal.app_id},
                   {"tenantId", options_.tenant_id}, {"subscriptionId", options_.subscription_id}};
  if (const auto expiry = options_.principals.secret_expiry(principal.app_id)) {
    document["secretExpires"] = format_iso8601(*expiry);
  }
  return document;
}

json PrincipalAdmin::with_secret(const Principal& principal, const Secret& secret) const {
  json document = shown(principal);
  document["clientSecret"] = secret.reveal();
  return document;
}

json PrincipalAdmin::add(const std::string& name, const json& body) const {
  check_name(name);
  check_members(body, {"role", "groups", "days"});
  const Role role = read_role(body);
  const auto expires = options_.clock->now() + std::chrono::days(read_whole(body, "days", kDays, kMostDays));
  const Principal principal = options_.principals.create(name, role, read_groups(body, role));
  const Secret secret = new_secret();
  options_.principals.add_secret(principal.app_id, secret, expires);
  return with_secret(principal, secret);
}

json PrincipalAdmin::list() const {
  json all = json::array();
  for (const Principal& principal : options_.principals.list()) {
    all.push_back(shown(principal));
  }
  return {{"value", std::move(all)}};
}

json PrincipalAdmin::show(const std::string& name) const { return shown(require(name)); }

json PrincipalAdmin::change(const std::string& name, const json& body) const {
  check_members(body, {"role", "groups"});
  const Principal principal = require(name);
  const Role role = body.contains("role") ? read_role(body) : principal.role;
  const auto groups = body.contains("groups") || body.contains("role") ? read_groups(body, role) : principal.groups;
  if (iequals(principal.app_id, options_.own_client_id) && role != Role::Owner) {
    throw conflict("The principal " + principal.display_name + " is the service's own and stays its owner");
  }
  options_.principals.set_role(principal.app_id, role, groups);
  return shown(require(name));
}

json PrincipalAdmin::renew(const std::string& name, const json& body) const {
  check_members(body, {"days", "overlapHours"});
  const Principal principal = require(name);
  const bool own = iequals(principal.app_id, options_.own_client_id);
  const Timestamp now = options_.clock->now();
  const auto expires = now + std::chrono::days(read_whole(body, "days", own ? kMostDays : kDays, kMostDays));
  const int overlap = read_whole(body, "overlapHours", 0, kMostOverlapHours);
  const Secret secret = new_secret();
  options_.principals.renew_secret(principal.app_id, secret, expires,
                                   overlap > 0 ? std::optional(now + std::chrono::hours(overlap)) : std::nullopt);
  if (own) {
    options_.own_secret_renewed(secret);
  }
  return with_secret(principal, secret);
}

void PrincipalAdmin::remove(const std::string& name) const {
  const Principal principal = require(name);
  if (iequals(principal.app_id, options_.own_client_id)) {
    throw conflict("The principal " + principal.display_name +
                   " is the service's own and cannot be removed. Its secret can be renewed");
  }
  options_.principals.remove(principal.app_id);
}

namespace {

json body_of(const Request& request) {
  json body = request.body.empty() ? json::object() : json::parse(request.body, nullptr, false);
  if (body.is_discarded()) {
    throw invalid_content("", "The request body is not JSON.");
  }
  return body;
}

}  // namespace

std::vector<Route> principal_routes(const std::shared_ptr<const PrincipalAdmin>& admin) {
  const std::string all = "/providers/Batchai.Service/principals";
  const std::string one = all + "/{principal}";
  return {{"GET", all, [admin](const Request&, const PathParameters&) { return json_answer(200, admin->list()); }},
          {"PUT", one,
           [admin](const Request& request, const PathParameters& path) {
             return json_answer(201, admin->add(path["principal"], body_of(request)));
           }},
          {"GET", one,
           [admin](const Request&, const PathParameters& path) {
             return json_answer(200, admin->show(path["principal"]));
           }},
          {"PATCH", one,
           [admin](const Request& request, const PathParameters& path) {
             return json_answer(200, admin->change(path["principal"], body_of(request)));
           }},
          {"DELETE", one,
           [admin](const Request&, const PathParameters& path) {
             admin->remove(path["principal"]);
             return Response{.status = 200};
           }},
          {"POST", one + "/renew", [admin](const Request& request, const PathParameters& path) {
             return json_answer(200, admin->renew(path["principal"], body_of(request)));
           }}};
}

}  // namespace batchai::server
