#pragma once

#include "core/descriptor.hpp"
#include "server/files/disk/attributes.hpp"
#include "server/files/disk/share_record.hpp"
#include "server/files/disk/shares.hpp"

#include <functional>
#include <string>
#include <vector>

namespace batchai::server::files {

/// Snapshots of shares: copies of the folder and its record in `root/<account>/.snapshots/<share>/<time>`. They share
/// blocks with the originals where the file system can (Btrfs, XFS) and are full copies elsewhere. Thread-safe.
class Snapshots {
 public:
  Snapshots(const Shares& shares, const AttributeStore& attributes) : shares_(shares), attributes_(attributes) {}

  /// The time of the new snapshot, `2018-06-07T21:16:21.0000000Z`, which it goes by. Throws ShareNotFound,
  /// ShareSnapshotCountExceeded.
  std::string create(const std::string& account, const std::string& share, ShareRecord record, Timestamp now) const;
  /// Oldest first.
  std::vector<std::string> times(const std::string& account, const std::string& share) const;
  /// The folder, open. Throws ShareNotFound.
  Descriptor open(const std::string& account, const std::string& share, const std::string& time) const;
  /// Throws ShareNotFound.
  ShareRecord record(const std::string& account, const std::string& share, const std::string& time) const;
  /// Reads the record, lets `edit` change it, and writes it, as one step; clients do not see it as a change. Throws
  /// ShareNotFound.
  ShareRecord update(const std::string& account, const std::string& share, const std::string& time,
                     const std::function<void(ShareRecord&)>& edit) const;
  /// Throws ShareNotFound.
  void remove(const std::string& account, const std::string& share, const std::string& time) const;
  /// Those of a share that has any.
  void remove_all(const std::string& account, const std::string& share) const;

 private:
  std::filesystem::path folder(const std::string& account, const std::string& share) const;

  const Shares& shares_;
  const AttributeStore& attributes_;
};

}  // namespace batchai::server::files
