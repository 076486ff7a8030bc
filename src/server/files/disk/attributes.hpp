#pragma once

#include "batchai/core/time.hpp"
#include "server/files/disk/lease.hpp"
#include "server/files/disk/voids.hpp"

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace batchai::server::files {

using Metadata = std::map<std::string, std::string>;

/// What requests say about a file or directory and a file system cannot store by itself.
struct Attributes {
  /// Nothing: the usual one. Empty: none, as a request has cleared it.
  std::optional<std::string> content_type = {};
  std::string content_encoding = {};
  std::string content_language = {};
  std::string content_disposition = {};
  std::string cache_control = {};
  std::string content_md5 = {};
  /// SMB flags, as `Hidden | Archive`; `None` for none, empty for the usual ones.
  std::string smb_attributes = {};
  std::string copy_id = {};
  std::string copy_source = {};
  /// Bytes that have been copied, of those that were to be: `5/5`.
  std::string copy_progress = {};
  /// Of the permission that a request has given; empty for the usual one.
  std::string permission_key = {};
  /// When a directory was made or changed by a request: its own times change with its children. For files see
  /// `smb_times_valid_for`.
  std::optional<Timestamp> modified = {};
  /// SMB times that a request has set.
  std::optional<Timestamp> created = {};
  std::optional<Timestamp> written = {};
  std::optional<Timestamp> changed = {};
  /// When it was copied from `copy_source`.
  std::optional<Timestamp> copied = {};
  /// Files only: `modified`, `written` and `changed` are valid while this is when the inode was last written: not after
  /// a job has written.
  std::optional<Timestamp> smb_times_valid_for = {};
  /// Files only: `content_md5` is valid while this, if it is known, is when the inode was last written: not after a job
  /// has written. Unknown while a request writes.
  std::optional<Timestamp> md5_valid_for = {};
  /// Files only.
  Voids voids = {};
  /// Files only.
  std::optional<Lease> lease = {};
  Metadata metadata = {};
};

/// Keeps attributes with the file: in the extended attribute `user.batchai.attributes`, and where the file system has
/// none or no room for it, in a file `<device>-<inode>.json` in a folder outside all shares, which is valid while the
/// file's birth time is the same: inode numbers are reused. Thread-safe.
///
/// Jobs can write both extended attributes and files, so that what is read is not trusted: texts that no HTTP header
/// could carry are dropped.
class AttributeStore {
 public:
  /// `folder` is made when it is first needed.
  explicit AttributeStore(std::filesystem::path folder);

  Attributes load(int descriptor) const;
  /// Throws StorageError when there is no room.
  void save(int descriptor, const Attributes& attributes) const;
  /// To be called before the file is removed.
  void erase(int descriptor) const;
  /// The same for a name in an open directory; not for a file that has other names besides.
  void erase_at(int directory, const std::string& name) const;

 private:
  std::filesystem::path sidecar(int descriptor) const;

  std::filesystem::path folder_;
  /// Whether there is the folder. Most file systems never need it, and looking into it for each file takes time.
  std::shared_ptr<std::atomic<bool>> has_folder_;
};

}  // namespace batchai::server::files
