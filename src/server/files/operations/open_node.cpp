#include "server/files/operations/open_node.hpp"

#include "server/files/http/request_values.hpp"

#include <cerrno>

#include <fcntl.h>

namespace batchai::server::files {
namespace {

constexpr mode_t kFileMode = 0666;
constexpr unsigned kGibibyteShift = 30;

void take_state(const Backend& backend, OpenFile& file, const NodeState& state) {
  file.attributes = drop_void_hash(backend.attributes.load(file.descriptor.get()), state);
  file.state = seen_state(NodeKind::File, state, file.attributes);
}

/// A new file; nothing when it has been made by another request or a job in between.
Descriptor make_file(const TreeEntry& entry) {
  Descriptor file(
      openat(entry.parent.get(), entry.name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (!file.is_open() && errno != EEXIST) {
    throw from_errno(errno);
  }
  return file;
}

/// Throws what forbids a change: a lease, a condition, an attribute.
void require_changeable(const Call& call, const OpenFile& file, Part part) {
  require_lease(file.attributes.lease, call.header("x-ms-lease-id"), LeaseKind::File, call.now());
  require_conditions(call.request.headers, &file.state);
  if (part == Part::Content && is_read_only(file.attributes)) {
    throw StorageError("ReadOnlyAttribute");
  }
}

OpenFile open_existing(const Call& call, TreeEntry entry, Part part) {
  if (entry.kind && *entry.kind != NodeKind::File) {
    throw StorageError("ResourceTypeMismatch");
  }
  OpenFile file = open_at(call.backend, std::move(entry), O_RDWR);
  require_changeable(call, file, part);
  return file;
}

std::uint64_t growth_of(const TreeEntry& entry, std::uint64_t length) {
  const auto before = entry.kind ? read_state_at(entry.parent.get(), entry.name) : std::nullopt;
  const std::uint64_t size = before ? before->size : 0;
  return length > size ? length - size : 0;
}

}  // namespace

void refresh(const Backend& backend, OpenFile& file) { take_state(backend, file, read_state(file.descriptor.get())); }

OpenFile open_at(const Backend& backend, TreeEntry entry, int access) {
  Descriptor descriptor = open_file(entry, access);
  OpenFile file{std::move(entry), std::move(descriptor), {}, {}};
  refresh(backend, file);
  return file;
}

OpenFile open_for_reading(const Call& call) {
  const Descriptor share = call.open_share();
  OpenFile file = open_at(call.backend, locate(share.get(), call.address.path), O_RDONLY);
  require_right_lease(file.attributes.lease, call.header("x-ms-lease-id"), LeaseKind::File, call.now());
  return file;
}

OpenFile open_for_writing(const Call& call, Part part) {
  const Descriptor share = call.open_share();
  return open_existing(call, locate(share.get(), call.address.path), part);
}

OpenFile open_for_creating(const Call& call, std::uint64_t length, Part part) {
  require_path(call.address.path);
  const Descriptor share = call.open_share();
  TreeEntry entry = locate(share.get(), call.address.path);
  if (!entry.kind || *entry.kind == NodeKind::File) {
    reserve(call, share.get(), growth_of(entry, length));
  }
  if (!entry.kind) {
    require_conditions(call.request.headers, nullptr);
    if (Descriptor made = make_file(entry); made.is_open()) {
      const NodeState state = read_state(made.get());
      return {std::move(entry), std::move(made), {}, state};
    }
    entry = locate(share.get(), call.address.path);
  }
  if (!call.principal.may_overwrite()) {
    throw StorageError("AuthorizationPermissionMismatch");
  }
  return open_existing(call, std::move(entry), part);
}

FileChange begin_change(const Call& call, OpenFile& file, Part part) {
  FileChange change(file.descriptor.get(), file.state.id);
  take_state(call.backend, file, change.before());
  if (file.entry.kind) {
    require_changeable(call, file, part);
  }
  return change;
}

void reserve(const Call& call, int share, std::uint64_t growth) {
  if (growth == 0) {
    return;
  }
  const Address& address = call.address;
  const ShareRecord record = call.backend.shares.record(address.account, address.share, share);
  const std::uint64_t quota = static_cast<std::uint64_t>(record.quota) << kGibibyteShift;
  call.backend.usage.grow(address.account + "/" + address.share, share, quota, growth);
}

void save_change(const Call& call, OpenFile& file, FileChange& change) {
  file.attributes.md5_valid_for = change.moment();
  change.apply_write_time();  // first, so that a stored hash always belongs to the content, whenever the service dies
  call.backend.attributes.save(file.descriptor.get(), file.attributes);
  file.state = seen_state(NodeKind::File, change.finish(), file.attributes);
}

void save_quietly(const Call& call, OpenFile& file) {
  file.attributes.modified = file.state.modified;
  file.attributes.written = file.state.written;
  file.attributes.changed = file.state.changed;
  file.attributes.smb_times_valid_for = read_state(file.descriptor.get()).written;
  file.attributes.md5_valid_for = file.attributes.smb_times_valid_for;
  call.backend.attributes.save(file.descriptor.get(), file.attributes);
}

Response file_change_answer(const Call& call, int status, const OpenFile& file) {
  Response response{.status = status};
  set_moment(response, file.state.etag(), file.state.last_modified());
  response.headers.set("x-ms-request-server-encrypted", "true");
  set_smb_headers(response, call, NodeKind::File, file.state, file.attributes, parent_id(file.entry));
  return response;
}

}  // namespace batchai::server::files
