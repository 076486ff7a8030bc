#include "server/files/http/rename_target.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/open_directory.hpp"
#include "server/files/operations/open_node.hpp"
#include "server/files/operations/operations.hpp"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::server::files::operations {
namespace {

/// The two ends of a rename, both in the same share.
struct Ends {
  Descriptor share;
  TreeEntry source;
  TreeEntry target;
  /// The target's name as asked for: it may differ from the source's in case only.
  std::string name;
};

Address source_of(const Call& call) {
  Address source = rename_source(call.request);
  strip_trailing_dots(source, call.header("x-ms-source-allow-trailing-dot"));
  if (source.account != call.address.account || source.share != call.address.share || source.path.empty()) {
    throw invalid_header("x-ms-file-rename-source", "");
  }
  return source;
}

bool is_same(const TreeEntry& a, const TreeEntry& b) {
  const auto state_a = read_state_at(a.parent.get(), a.name);
  const auto state_b = read_state_at(b.parent.get(), b.name);
  return state_a && state_b && state_a->id == state_b->id;
}

Ends find_ends(const Call& call, NodeKind kind) {
  require_path(call.address.path);
  Ends ends;
  ends.share = call.open_share();
  ends.source = locate(ends.share.get(), source_of(call).path);
  if (!ends.source.kind) {
    throw StorageError("ResourceNotFound");
  }
  if (*ends.source.kind != kind) {
    throw StorageError("ResourceTypeMismatch");
  }
  ends.target = locate(ends.share.get(), call.address.path);
  ends.name = ends.target.kind ? ends.target.name : call.address.path.back();
  if (ends.target.kind && is_same(ends.source, ends.target)) {
    ends.target.kind.reset();
    ends.name = call.address.path.back();
  }
  return ends;
}

/// A file that is in the way is replaced if the request says so, and if its lease and its attributes allow it.
void check_target(const Call& call, const Ends& ends) {
  if (!ends.target.kind) {
    return;
  }
  if (*ends.target.kind != NodeKind::File || !call.asks_for("x-ms-file-rename-replace-if-exists")) {
    throw StorageError("ResourceAlreadyExists");
  }
  const Descriptor file = open_file(ends.target, O_RDONLY);
  const Attributes attributes = call.backend.attributes.load(file.get());
  require_lease(attributes.lease, call.header("x-ms-destination-lease-id"), LeaseKind::File, call.now());
  if (is_read_only(attributes) && !call.asks_for("x-ms-file-rename-ignore-readonly")) {
    throw StorageError("ReadOnlyAttribute");
  }
  call.backend.attributes.erase(file.get());
}

void move(const Ends& ends) {
  // The system replaces files by files only: a directory is swapped with the file, which is then removed.
  const bool exchanges = ends.target.kind && ends.source.kind == NodeKind::Directory;
  const unsigned flags = exchanges ? RENAME_EXCHANGE : ends.target.kind ? 0 : RENAME_NOREPLACE;
  const bool same_name = ends.source.name == ends.name && is_same(ends.source, ends.target);
  if (same_name || renameat2(ends.source.parent.get(), ends.source.name.c_str(), ends.target.parent.get(),
                             ends.name.c_str(), flags) == 0) {
    if (exchanges) {
      unlinkat(ends.source.parent.get(), ends.source.name.c_str(), 0);
    }
    return;
  }
  // A directory into itself.
  throw errno == EINVAL ? StorageError("InvalidInput") : from_errno(errno);
}

void take_over_headers(const Call& call, Attributes& attributes) {
  if (Metadata metadata = read_metadata(call.request.headers); !metadata.empty()) {
    attributes.metadata = std::move(metadata);
  }
  if (std::string type = content_header(call.request.headers, "x-ms-content-type"); !type.empty()) {
    attributes.content_type = std::move(type);
  }
}

}  // namespace

Response rename_file(const Call& call) {
  const SmbChanges changes = read_smb_changes(call, NodeKind::File);
  Ends ends = find_ends(call, NodeKind::File);
  OpenFile file = open_at(call.backend, std::move(ends.source), O_RDWR);
  require_lease(file.attributes.lease, call.header("x-ms-source-lease-id"), LeaseKind::File, call.now());
  check_target(call, ends);
  take_over_headers(call, file.attributes);
  FileChange change(file.descriptor.get());
  ends.source = std::move(file.entry);
  move(ends);
  change_smb(file.attributes, changes, file.state, change.moment());
  file.entry = std::move(ends.target);
  save_change(call, file, change);
  return file_change_answer(call, 200, file);
}

Response rename_directory(const Call& call) {
  const SmbChanges changes = read_smb_changes(call, NodeKind::Directory);
  const Ends ends = find_ends(call, NodeKind::Directory);
  check_target(call, ends);
  OpenDirectory directory = open_directory_place(call.backend, ends.source);
  take_over_headers(call, directory.attributes);
  move(ends);
  directory.parent = parent_id(ends.target);
  save_change(call, directory, changes);
  return directory_change_answer(call, 200, directory);
}

}  // namespace batchai::server::files::operations
