#pragma once

#include "server/files/answer.hpp"
#include "server/files/call.hpp"
#include "server/files/node_state.hpp"
#include "server/files/tree.hpp"

namespace batchai::server::files {

/// A file of a share, open, with what is known of it at that moment.
struct OpenFile {
  Place place;
  Descriptor descriptor;
  Attributes attributes;
  NodeState state;
};

/// The file that the address names, for reading: 404 ResourceNotFound for anything else there.
OpenFile open_for_reading(const Call& call);
OpenFile open_for_reading(const Backend& backend, const Address& address);

/// The same for writing: 409 ResourceTypeMismatch for anything else there.
OpenFile open_for_writing(const Call& call);

/// The file that the address names, emptied or new. `attributes` replace those it had. Throws
/// AuthorizationPermissionMismatch for an existing file when the asker may only make new ones.
OpenFile open_for_creating(const Call& call);

/// ETag, Last-Modified, encryption and SMB headers of a file that has just been changed.
Response file_change_answer(const Call& call, int status, const OpenFile& file);

}  // namespace batchai::server::files
