#include "server/files/answer.hpp"
#include "server/files/operations.hpp"
#include "server/files/request_values.hpp"

namespace batchai::server::files::operations {
namespace {

/// Whether the snapshots of a share go with it. Throws InvalidHeaderValue.
bool takes_snapshots(const Call& call) {
  const std::string text = call.header("x-ms-delete-snapshots");
  if (!text.empty() && !iequals(text, "include") && !iequals(text, "include-leased")) {
    throw invalid_header("x-ms-delete-snapshots", text);
  }
  return !text.empty();
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
  const bool with_snapshots = takes_snapshots(call);
  if (!call.snapshot.empty()) {
    call.backend.snapshots.remove(account, share, call.snapshot);
    return {.status = 202};
  }
  call.backend.shares.remove(account, share, [&](const ShareRecord& record) {
    require_lease(record.lease, call.header("x-ms-lease-id"), LeaseKind::Share, call.now());
    if (!with_snapshots && !call.backend.snapshots.times(account, share).empty()) {
      throw StorageError("ShareHasSnapshots");
    }
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
