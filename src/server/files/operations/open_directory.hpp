#pragma once

#include "server/files/http/answer.hpp"
#include "server/files/http/call.hpp"

namespace batchai::server::files {

/// An existing directory, open, with its attributes and state.
struct OpenDirectory {
  Descriptor descriptor;
  Attributes attributes;
  /// As clients see it.
  NodeState state;
  /// For x-ms-file-parent-id.
  std::string parent = "0";
};

/// The directory that the address names, the share's root for a share. Throws ResourceNotFound.
OpenDirectory open_addressed_directory(const Call& call);
/// The directory at `entry`. Throws ResourceNotFound.
OpenDirectory open_directory_place(const Backend& backend, const TreeEntry& entry);

/// Stores the attributes of a directory that is new, or changed by `changes`, with a later time than it ever had.
void save_new(const Call& call, OpenDirectory& directory, const SmbChanges& changes);
void save_change(const Call& call, OpenDirectory& directory, const SmbChanges& changes);

/// ETag, Last-Modified, encryption and SMB headers of a directory that has just been changed.
Response directory_change_answer(const Call& call, int status, const OpenDirectory& directory);

}  // namespace batchai::server::files
