#include "server/files/answer.hpp"
#include "server/files/listing.hpp"
#include "server/files/operations.hpp"
#include "server/files/request_values.hpp"

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

Response share_answer(int status, const ShareRecord& record) {
  Response response{.status = status};
  set_moment(response, record.etag(), format_http_date(record.modified));
  return response;
}

ShareRecord current(const Call& call) { return call.backend.shares.record(call.address.account, call.address.share); }

Response update(const Call& call, ShareRecord record) {
  return share_answer(200, call.backend.shares.update(call.address.account, call.address.share, std::move(record)));
}

}  // namespace

Response create_share(const Call& call) {
  ShareRecord record;
  read_quota(call.request.headers, record);
  record.metadata = read_metadata(call.request.headers);
  return share_answer(201, call.backend.shares.create(call.address.account, call.address.share, std::move(record)));
}

Response get_share(const Call& call) {
  const ShareRecord record = current(call);
  Response response = share_answer(200, record);
  response.headers.set("x-ms-share-quota", std::to_string(record.quota));
  response.headers.set("x-ms-has-immutability-policy", "false");
  response.headers.set("x-ms-has-legal-hold", "false");
  if (call.since(versions::kShareLeases)) {
    response.headers.set("x-ms-lease-status", "unlocked");
    response.headers.set("x-ms-lease-state", "available");
  }
  set_metadata(response, record.metadata);
  return response;
}

Response set_share_properties(const Call& call) {
  ShareRecord record = current(call);
  read_quota(call.request.headers, record);
  return update(call, std::move(record));
}

Response set_share_metadata(const Call& call) {
  ShareRecord record = current(call);
  record.metadata = read_metadata(call.request.headers);
  return update(call, std::move(record));
}

Response get_share_stats(const Call& call) {
  const std::uint64_t bytes = used_bytes(call.open_share().get());
  const ShareRecord record = current(call);
  constexpr std::uint64_t kGibibyte = 1ULL << 30U;
  const bool in_bytes = call.since(versions::kStatsInBytes);
  pugi::xml_document document;
  append_text(document.append_child("ShareStats"), in_bytes ? "ShareUsageBytes" : "ShareUsage",
              std::to_string(in_bytes ? bytes : (bytes + kGibibyte - 1) / kGibibyte));
  Response response = xml_answer(200, document);
  set_moment(response, record.etag(), format_http_date(record.modified));
  return response;
}

Response delete_share(const Call& call) {
  call.backend.shares.remove(call.address.account, call.address.share);
  return {.status = 202};
}

}  // namespace batchai::server::files::operations
