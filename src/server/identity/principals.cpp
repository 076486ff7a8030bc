#include "server/identity/principals.hpp"

#include "batchai/core/http.hpp"
#include "core/random.hpp"
#include "server/faults/fault.hpp"
#include "server/identity/secret_hash.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace batchai::server {
namespace {

constexpr std::string_view kPrincipalKind = "servicePrincipal";

constexpr std::array<std::pair<Role, std::string_view>, 3> kRoles = {
    {{Role::Owner, "owner"}, {Role::Contributor, "contributor"}, {Role::Reader, "reader"}}};

std::string principal_key(std::string_view app_id) { return "serviceprincipal/" + to_lower(app_id); }

/// The first principal of an older service has no role: it was the only one, and could do everything.
Principal principal_of(const Document& document) {
  const auto& body = document.body;
  Principal principal{body.at("appId"), body.at("objectId"), body.at("displayName")};
  principal.role = find_role(body.value("role", "owner")).value_or(Role::Reader);
  principal.groups = body.value("groups", std::vector<std::string>());
  principal.generation = document.hidden.value("generation", std::int64_t{0});
  return principal;
}

void set_role_of(Document& document, Role role, const std::vector<std::string>& groups) {
  document.body["role"] = role_name(role);
  document.body["groups"] = groups;
}

std::optional<Timestamp> expiry_of(const nlohmann::json& secret) { return parse_iso8601(secret.value("expires", "")); }

/// What stays of a principal's secrets when those that are there end at `end`.
nlohmann::json ended_at(const nlohmann::json& secrets, Timestamp end) {
  nlohmann::json kept = nlohmann::json::array();
  for (nlohmann::json secret : secrets) {
    if (const auto expires = expiry_of(secret)) {
      secret["expires"] = format_iso8601(std::min(*expires, end));
      kept.push_back(std::move(secret));
    }
  }
  return kept;
}

}  // namespace

std::string role_name(Role role) {
  const auto found =
      std::find_if(kRoles.begin(), kRoles.end(), [role](const auto& each) { return each.first == role; });
  return std::string(found->second);
}

std::optional<Role> find_role(std::string_view name) {
  const auto found =
      std::find_if(kRoles.begin(), kRoles.end(), [name](const auto& each) { return iequals(each.second, name); });
  return found == kRoles.end() ? std::nullopt : std::optional(found->first);
}

bool Principal::covers(std::string_view group) const {
  return groups.empty() ||
         std::any_of(groups.begin(), groups.end(), [group](const auto& each) { return iequals(each, group); });
}

Principals::Principals(Store& store) : store_(store) {
  store_.read([this](Transaction& transaction) {
    for (const Document& document : transaction.list(kPrincipalKind)) {
      keep(document);
    }
  });
}

void Principals::keep(const Document& document) {
  auto principal = std::make_shared<const Principal>(principal_of(document));
  const std::unique_lock lock(mutex_);
  known_.insert_or_assign(to_lower(principal->app_id), std::move(principal));
}

Principal Principals::create(const std::string& display_name, Role role, std::vector<std::string> groups) {
  const std::lock_guard lock(changing_);
  if (find_by_name(display_name)) {
    throw ServiceFault(409, "PrincipalExists", "There is a principal '" + display_name + "' already.");
  }
  Principal principal{random_guid(), random_guid(), display_name, role, std::move(groups)};
  Document document{
      .key = principal_key(principal.app_id),
      .kind = std::string(kPrincipalKind),
      .body = {{"appId", principal.app_id}, {"objectId", principal.object_id}, {"displayName", principal.display_name}},
      .hidden = {{"secrets", nlohmann::json::array()}}};
  set_role_of(document, role, principal.groups);
  store_.write([&document](Transaction& transaction) { transaction.put(document); });
  keep(document);
  return principal;
}

std::optional<Document> Principals::document(std::string_view app_id) const {
  std::optional<Document> result;
  store_.read([&](Transaction& transaction) { result = transaction.get(principal_key(app_id)); });
  return result;
}

std::shared_ptr<const Principal> Principals::find(std::string_view app_id) const {
  const std::string key = to_lower(app_id);
  const std::shared_lock lock(mutex_);
  const auto found = known_.find(key);
  return found == known_.end() ? nullptr : found->second;
}

std::shared_ptr<const Principal> Principals::find_by_name(std::string_view display_name) const {
  const std::shared_lock lock(mutex_);
  const auto found = std::find_if(known_.begin(), known_.end(), [display_name](const auto& each) {
    return iequals(each.second->display_name, display_name);
  });
  return found == known_.end() ? nullptr : found->second;
}

std::vector<Principal> Principals::list() const {
  std::vector<Principal> all;
  store_.read([&all](Transaction& transaction) {
    for (const Document& document : transaction.list(kPrincipalKind)) {
      all.push_back(principal_of(document));
    }
  });
  return all;
}

std::optional<Timestamp> Principals::secret_expiry(const std::string& app_id) const {
  std::optional<Timestamp> last;
  if (const auto found = document(app_id)) {
    for (const auto& secret : found->hidden.at("secrets")) {
      const auto expires = expiry_of(secret);
      last = expires && (!last || *last < *expires) ? expires : last;
    }
  }
  return last;
}

void Principals::change(const std::string& app_id, const std::function<void(Document&)>& work) {
  const std::lock_guard lock(changing_);
  Document changed;
  store_.write([&](Transaction& transaction) {
    auto found = transaction.get(principal_key(app_id));
    if (!found) {
      throw std::out_of_range("no service principal " + app_id);
    }
    work(*found);
    changed = transaction.put(std::move(*found));
  });
  keep(changed);
}

void Principals::set_role(const std::string& app_id, Role role, const std::vector<std::string>& groups) {
  change(app_id, [&](Document& document) { set_role_of(document, role, groups); });
}

void Principals::add_secret(const std::string& app_id, const Secret& secret, Timestamp expires) {
  nlohmann::json entry = hash_secret(secret);
  entry["expires"] = format_iso8601(expires);
  change(app_id, [&](Document& document) { document.hidden["secrets"].push_back(entry); });
}

void Principals::renew_secret(const std::string& app_id, const Secret& secret, Timestamp expires,
                              std::optional<Timestamp> others_end) {
  nlohmann::json entry = hash_secret(secret);
  entry["expires"] = format_iso8601(expires);
  change(app_id, [&](Document& document) {
    auto& secrets = document.hidden["secrets"];
    secrets = others_end ? ended_at(secrets, *others_end) : nlohmann::json::array();
    secrets.push_back(entry);
    if (!others_end) {
      document.hidden["generation"] = document.hidden.value("generation", std::int64_t{0}) + 1;
    }
  });
}

void Principals::remove(const std::string& app_id) {
  const std::lock_guard lock(changing_);
  store_.write([&](Transaction& transaction) {
    if (!transaction.erase(principal_key(app_id))) {
      throw std::out_of_range("no service principal " + app_id);
    }
  });
  const std::unique_lock known_lock(mutex_);
  known_.erase(to_lower(app_id));
}

SecretCheck Principals::check_secret(const std::string& app_id, const Secret& secret, Timestamp now) const {
  const auto found = document(app_id);
  SecretCheck result = SecretCheck::Wrong;
  if (!found) {
    return result;
  }
  for (const auto& entry : found->hidden.at("secrets")) {
    if (!matches_hash(secret, entry)) {
      continue;
    }
    const auto expires = expiry_of(entry);
    if (expires && now < *expires) {
      return SecretCheck::Right;
    }
    result = SecretCheck::Expired;
  }
  return result;
}

}  // namespace batchai::server
