#include "files/transfer/local_folder.hpp"

#include "files/transfer/local_error.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <fcntl.h>
#include <sys/stat.h>

namespace batchai::inline v1::files {
namespace {

constexpr mode_t kNewFolder = 0777;
constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr const char* kPartSuffix = ".batchai-part";
constexpr const char* kJournalSuffix = ".batchai-part.journal";
/// Names of parts and journals have to fit into the 255 bytes that file systems allow.
constexpr std::size_t kLongestKeptName = 200;
constexpr std::size_t kHashLength = 32;

Descriptor open_root(const std::filesystem::path& root) {
  return Descriptor(::open(root.empty() ? "." : root.c_str(), kFolder));
}

Error not_a_folder(const std::filesystem::path& path) {
  struct stat info {};
  if ((errno == ELOOP || errno == ENOTDIR) && ::lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode)) {
    return Error("'" + path.string() + "' is a symbolic link: nothing is written through it");
  }
  return local_error("cannot use the folder", path.string());
}

Descriptor step(const Descriptor& parent, const std::string& name) {
  return Descriptor(::openat(parent.get(), name.c_str(), kFolder | O_NOFOLLOW));
}

}  // namespace

Descriptor open_folder(const std::filesystem::path& root, const std::vector<std::string>& parts) {
  Descriptor folder = open_root(root);
  if (!folder) {
    std::error_code failed;
    std::filesystem::create_directories(root, failed);
    folder = open_root(root);
    if (!folder && failed) {
      errno = failed.value();  // that it is not there is a consequence
    }
  }
  std::filesystem::path shown = root;
  if (!folder) {
    throw local_error("cannot use the folder", shown.string());
  }
  for (const std::string& part : parts) {
    shown /= part;
    if (::mkdirat(folder.get(), part.c_str(), kNewFolder) != 0 && errno != EEXIST) {
      throw local_error("cannot make the folder", shown.string());
    }
    Descriptor inner = step(folder, part);
    if (!inner) {
      throw not_a_folder(shown);
    }
    folder = std::move(inner);
  }
  return folder;
}

Descriptor find_folder(const std::filesystem::path& root, const std::vector<std::string>& parts) {
  Descriptor folder = open_root(root);
  for (const std::string& part : parts) {
    if (!folder) {
      break;
    }
    folder = step(folder, part);
  }
  return folder;
}

std::optional<std::string> local_name_problem(const std::string& name) {
  if (name.empty() || name == "." || name == "..") {
    return "it is empty, '.' or '..'";
  }
  if (name.find('/') != std::string::npos || name.find('\0') != std::string::npos) {
    return "it holds a slash or a zero byte";
  }
  if (is_part_name(name)) {
    return "such names are this program's own, for downloads that are not complete";
  }
  return std::nullopt;
}

std::string part_name(const std::string& name) {
  if (name.size() <= kLongestKeptName) {
    return "." + name + kPartSuffix;
  }
  return "." + signing::hex_encode(signing::sha256(name)).substr(0, kHashLength) + kPartSuffix;
}

bool is_part_name(const std::string& name) {
  return name.starts_with('.') && (name.ends_with(kPartSuffix) || name.ends_with(kJournalSuffix));
}

}  // namespace batchai::inline v1::files
