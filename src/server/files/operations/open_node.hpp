#pragma once

#include "server/files/disk/node_state.hpp"
#include "server/files/disk/tree.hpp"
#include "server/files/http/answer.hpp"
#include "server/files/http/call.hpp"

namespace batchai::server::files {

/// A file of a share, open, with its attributes and state at that moment.
struct OpenFile {
  /// `entry.kind` is nothing for a file that has just been made.
  TreeEntry entry;
  Descriptor descriptor;
  Attributes attributes;
  /// As clients see it.
  NodeState state;
};

/// The part that is changed: files with the attribute ReadOnly keep their content.
enum class Part { Content, Properties };

/// Reads attributes and state again.
void refresh(const Backend& backend, OpenFile& file);

/// The file at `entry`. Throws ResourceNotFound for anything else.
OpenFile open_at(const Backend& backend, TreeEntry entry, int access);

/// The file that the address names, for reading: 404 ResourceNotFound for anything else there. Throws 412 for a wrong
/// x-ms-lease-id.
OpenFile open_for_reading(const Call& call);

/// The same for writing: 409 ResourceTypeMismatch for anything else there. Throws 412 unless the lease and the
/// conditions of the request allow it, ReadOnlyAttribute.
OpenFile open_for_writing(const Call& call, Part part = Part::Content);

/// The file that the address names, existing or new, where `length` bytes are to go. `part` as for open_for_writing.
/// Throws as open_for_writing,
/// ShareSizeLimitReached, and AuthorizationPermissionMismatch for an existing file when the caller may only make new
/// ones.
OpenFile open_for_creating(const Call& call, std::uint64_t length, Part part = Part::Content);

/// Begins a change of a file that has been opened for writing: from here on no other request changes it, its attributes
/// and state are read again, and what could forbid the change is checked again. Throws as open_for_writing.
FileChange begin_change(const Call& call, OpenFile& file, Part part = Part::Content);

/// Throws ShareSizeLimitReached when the share, whose folder is open as `share`, has no room for `growth` more bytes.
void reserve(const Call& call, int share, std::uint64_t growth);

/// Stores the attributes, which have to be those for `change.moment()`, and ends the change.
void save_change(const Call& call, OpenFile& file, FileChange& change);

/// Stores attributes that clients do not see as a change: neither ETag nor times change.
void save_quietly(const Call& call, OpenFile& file);

/// ETag, Last-Modified, encryption and SMB headers of a file that has just been changed.
Response file_change_answer(const Call& call, int status, const OpenFile& file);

}  // namespace batchai::server::files
