#include "server/files/share_record.hpp"

#include "core/private_file.hpp"
#include "server/files/node_state.hpp"

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

ShareRecord read_share_record(const std::filesystem::path& file) {
  ShareRecord record;
  const json object = json::parse(read_private_file(file).value_or(""), nullptr, false);
  if (!object.is_object()) {
    return record;
  }
  record.quota = object.value("quota", record.quota);
  record.modified = parse_iso8601(object.value("modified", "")).value_or(Timestamp());
  record.access_tier = object.value("accessTier", "");
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
  if (record.lease) {
    object["lease"] = lease_to_json(*record.lease);
  }
  if (!record.policies.empty()) {
    object["policies"] = policies_to_json(record.policies);
  }
  write_private_file(file, object.dump());
}

}  // namespace batchai::server::files
