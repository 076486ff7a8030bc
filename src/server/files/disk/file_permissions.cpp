#include "server/files/disk/file_permissions.hpp"

#include "core/private_file.hpp"
#include "server/files/disk/security_descriptor.hpp"
#include "server/files/http/carried_text.hpp"
#include "server/files/http/storage_error.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

#include <nlohmann/json.hpp>

namespace batchai::server::files {
namespace {

using nlohmann::json;

/// The permission of `kUsualPermissionKey`: system and administrators own all, signed-in users read and write.
constexpr const char* kUsualPermission = "O:SYG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1301bf;;;AU)(A;;0x1200a9;;;BU)";
constexpr std::size_t kLongestPermission = 65536;

std::mutex& permissions_mutex() {
  static std::mutex mutex;
  return mutex;
}

/// An owner, a group or an access list, in SDDL's characters.
bool is_sddl(const std::string& text) {
  constexpr std::array<const char*, 3> kParts = {"O:", "G:", "D:"};
  const bool has_part =
      std::any_of(kParts.begin(), kParts.end(), [&](const char* part) { return text.find(part) != std::string::npos; });
  return has_part && text.size() <= kLongestPermission && is_header_text(text);
}

/// Two numbers, as the service's own keys look.
std::string key_of(const std::string& sddl) {
  const std::string digest = signing::sha256(sddl);
  std::array<std::uint64_t, 2> numbers{};
  std::memcpy(numbers.data(), digest.data(), sizeof numbers);
  return std::to_string(numbers[0]) + "*" + std::to_string(numbers[1]);
}

/// As SDDL; empty for what is no permission.
std::string decode(const std::string& base64) {
  const auto bytes = signing::base64_decode(base64);
  return bytes ? sddl_from_descriptor(*bytes).value_or("") : "";
}

json read_permissions(const std::filesystem::path& file) {
  json object = json::parse(read_private_file(file).value_or(""), nullptr, false);
  return object.is_object() ? object : json::object();
}

}  // namespace

PermissionFormat parse_permission_format(const std::string& text) {
  if (!text.empty() && !iequals(text, "sddl") && !iequals(text, "binary")) {
    throw invalid_header("x-ms-file-permission-format", text);
  }
  return iequals(text, "binary") ? PermissionFormat::Binary : PermissionFormat::Sddl;
}

std::string FilePermissions::add(const std::string& account, const std::string& share, const std::string& permission,
                                 PermissionFormat format) const {
  const std::string sddl = format == PermissionFormat::Sddl ? permission : decode(permission);
  if (!is_sddl(sddl)) {
    throw StorageError("FileInvalidPermission");
  }
  shares_.open(account, share);
  std::string key = sddl == kUsualPermission ? kUsualPermissionKey : key_of(sddl);
  const std::filesystem::path file = shares_.side_file(account, share, "permissions");
  const std::lock_guard lock(permissions_mutex());
  json permissions = read_permissions(file);
  if (key != kUsualPermissionKey && !permissions.contains(key)) {
    permissions[key] = sddl;
    write_private_file(file, permissions.dump());
  }
  return key;
}

std::string FilePermissions::find(const std::string& account, const std::string& share, const std::string& key,
                                  PermissionFormat format) const {
  std::string sddl = find_sddl(account, share, key);
  if (format == PermissionFormat::Sddl) {
    return sddl;
  }
  const auto bytes = descriptor_from_sddl(sddl);
  if (!bytes) {
    throw StorageError("FileInvalidPermission").with_detail("Reason", "This permission has no binary form here.");
  }
  return signing::base64_encode(*bytes);
}

std::string FilePermissions::find_sddl(const std::string& account, const std::string& share,
                                       const std::string& key) const {
  if (key == kUsualPermissionKey) {
    return kUsualPermission;
  }
  const std::lock_guard lock(permissions_mutex());
  const json permissions = read_permissions(shares_.side_file(account, share, "permissions"));
  const auto found = permissions.find(key);
  if (found == permissions.end() || !found->is_string()) {
    throw StorageError("FileInvalidPermissionKey");
  }
  return found->get<std::string>();
}

}  // namespace batchai::server::files
