#include "server/files/http/answer.hpp"
#include "server/files/http/listing.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/operations.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace batchai::server::files::operations {
namespace {

constexpr std::uint64_t kLargestQuota = 102400;

void read_quota(const Headers& headers, ShareRecord& record) {
  if (!headers.contains("x-ms-share-quota")) {
    return;
  }
  const std::uint64_t quota = require_number(headers, "x-ms-share-quota");
  if (quota < 1 || quota > kLargestQuota) {
    throw invalid_header("x-ms-share-quota", std::to_string(quota));
  }
  record.quota = static_cast<std::int64_t>(quota);
}

/// Kept and reported only: all of a share lies on the same disk.
void read_access_tier(const Headers& headers, ShareRecord& record, Timestamp now) {
  constexpr std::array<const char*, 4> kTiers = {"TransactionOptimized", "Hot", "Cool", "Premium"};
  const std::string text = headers.get("x-ms-access-tier");
  if (text.empty()) {
    return;
  }
  const auto* tier =
      std::find_if(kTiers.begin(), kTiers.end(), [&](const char* known) { return iequals(known, text); });
  if (tier == kTiers.end()) {
    throw invalid_header("x-ms-access-tier", text);
  }
  if (record.tier() != *tier) {
    record.access_tier_before = record.tier();
    record.access_tier_changed = now;
  }
  record.access_tier = *tier;
}

void set_access_tier(Response& response, const ShareRecord& record, Timestamp now) {
  response.headers.set("x-ms-access-tier", record.tier());
  response.headers.set("x-ms-access-tier-change-time",
                       format_http_date(record.access_tier_changed.value_or(record.modified)));
  if (const std::string transition = record.tier_transition(now); !transition.empty()) {
    response.headers.set("x-ms-access-tier-transition-state", transition);
  }
}

Response share_answer(int status, const ShareRecord& record) {
  Response response{.status = status};
  set_moment(response, record.etag(), format_http_date(record.modified));
  return response;
}

/// A lease id is required where a change needs it; one that is given always has to be right.
enum class LeaseNeed { None, WhereLeased };

Response update(const Call& call, LeaseNeed need, const std::function<void(ShareRecord&)>& edit) {
  const std::string id = call.header("x-ms-lease-id");
  const auto guarded = [&](ShareRecord& record) {
    const auto check = need == LeaseNeed::WhereLeased ? require_lease : require_right_lease;
    check(record.lease, id, LeaseKind::Share, call.now());
    edit(record);
  };
  return share_answer(200, call.backend.shares.update(call.address.account, call.address.share, guarded));
}

ShareRecord readable_record(const Call& call) {
  ShareRecord record = call.share_record();
  require_right_lease(record.lease, call.header("x-ms-lease-id"), LeaseKind::Share, call.now());
  return record;
}

}  // namespace

void read_share_settings(const Headers& headers, ShareRecord& record, Timestamp now) {
  read_quota(headers, record);
  read_access_tier(headers, record, now);
}

Response create_share(const Call& call) {
  if (const std::string protocols = call.header("x-ms-enabled-protocols");
      !protocols.empty() && !iequals(protocols, "SMB")) {
    throw invalid_header("x-ms-enabled-protocols", protocols);
  }
  ShareRecord record;
  read_share_settings(call.request.headers, record, call.now());
  record.access_tier_changed = call.now();
  record.access_tier_before.clear();
  record.metadata = read_metadata(call.request.headers);
  return share_answer(201, call.backend.shares.create(call.address.account, call.address.share, std::move(record)));
}

Response get_share(const Call& call) {
  const ShareRecord record = readable_record(call);
  Response response = share_answer(200, record);
  response.headers.set("x-ms-share-quota", std::to_string(record.quota));
  response.headers.set("x-ms-has-immutability-policy", "false");
  response.headers.set("x-ms-has-legal-hold", "false");
  if (call.since(versions::kSoftDelete) && call.snapshot.empty()) {
    set_access_tier(response, record, call.now());
  }
  if (call.since(versions::kShareLeases)) {
    response.headers.set("x-ms-enabled-protocols", "SMB");
    set_lease_headers(response, record.lease, call.now());
  }
  set_metadata(response, record.metadata);
  return response;
}

Response set_share_properties(const Call& call) {
  return update(call, LeaseNeed::WhereLeased,
                [&](ShareRecord& record) { read_share_settings(call.request.headers, record, call.now()); });
}

Response set_share_metadata(const Call& call) {
  return update(call, LeaseNeed::None,
                [&](ShareRecord& record) { record.metadata = read_metadata(call.request.headers); });
}

Response get_share_stats(const Call& call) {
  const ShareRecord record = readable_record(call);
  const std::uint64_t bytes = used_bytes(call.open_share().get());
  constexpr std::uint64_t kGibibyte = 1ULL << 30U;
  const bool in_bytes = call.since(versions::kStatsInBytes);
  pugi::xml_document document;
  append_text(document.append_child("ShareStats"), in_bytes ? "ShareUsageBytes" : "ShareUsage",
              std::to_string(in_bytes ? bytes : (bytes + kGibibyte - 1) / kGibibyte));
  Response response = xml_answer(200, document);
  set_moment(response, record.etag(), format_http_date(record.modified));
  return response;
}

Response get_share_acl(const Call& call) {
  const ShareRecord record = readable_record(call);
  Response response = share_answer(200, record);
  response.headers.set("Content-Type", "application/xml");
  response.body = policies_xml(record.policies);
  return response;
}

Response set_share_acl(const Call& call) {
  auto policies = parse_policies(call.request.body);
  return update(call, LeaseNeed::None, [&](ShareRecord& record) { record.policies = std::move(policies); });
}

Response lease_share(const Call& call) {
  const LeaseRequest request = read_lease_request(call.request.headers, LeaseKind::Share);
  LeaseOutcome outcome;
  const auto edit = [&](ShareRecord& record) {
    outcome = apply_lease(record.lease, request, call.now());
    record.lease = outcome.lease;
  };
  const std::string& account = call.address.account;
  const std::string& share = call.address.share;
  const ShareRecord record = call.snapshot.empty()
                                 ? call.backend.shares.update(account, share, edit, Shares::Visibility::Unseen)
                                 : call.backend.snapshots.update(account, share, call.snapshot, edit);
  if (request.action == LeaseAction::Release) {
    outcome.break_time = std::chrono::seconds(0);  // the service returns it for shares, not for files
  }
  return lease_answer(outcome, record.etag(), format_http_date(record.modified));
}

}  // namespace batchai::server::files::operations
