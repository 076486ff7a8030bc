#include "server/files/disk/written_extents.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/open_node.hpp"
#include "server/files/operations/operations.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::server::files::operations {
namespace {

constexpr std::uint64_t kLargestFile = 4ULL << 40U;

std::uint64_t read_length(const Headers& headers) {
  const std::uint64_t length = require_number(headers, "x-ms-content-length");
  if (length > kLargestFile) {
    throw StorageError("OutOfRangeInput").with_detail("HeaderName", "x-ms-content-length");
  }
  return length;
}

void resize(int descriptor, std::uint64_t length) {
  if (ftruncate(descriptor, static_cast<off_t>(length)) != 0) {
    throw from_errno(errno);
  }
}

/// Throws if the file must not be deleted; removes what is stored about it elsewhere.
void require_deletable(const Call& call, const TreeEntry& entry) {
  const Descriptor file = open_file(entry, O_RDONLY);
  const Attributes attributes = call.backend.attributes.load(file.get());
  require_lease(attributes.lease, call.header("x-ms-lease-id"), LeaseKind::File, call.now());
  const NodeState state = seen_state(NodeKind::File, read_state(file.get()), attributes);
  require_conditions(call.request.headers, &state);
  if (is_read_only(attributes)) {
    throw StorageError("ReadOnlyAttribute");
  }
  call.backend.attributes.erase(file.get());
}

}  // namespace

Response create_file(const Call& call) {
  const Headers& headers = call.request.headers;
  if (headers.contains("x-ms-copy-source")) {
    return copy_file(call);
  }
  if (!iequals(headers.get("x-ms-type"), "file")) {
    throw headers.contains("x-ms-type") ? invalid_header("x-ms-type", headers.get("x-ms-type"))
                                        : StorageError("MissingRequiredHeader").with_detail("HeaderName", "x-ms-type");
  }
  const std::uint64_t length = read_length(headers);
  Attributes attributes;
  attributes.metadata = read_metadata(headers);
  read_content_headers(headers, attributes);
  if (attributes.content_type->empty()) {
    attributes.content_type.reset();
  }
  SmbChanges changes = read_smb_changes(call, NodeKind::File);
  changes.attributes = with_archive(changes.attributes.value_or(""));
  OpenFile file = open_for_creating(call, length);
  FileChange change = begin_change(call, file);
  if (file.state.size > 0) {
    resize(file.descriptor.get(), 0);
  }
  if (length > 0) {
    resize(file.descriptor.get(), length);
  }
  attributes.lease = file.attributes.lease;
  set_new_smb(attributes, changes, change.moment(), file.entry.kind.has_value());
  file.attributes = std::move(attributes);
  save_change(call, file, change);
  return file_change_answer(call, 201, file);
}

Response set_file_properties(const Call& call) {
  const Headers& headers = call.request.headers;
  const SmbChanges changes = read_smb_changes(call, NodeKind::File);
  const bool resizes = headers.contains("x-ms-content-length");
  const std::uint64_t length = resizes ? read_length(headers) : 0;
  const Part part = resizes ? Part::Content : Part::Properties;
  OpenFile file = open_for_writing(call, part);
  if (resizes) {
    reserve(call, call.open_share().get(), length > file.state.size ? length - file.state.size : 0);
  }
  FileChange change = begin_change(call, file, part);
  read_content_headers(headers, file.attributes);
  change_smb(file.attributes, changes, file.state, change.moment());
  if (resizes) {
    note_resize(file.attributes.voids, file.state.size, length);
    resize(file.descriptor.get(), length);
    file.attributes.written = changes.written.at;
  }
  save_change(call, file, change);
  return file_change_answer(call, 200, file);
}

Response set_file_metadata(const Call& call) {
  Metadata metadata = read_metadata(call.request.headers);
  OpenFile file = open_for_writing(call, Part::Properties);
  FileChange change = begin_change(call, file, Part::Properties);
  file.attributes.metadata = std::move(metadata);
  keep_write_time(file.attributes, file.state, change.moment());
  save_change(call, file, change);
  return file_change_answer(call, 200, file);
}

Response delete_file(const Call& call) {
  const Descriptor share = call.open_share();
  TreeEntry entry = locate(share.get(), call.address.path);
  if (!entry.kind) {
    throw StorageError("ResourceNotFound");
  }
  if (*entry.kind == NodeKind::Directory) {
    throw StorageError("ResourceTypeMismatch");
  }
  // A link or a pipe is not opened, but may be removed.
  if (*entry.kind == NodeKind::File) {
    require_deletable(call, entry);
  }
  if (unlinkat(entry.parent.get(), entry.name.c_str(), 0) != 0) {
    throw from_errno(errno);
  }
  return {.status = 202};
}

Response lease_file(const Call& call) {
  const LeaseRequest request = read_lease_request(call.request.headers, LeaseKind::File);
  const Descriptor share = call.open_share();
  OpenFile file = open_at(call.backend, locate(share.get(), call.address.path), O_RDONLY);
  const FileChange one_at_a_time(file.descriptor.get());
  refresh(call.backend, file);
  LeaseOutcome outcome = apply_lease(file.attributes.lease, request, call.now());
  file.attributes.lease = std::move(outcome.lease);
  save_quietly(call, file);
  return lease_answer(outcome, file.state.etag(), file.state.last_modified());
}

}  // namespace batchai::server::files::operations
