#pragma once

#include "batchai/core/time.hpp"
#include "batchai/version.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What Azure Files keeps with files and directories for clients that mount the share by SMB.
BATCHAI_NAMESPACE_BEGIN
namespace files {

/// Attributes of a file or directory, to be combined by `|` ([MS-FSCC] 2.6). A file without any is `None`.
enum class SmbAttributes : std::uint32_t {
  None = 0,
  ReadOnly = 0x1,
  Hidden = 0x2,
  System = 0x4,
  Directory = 0x10,
  Archive = 0x20,
  Temporary = 0x100,
  Offline = 0x1000,
  NotContentIndexed = 0x2000,
  NoScrubData = 0x20000
};

/// Those of both.
constexpr SmbAttributes operator|(SmbAttributes a, SmbAttributes b) noexcept {
  return static_cast<SmbAttributes>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
/// Those that are in both.
constexpr SmbAttributes operator&(SmbAttributes a, SmbAttributes b) noexcept {
  return static_cast<SmbAttributes>(static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b));
}
/// Whether all of `wanted` are among `attributes`.
constexpr bool has(SmbAttributes attributes, SmbAttributes wanted) noexcept { return (attributes & wanted) == wanted; }

/// What a file or directory gets. What is absent or empty is chosen by the service for new ones, and stays as it is of
/// others (learn.microsoft.com/rest/api/storageservices/create-file, set-file-properties).
struct SmbSettings {
  std::optional<SmbAttributes> attributes = {};
  std::optional<Timestamp> created = {};
  /// When its content was last written.
  std::optional<Timestamp> last_write = {};
  /// When anything about it was last changed.
  std::optional<Timestamp> changed = {};
  /// Security descriptor in SDDL ([MS-DTYP] 2.5.1), at most 8 KiB; longer ones are stored by
  /// ShareClient::create_permission and named by their key.
  std::string permission = {};
  /// In place of `permission`.
  std::string permission_key = {};
};

/// A file or directory that a client has open by SMB (learn.microsoft.com/rest/api/storageservices/list-handles).
struct SmbHandle {
  /// What close_handle() takes.
  std::string id;
  /// Below the share.
  std::string path = {};
  std::string file_id = {};
  std::string parent_id = {};
  std::string session_id = {};
  /// Address and port of the client.
  std::string client = {};
  std::optional<Timestamp> opened = {};
  std::optional<Timestamp> last_reconnected = {};
  /// `Read`, `Write`, `Delete`.
  std::vector<std::string> access = {};
};

/// What became of handles that were to be closed.
struct ClosedHandles {
  std::uint64_t closed = 0;
  /// Those that could not be.
  std::uint64_t failed = 0;
};

}  // namespace files
BATCHAI_NAMESPACE_END
