#include "server/files/disk/attributes.hpp"

#include "core/private_file.hpp"
#include "core/text_at.hpp"
#include "server/files/disk/node_state.hpp"
#include "server/files/http/carried_text.hpp"
#include "server/files/http/storage_error.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <sys/xattr.h>

namespace batchai::server::files {
namespace {

using nlohmann::json;

constexpr const char* kAttributeName = "user.batchai.attributes";
/// In sidecars only.
constexpr const char* kBorn = "born";
/// Linux allows no longer value.
constexpr std::size_t kLongestValue = 65536;

/// Most are shorter.
constexpr std::size_t kUsualValue = 1024;

constexpr const char* kContentType = "contentType";

constexpr std::array<std::pair<const char*, std::string Attributes::*>, 10> kTexts = {
    {{"contentEncoding", &Attributes::content_encoding},
     {"contentLanguage", &Attributes::content_language},
     {"contentDisposition", &Attributes::content_disposition},
     {"cacheControl", &Attributes::cache_control},
     {"contentMd5", &Attributes::content_md5},
     {"smbAttributes", &Attributes::smb_attributes},
     {"permissionKey", &Attributes::permission_key},
     {"copyId", &Attributes::copy_id},
     {"copySource", &Attributes::copy_source},
     {"copyProgress", &Attributes::copy_progress}}};

constexpr std::array<std::pair<const char*, std::optional<Timestamp> Attributes::*>, 7> kTimes = {
    {{"modified", &Attributes::modified},
     {"created", &Attributes::created},
     {"written", &Attributes::written},
     {"changed", &Attributes::changed},
     {"copied", &Attributes::copied},
     {"sealed", &Attributes::smb_times_valid_for},
     {"hashed", &Attributes::md5_valid_for}}};

std::string header_text_at(const json& object, const char* name) {
  std::string value = text_at(object, name);
  return is_header_text(value) ? value : std::string();
}

json to_json(const Attributes& attributes) {
  json object = json::object();
  for (const auto& [name, member] : kTexts) {
    if (!(attributes.*member).empty()) {
      object[name] = attributes.*member;
    }
  }
  for (const auto& [name, member] : kTimes) {
    if (attributes.*member) {
      object[name] = format_iso8601_ticks(*(attributes.*member));
    }
  }
  if (attributes.content_type) {
    object[kContentType] = *attributes.content_type;
  }
  if (!attributes.voids.empty()) {
    object["voids"] = voids_to_json(attributes.voids);
  }
  if (attributes.lease) {
    object["lease"] = lease_to_json(*attributes.lease);
  }
  if (!attributes.metadata.empty()) {
    object["metadata"] = attributes.metadata;
  }
  return object;
}

Attributes from_json(const json& object) {
  Attributes attributes;
  if (!object.is_object()) {
    return attributes;
  }
  for (const auto& [name, member] : kTexts) {
    attributes.*member = header_text_at(object, name);
  }
  for (const auto& [name, member] : kTimes) {
    attributes.*member = parse_iso8601(header_text_at(object, name));
  }
  const auto type = object.find(kContentType);
  if (type != object.end() && type->is_string() && is_header_text(type->get_ref<const std::string&>())) {
    attributes.content_type = type->get<std::string>();
  }
  if (const auto voids = object.find("voids"); voids != object.end()) {
    attributes.voids = voids_from_json(*voids);
  }
  if (const auto lease = object.find("lease"); lease != object.end()) {
    attributes.lease = lease_from_json(*lease);
  }
  const auto metadata = object.find("metadata");
  if (metadata != object.end() && metadata->is_object()) {
    for (const auto& [name, value] : metadata->items()) {
      if (is_header_text(name) && value.is_string()) {
        attributes.metadata[name] = header_text_at(*metadata, name.c_str());
      }
    }
  }
  return attributes;
}

std::optional<std::string> read_extended(int descriptor) {
  std::array<char, kUsualValue> usual;
  if (const ssize_t count = fgetxattr(descriptor, kAttributeName, usual.data(), usual.size()); count >= 0) {
    return std::string(usual.data(), static_cast<std::size_t>(count));
  }
  if (errno != ERANGE) {
    return std::nullopt;
  }
  const ssize_t size = fgetxattr(descriptor, kAttributeName, nullptr, 0);
  if (size < 0) {
    return std::nullopt;
  }
  std::string text(static_cast<std::size_t>(size), '\0');
  const ssize_t count = fgetxattr(descriptor, kAttributeName, text.data(), text.size());
  if (count < 0) {
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(count));
  return text;
}

/// Whether the file system accepted it.
bool write_extended(int descriptor, const std::string& text) {
  if (text.empty()) {
    fremovexattr(descriptor, kAttributeName);
    return true;
  }
  return text.size() <= kLongestValue && fsetxattr(descriptor, kAttributeName, text.data(), text.size(), 0) == 0;
}

std::string sidecar_name(const struct stat& info) {
  return std::to_string(info.st_dev) + "-" + std::to_string(info.st_ino) + ".json";
}

/// When the file was made; null where the file system does not know.
json birth_of(int descriptor) {
  struct statx info {};
  if (statx(descriptor, "", AT_EMPTY_PATH, STATX_BTIME, &info) != 0 || (info.stx_mask & STATX_BTIME) == 0) {
    return nullptr;
  }
  return std::to_string(info.stx_btime.tv_sec) + "." + std::to_string(info.stx_btime.tv_nsec);
}

/// Whether a sidecar belongs to this file, and not to a removed one with the same inode number.
bool is_about(const json& sidecar, int descriptor) {
  return sidecar.is_object() && (!sidecar.contains(kBorn) || sidecar.at(kBorn) == birth_of(descriptor));
}

}  // namespace

AttributeStore::AttributeStore(std::filesystem::path folder)
    : folder_(std::move(folder)), has_folder_(std::make_shared<std::atomic<bool>>(std::filesystem::exists(folder_))) {}

std::filesystem::path AttributeStore::sidecar(int descriptor) const {
  struct stat info {};
  if (fstat(descriptor, &info) != 0) {
    throw from_errno(errno);
  }
  return folder_ / sidecar_name(info);
}

Attributes AttributeStore::load(int descriptor) const {
  if (const auto text = read_extended(descriptor)) {
    return from_json(json::parse(*text, nullptr, false));
  }
  if (!*has_folder_) {
    return {};
  }
  const auto text = read_private_file(sidecar(descriptor));
  const json object = text ? json::parse(*text, nullptr, false) : json();
  return is_about(object, descriptor) ? from_json(object) : Attributes();
}

void AttributeStore::save(int descriptor, const Attributes& attributes) const {
  json object = to_json(attributes);
  const std::string text = object.empty() ? std::string() : object.dump();
  if (write_extended(descriptor, text)) {
    return erase(descriptor);
  }
  fremovexattr(descriptor, kAttributeName);
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  *has_folder_ = true;
  object[kBorn] = birth_of(descriptor);
  write_private_file(sidecar(descriptor), object.dump());
}

void AttributeStore::erase(int descriptor) const {
  if (!*has_folder_) {
    return;
  }
  std::error_code ignored;
  std::filesystem::remove(sidecar(descriptor), ignored);
}

void AttributeStore::erase_at(int directory, const std::string& name) const {
  struct stat info {};
  if (fstatat(directory, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
      (S_ISDIR(info.st_mode) || info.st_nlink == 1)) {
    std::error_code ignored;
    std::filesystem::remove(folder_ / sidecar_name(info), ignored);
  }
}

}  // namespace batchai::server::files
