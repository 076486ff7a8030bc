#include "server/identity/principals.hpp"

#include "batchai/core/http.hpp"
#include "core/random.hpp"
#include "server/identity/secret_hash.hpp"

#include <stdexcept>

namespace batchai::server {
namespace {

std::string key_of(const std::string& app_id) { return "serviceprincipal/" + to_lower(app_id); }

}  // namespace

Principal Principals::create(const std::string& display_name) {
  Principal principal{random_guid(), random_guid(), display_name};
  store_.write([&principal](Transaction& transaction) {
    transaction.put({.key = key_of(principal.app_id),
                     .kind = "servicePrincipal",
                     .body = {{"appId", principal.app_id},
                              {"objectId", principal.object_id},
                              {"displayName", principal.display_name}},
                     .hidden = {{"secrets", nlohmann::json::array()}}});
  });
  return principal;
}

std::optional<Document> Principals::document(const std::string& app_id) const {
  std::optional<Document> result;
  store_.read([&](Transaction& transaction) { result = transaction.get(key_of(app_id)); });
  return result;
}

std::optional<Principal> Principals::find(const std::string& app_id) const {
  const auto found = document(app_id);
  if (!found) {
    return std::nullopt;
  }
  return Principal{found->body.at("appId"), found->body.at("objectId"), found->body.at("displayName")};
}

void Principals::add_secret(const std::string& app_id, const Secret& secret, Timestamp expires) {
  nlohmann::json entry = hash_secret(secret);
  entry["expires"] = format_iso8601(expires);
  store_.write([&](Transaction& transaction) {
    auto found = transaction.get(key_of(app_id));
    if (!found) {
      throw std::out_of_range("no service principal " + app_id);
    }
    found->hidden["secrets"].push_back(entry);
    transaction.put(std::move(*found));
  });
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
    const auto expires = parse_iso8601(entry.value("expires", ""));
    if (expires && now < *expires) {
      return SecretCheck::Right;
    }
    result = SecretCheck::Expired;
  }
  return result;
}

}  // namespace batchai::server
