#include "server/files/disk/share_record.hpp"

#include "batchai/core/http.hpp"
#include "core/private_file.hpp"
#include "server/files/disk/node_state.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server::files {
namespace {

using nlohmann::json;

json policies_to_json(const std::vector<StoredPolicy>& policies) {
  json list = json::array();
  for (const StoredPolicy& policy : policies) {
    list.push_back(
        {{"id", policy.id}, {"start", policy.start}, {"expiry", policy.expiry}, {"permissions", policy.permissions}});
  }
  return list;
}

std::vector<StoredPolicy> policies_from_json(const json& list) {
  std::vector<StoredPolicy> policies;
  for (const json& policy : list) {
    policies.push_back({policy.value("id", ""), policy.value("start", ""), policy.value("expiry", ""),
                        policy.value("permissions", "")});
  }
  return policies;
}

}  // namespace

std::string ShareRecord::etag() const {
  NodeState state;
  state.modified = modified;
  return state.etag();
}

std::string ShareRecord::tier_transition(Timestamp now) const {
  // Nothing has to be moved here; clients that have changed a tier look for the transition.
  constexpr std::chrono::minutes kTransition{1};
  if (access_tier_before.empty() || !access_tier_changed || now >= *access_tier_changed + kTransition) {
    return {};
  }
  return "pending-from-" + to_lower(access_tier_before.substr(0, 1)) + access_tier_before.substr(1);
}

ShareRecord read_share_record(const std::filesystem::path& file) {
  ShareRecord record;
  const json object = json::parse(read_private_file(file).value_or(""), nullptr, false);
  if (!object.is_object()) {
    return record;
  }
  record.quota = object.value("quota", record.quota);
  record.modified = parse_iso8601(object.value("modified", "")).value_or(Timestamp());
  record.access_tier = object.value("accessTier", "");
  record.access_tier_changed = parse_iso8601(object.value("accessTierChanged", ""));
  record.access_tier_before = object.value("accessTierBefore", "");
  record.metadata = object.value("metadata", Metadata());
  record.lease = lease_from_json(object.value("lease", json()));
  record.policies = policies_from_json(object.value("policies", json::array()));
  return record;
}

void write_share_record(const std::filesystem::path& file, const ShareRecord& record) {
  json object = {
      {"quota", record.quota}, {"modified", format_iso8601_ticks(record.modified)}, {"metadata", record.metadata}};
  if (!record.access_tier.empty()) {
    object["accessTier"] = record.access_tier;
  }
  if (record.access_tier_changed) {
    object["accessTierChanged"] = format_iso8601_ticks(*record.access_tier_changed);
    object["accessTierBefore"] = record.access_tier_before;
  }
  if (record.lease) {
    object["lease"] = lease_to_json(*record.lease);
  }
  if (!record.policies.empty()) {
    object["policies"] = policies_to_json(record.policies);
  }
  write_private_file(file, object.dump());
}

}  // namespace batchai::server::files
