#pragma once

#include "server/files/disk/attributes.hpp"
#include "server/files/disk/node_state.hpp"
#include "server/files/disk/tree.hpp"
#include "server/files/http/call.hpp"

#include <optional>
#include <string>

/// The x-ms-file- headers: what SMB stores of files and directories.
namespace batchai::server::files {

/// A time that a request changes for. Neither: as it is (`preserve`, or no header).
struct TimeChange {
  bool now = false;
  std::optional<Timestamp> at = {};

  std::optional<Timestamp> resolve(Timestamp moment) const { return now ? std::optional(moment) : at; }
};

struct SmbChanges {
  /// As the service writes them, `None` for none, empty for the usual ones; nothing: as they are.
  std::optional<std::string> attributes = {};
  TimeChange created = {};
  TimeChange written = {};
  TimeChange changed = {};
  /// Empty: as it is.
  std::string permission_key = {};
};

/// Reads them; a permission in full is kept for the share, so that its key can be asked for. Throws InvalidHeaderValue,
/// FileInvalidPermission or FileInvalidPermissionKey.
SmbChanges read_smb_changes(const Call& call, NodeKind kind);

/// Of something new: `changes` or what is usual. `existed`: the file replaces another one.
void set_new_smb(Attributes& attributes, const SmbChanges& changes, Timestamp moment, bool existed = false);

/// Of something that was as `before` says until `moment`.
void change_smb(Attributes& attributes, const SmbChanges& changes, const NodeState& before, Timestamp moment);

/// Keeps the SMB times of a file over a change that does not write to it.
void keep_write_time(Attributes& attributes, const NodeState& before, Timestamp moment);

/// The flags of a file with `Archive` among them.
std::string with_archive(const std::string& attributes);

/// As the service writes them, with `Directory` for one and `Archive` for a file without any.
std::string smb_attributes(NodeKind kind, const Attributes& attributes);
bool is_read_only(const Attributes& attributes);

/// The seven headers, from the version on that has them.
void set_smb_headers(Response& response, const Call& call, NodeKind kind, const NodeState& state,
                     const Attributes& attributes, const std::string& parent_id);

}  // namespace batchai::server::files
