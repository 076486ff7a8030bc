#pragma once

#include "server/files/shares.hpp"

#include <string>

namespace batchai::server::files {

/// The key of the permission that everything has unless a request says otherwise.
inline constexpr const char* kUsualPermissionKey = "8457983500571436034*2142566896740299659";

/// Permissions in SDDL, by keys that are made of them, for each share. They are kept and given back; who may read and
/// write is decided by keys and signatures alone. Thread-safe.
class FilePermissions {
 public:
  explicit FilePermissions(const Shares& shares) : shares_(shares) {}

  /// The key of `sddl`, which is kept. Throws FileInvalidPermission.
  std::string add(const std::string& account, const std::string& share, const std::string& sddl) const;
  /// Throws FileInvalidPermissionKey.
  std::string find(const std::string& account, const std::string& share, const std::string& key) const;
  /// Throws FileInvalidPermissionKey for a key that stands for nothing.
  void require(const std::string& account, const std::string& share, const std::string& key) const {
    find(account, share, key);
  }

 private:
  const Shares& shares_;
};

}  // namespace batchai::server::files
