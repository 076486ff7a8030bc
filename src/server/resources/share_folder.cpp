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

/// Nothing where there is no folder; `descriptor` was opened just now.
DirectoryStream adopt(Descriptor descriptor) {
  DirectoryStream folder = read_directory(std::move(descriptor));
  if (folder == nullptr && !means_absent(errno)) {
    throw std::system_error(errno, std::generic_category(), "a folder of a share cannot be read");
  }
  return folder;
}

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

// `name` becomes the one on disk.
DirectoryStream open_inner(const DirectoryStream& folder, std::string& name) {
  const auto open = [&](const std::string& wanted) {
    return adopt(Descriptor(::openat(::dirfd(folder.get()), wanted.c_str(), kFolderFlags | O_NOFOLLOW)));
  };
  DirectoryStream inner = open(name);
  if (inner != nullptr) {
    return inner;
  }
  const std::string decoded = to_name(name, true);
  if (is_utf8(decoded) || decoded.find('/') != std::string::npos) {
    return nullptr;
  }
  name = decoded;
  return open(name);
}

// One step at a time: O_NOFOLLOW guards the last name of a path only.
DirectoryStream open_folder(const std::filesystem::path& root, std::vector<std::string>& path) {
  DirectoryStream folder = adopt(Descriptor(::open(root.c_str(), kFolderFlags)));
  for (auto& name : path) {
    if (folder == nullptr) {
      break;
    }
    folder = open_inner(folder, name);
  }
  return folder;
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
