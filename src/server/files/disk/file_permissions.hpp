#pragma once

#include "server/files/disk/shares.hpp"

#include <string>

namespace batchai::server::files {

/// The key of the permission that everything has unless a request says otherwise.
inline constexpr const char* kUsualPermissionKey = "8457983500571436034*2142566896740299659";

/// SDDL, or base64 of a self-relative security descriptor.
enum class PermissionFormat { Sddl, Binary };

/// `sddl`, `binary` or nothing, in any case. Throws InvalidHeaderValue.
PermissionFormat parse_permission_format(const std::string& text);

/// Permissions in SDDL, by keys that are derived from them, for each share. They are stored and returned; only keys and
/// signatures decide who may read and write. Thread-safe.
class FilePermissions {
 public:
  explicit FilePermissions(const Shares& shares) : shares_(shares) {}

  /// The key of `permission`, which is kept. Throws FileInvalidPermission.
  std::string add(const std::string& account, const std::string& share, const std::string& permission,
                  PermissionFormat format) const;
  /// Throws FileInvalidPermissionKey, and FileInvalidPermission for SDDL that has no binary form here.
  std::string find(const std::string& account, const std::string& share, const std::string& key,
                   PermissionFormat format = PermissionFormat::Sddl) const;
  /// Throws FileInvalidPermissionKey for an unknown key.
  void require(const std::string& account, const std::string& share, const std::string& key) const {
    find(account, share, key);
  }

 private:
  std::string find_sddl(const std::string& account, const std::string& share, const std::string& key) const;

  const Shares& shares_;
};

}  // namespace batchai::server::files
