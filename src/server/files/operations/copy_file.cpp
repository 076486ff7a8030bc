#include "core/random.hpp"
#include "server/files/disk/copy_data.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/copy_source.hpp"
#include "server/files/operations/operations.hpp"

#include <cerrno>

#include <fcntl.h>

namespace batchai::server::files::operations {
namespace {

constexpr mode_t kFileMode = 0666;

/// A copy without a name, so that nobody sees an incomplete one. Not open where the file system has no such files.
Descriptor copy_unnamed(const OpenFile& source, const TreeEntry& entry) {
  Descriptor copy(openat(entry.parent.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, kFileMode));
  if (!copy.is_open()) {
    if (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT) {
      return copy;
    }
    throw from_errno(errno);
  }
  if (!copy_data(source.descriptor.get(), copy.get(), source.state.size)) {
    throw unreadable_source(StorageError("InvalidRange"));  // it has been cut meanwhile
  }
  return copy;
}

/// Gives `copy` its name, where there may be a file already.
void name_copy(const Descriptor& copy, const TreeEntry& entry) {
  const std::string origin = "/proc/self/fd/" + std::to_string(copy.get());
  const std::string hidden = ".copy-" + random_guid();
  if (linkat(AT_FDCWD, origin.c_str(), entry.parent.get(), hidden.c_str(), AT_SYMLINK_FOLLOW) != 0) {
    throw from_errno(errno);
  }
  if (renameat(entry.parent.get(), hidden.c_str(), entry.parent.get(), entry.name.c_str()) != 0) {
    const int error = errno;
    unlinkat(entry.parent.get(), hidden.c_str(), 0);
    throw from_errno(error);
  }
}

/// The content of `source` under the target's name. Attributes and moment are still to be set.
void fill_target(const Call& call, const OpenFile& source, OpenFile& target) {
  if (source.state.id == target.state.id) {
    return;
  }
  if (Descriptor copy = copy_unnamed(source, target.entry); copy.is_open()) {
    call.backend.attributes.erase(target.descriptor.get());
    name_copy(copy, target.entry);
    target.descriptor = std::move(copy);
    return;
  }
  if (ftruncate(target.descriptor.get(), 0) != 0) {
    throw from_errno(errno);
  }
  if (!copy_data(source.descriptor.get(), target.descriptor.get(), source.state.size)) {
    throw unreadable_source(StorageError("InvalidRange"));  // it has been cut meanwhile
  }
}

/// What the copy takes from the source, and what the request sets instead.
Attributes copied_attributes(const Call& call, const CopySource& source, const OpenFile& target) {
  Attributes attributes = source.file.attributes;
  attributes.copy_id = random_guid();
  attributes.copy_source = source.url;
  const std::string size = std::to_string(source.file.state.size);
  attributes.copy_progress = size + "/" + size;
  attributes.copied = call.now();
  attributes.lease = target.attributes.lease;
  attributes.modified.reset();
  attributes.changed.reset();
  if (Metadata metadata = read_metadata(call.request.headers); !metadata.empty()) {
    attributes.metadata = std::move(metadata);
  }
  return attributes;
}

bool is_source_word(const Call& call, const char* header) { return iequals(call.header(header), "source"); }

/// `source` in an SMB header of a copy means the value of the source.
SmbChanges copy_wishes(const Call& call, const CopySource& source) {
  Request plain;
  for (const auto& [name, value] : call.request.headers) {
    if (!iequals(value, "source")) {
      plain.headers.add(name, value);
    }
  }
  const Call without_words{.request = plain,
                           .backend = call.backend,
                           .address = call.address,
                           .version = call.version,
                           .principal = call.principal};
  SmbChanges changes = read_smb_changes(without_words, NodeKind::File);
  if (is_source_word(call, "x-ms-file-attributes")) {
    changes.attributes = source.file.attributes.smb_attributes;
  }
  if (call.asks_for("x-ms-file-copy-set-archive")) {
    changes.attributes = with_archive(changes.attributes.value_or(""));
  }
  if (is_source_word(call, "x-ms-file-creation-time")) {
    changes.created.at = source.file.state.created;
  }
  if (is_source_word(call, "x-ms-file-last-write-time")) {
    changes.written.at = source.file.state.written;
  }
  if (is_source_word(call, "x-ms-file-change-time")) {
    changes.changed.at = source.file.state.changed;
  }
  if (changes.permission_key.empty()) {
    changes.permission_key = source.file.attributes.permission_key;
  }
  return changes;
}

}  // namespace

Response copy_file(const Call& call) {
  const CopySource source = open_copy_source(call);
  const SmbChanges changes = copy_wishes(call, source);
  read_metadata(call.request.headers);
  const Part part = call.asks_for("x-ms-file-copy-ignore-readonly") ? Part::Properties : Part::Content;
  OpenFile target = open_for_creating(call, source.file.state.size, part);
  const bool existed = target.entry.kind.has_value();
  try {
    fill_target(call, source.file, target);
  } catch (...) {
    if (!existed) {
      unlinkat(target.entry.parent.get(), target.entry.name.c_str(), 0);
    }
    throw;
  }
  FileChange change(target.descriptor.get());
  target.attributes = copied_attributes(call, source, target);
  set_new_smb(target.attributes, changes, change.moment(), existed);
  save_change(call, target, change);
  Response response{.status = 202};
  set_moment(response, target.state.etag(), target.state.last_modified());
  response.headers.set("x-ms-copy-id", target.attributes.copy_id);
  response.headers.set("x-ms-copy-status", "success");
  return response;
}

Response abort_copy(const Call& call) {
  open_for_reading(call);
  throw StorageError("NoPendingCopyOperation");
}

}  // namespace batchai::server::files::operations
