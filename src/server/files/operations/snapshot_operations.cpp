#include "server/files/http/answer.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/operations.hpp"

namespace batchai::server::files::operations {
namespace {

/// Throws if the snapshots of a share must not be removed with it.
void require_removable_snapshots(const Call& call) {
  const std::string text = call.header("x-ms-delete-snapshots");
  const bool leased_too = iequals(text, "include-leased");
  if (!text.empty() && !iequals(text, "include") && !leased_too) {
    throw invalid_header("x-ms-delete-snapshots", text);
  }
  const auto times = call.backend.snapshots.times(call.address.account, call.address.share);
  if (text.empty() && !times.empty()) {
    throw StorageError("ShareHasSnapshots");
  }
  for (const std::string& time : times) {
    const auto lease = call.backend.snapshots.record(call.address.account, call.address.share, time).lease;
    if (!leased_too && is_held(lease_state(lease, call.now()))) {
      throw StorageError("LeaseIdMissing").with_detail("Snapshot", time);
    }
  }
}

}  // namespace

Response snapshot_share(const Call& call) {
  const std::string& account = call.address.account;
  const std::string& share = call.address.share;
  ShareRecord record = call.share_record();
  if (Metadata metadata = read_metadata(call.request.headers); !metadata.empty()) {
    record.metadata = std::move(metadata);
  }
  Response response{.status = 201};
  set_moment(response, record.etag(), format_http_date(record.modified));
  response.headers.set("x-ms-snapshot", call.backend.snapshots.create(account, share, std::move(record), call.now()));
  return response;
}

Response delete_share(const Call& call) {
  const std::string& account = call.address.account;
  const std::string& share = call.address.share;
  if (!call.snapshot.empty()) {
    require_lease(call.share_record().lease, call.header("x-ms-lease-id"), LeaseKind::Share, call.now());
    call.backend.snapshots.remove(account, share, call.snapshot);
    return {.status = 202};
  }
  call.backend.shares.remove(account, share, [&](const ShareRecord& record) {
    require_lease(record.lease, call.header("x-ms-lease-id"), LeaseKind::Share, call.now());
    require_removable_snapshots(call);
    call.backend.snapshots.remove_all(account, share);
  });
  return {.status = 202};
}

Response undelete_share(const Call& call) {
  for (const char* name : {"x-ms-deleted-share-name", "x-ms-deleted-share-version"}) {
    if (call.header(name).empty()) {
      throw StorageError("MissingRequiredHeader").with_detail("HeaderName", name);
    }
  }
  throw StorageError("ShareNotFound").with_detail("Reason", "This service does not keep deleted shares.");
}

}  // namespace batchai::server::files::operations
