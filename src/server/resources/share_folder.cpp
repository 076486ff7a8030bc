#include "server/resources/share_folder.hpp"

#include "core/directory_stream.hpp"
#include "core/file_time.hpp"
#include "core/name_text.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server {

namespace {

bool means_absent(int error) { return error == ENOENT || error == ENOTDIR || error == ELOOP || error == ENAMETOOLONG; }

void refuse_unless_absent() {
  if (!means_absent(errno)) {
    throw std::system_error(errno, std::generic_category(), "a folder of a share cannot be read");
  }
}

/// Nothing where there is no folder.
Descriptor open_at(int folder, const std::string& name, int more_flags) {
  Descriptor opened(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | more_flags));
  if (!opened) {
    refuse_unless_absent();
  }
  return opened;
}

// `name` becomes the one on disk.
Descriptor open_inner(const Descriptor& folder, std::string& name) {
  Descriptor inner = open_at(folder.get(), name, O_NOFOLLOW);
  if (inner) {
    return inner;
  }
  const std::string decoded = to_name(name, true);
  if (is_utf8(decoded) || decoded.find('/') != std::string::npos) {
    return {};
  }
  name = decoded;
  return open_at(folder.get(), name, O_NOFOLLOW);
}

// One step at a time: O_NOFOLLOW guards the last name of a path only.
DirectoryStream open_folder(const std::filesystem::path& root, std::vector<std::string>& path) {
  Descriptor folder = open_at(AT_FDCWD, root.string(), 0);
  for (auto& name : path) {
    if (!folder) {
      break;
    }
    folder = open_inner(folder, name);
  }
  if (!folder) {
    return nullptr;
  }
  DirectoryStream stream = read_directory(std::move(folder));
  if (stream == nullptr) {
    refuse_unless_absent();
  }
  return stream;
}

}  // namespace

std::vector<FolderEntry> list_share_folder(const std::filesystem::path& root, std::vector<std::string>& path) {
  std::vector<FolderEntry> entries;
  const DirectoryStream folder = open_folder(root, path);
  if (folder == nullptr) {
    return entries;
  }
  while (const dirent* item = ::readdir(folder.get())) {
    const std::string name = item->d_name;
    struct stat status {};
    if (name == "." || name == ".." ||
        ::fstatat(::dirfd(folder.get()), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;
    }
    if (S_ISDIR(status.st_mode) || S_ISREG(status.st_mode)) {
      entries.push_back({name, S_ISDIR(status.st_mode), to_timestamp(status.st_mtim), status.st_size});
    }
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

}  // namespace batchai::server
