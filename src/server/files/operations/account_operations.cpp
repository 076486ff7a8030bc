#include "server/files/http/answer.hpp"
#include "server/files/http/listing.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/operations.hpp"

#include <algorithm>

namespace batchai::server::files::operations {
namespace {

/// A share, or one of its snapshots, in the order of the listing: snapshots first, oldest first, then the share.
struct ListedShare {
  std::string name;
  std::string snapshot;

  /// No time sorts after a tilde.
  std::string key() const { return name + " " + (snapshot.empty() ? "~" : snapshot); }
};

bool includes(const Call& call, const char* word) {
  const std::string include = "," + to_lower(call.query("include")) + ",";
  return include.find("," + std::string(word) + ",") != std::string::npos;
}

std::vector<ListedShare> find_shares(const Call& call) {
  const std::string prefix = call.query("prefix");
  const std::string start = read_marker(call);
  const bool snapshots = includes(call, "snapshots");
  std::vector<ListedShare> shares;
  for (const std::string& name : call.backend.shares.names(call.address.account)) {
    if (!name.starts_with(prefix)) {
      continue;
    }
    if (snapshots) {
      for (const std::string& time : call.backend.snapshots.times(call.address.account, name)) {
        shares.push_back({name, time});
      }
    }
    shares.push_back({name, {}});
  }
  std::erase_if(shares, [&](const ListedShare& share) { return share.key() < start; });
  return shares;
}

ShareRecord record_of(const Call& call, const ListedShare& share) {
  return share.snapshot.empty() ? call.backend.shares.record(call.address.account, share.name)
                                : call.backend.snapshots.record(call.address.account, share.name, share.snapshot);
}

void append_lease(pugi::xml_node properties, const std::optional<Lease>& lease, Timestamp now) {
  const LeaseState state = lease_state(lease, now);
  append_text(properties, "LeaseStatus", is_held(state) ? "locked" : "unlocked");
  append_text(properties, "LeaseState", lease_state_name(state));
  if (state == LeaseState::Leased) {
    append_text(properties, "LeaseDuration", lease->length ? "fixed" : "infinite");
  }
}

void append_access_tier(pugi::xml_node properties, const ShareRecord& record, Timestamp now) {
  append_text(properties, "AccessTier", record.tier());
  append_text(properties, "AccessTierChangeTime",
              format_http_date(record.access_tier_changed.value_or(record.modified)));
  if (const std::string transition = record.tier_transition(now); !transition.empty()) {
    append_text(properties, "AccessTierTransitionState", transition);
  }
}

void append_share(pugi::xml_node shares, const Call& call, const ListedShare& listed, const ShareRecord& record) {
  auto share = shares.append_child("Share");
  append_text(share, "Name", listed.name);
  if (!listed.snapshot.empty()) {
    append_text(share, "Snapshot", listed.snapshot);
  }
  auto properties = share.append_child("Properties");
  append_text(properties, "Last-Modified", format_http_date(record.modified));
  append_text(properties, "Etag", record.etag());
  if (call.since(versions::kShareLeases)) {
    append_lease(properties, record.lease, call.now());
  }
  append_text(properties, "Quota", std::to_string(record.quota));
  if (call.since(versions::kSoftDelete) && listed.snapshot.empty()) {
    append_access_tier(properties, record, call.now());
  }
  if (includes(call, "metadata") && !record.metadata.empty()) {
    auto metadata = share.append_child("Metadata");
    for (const auto& [key, value] : record.metadata) {
      append_text(metadata, key.c_str(), value);
    }
  }
}

}  // namespace

Response list_shares(const Call& call) {
  const std::size_t limit = read_max_results(call);
  const std::vector<ListedShare> found = find_shares(call);
  pugi::xml_document document;
  auto root = begin_listing(document, call);
  echo_list_parameters(root, call);
  auto shares = root.append_child("Shares");
  for (std::size_t i = 0; i < std::min(limit, found.size()); ++i) {
    try {
      append_share(shares, call, found[i], record_of(call, found[i]));
    } catch (const StorageError&) {
      // Deleted since its name was read.
      continue;
    }
  }
  append_text(root, "NextMarker", found.size() > limit ? write_marker(found[limit].key()) : "");
  return xml_answer(200, document);
}

Response get_service_properties(const Call& call) {
  Response response;
  response.headers.set("Content-Type", "application/xml");
  response.body = call.backend.settings.get(call.address.account, call.since(versions::kShareLeases));
  return response;
}

Response set_service_properties(const Call& call) {
  call.backend.settings.set(call.address.account, call.request.body);
  return {.status = 202};
}

}  // namespace batchai::server::files::operations
