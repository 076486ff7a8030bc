#include "server/files/disk/tree.hpp"

#include "core/directory_stream.hpp"
#include "naming/file_names.hpp"
#include "server/files/http/storage_error.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <limits.h>

namespace batchai::server::files {
namespace {

/// A reader with a position of its own.
DirectoryStream open_stream(int directory) {
  DirectoryStream stream = read_directory(Descriptor(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (!stream) {
    throw from_errno(errno);
  }
  return stream;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

bool is_dots(std::string_view name) { return name == "." || name == ".."; }

std::optional<NodeKind> kind_of(int parent, const std::string& name) {
  struct stat info {};
  if (fstatat(parent, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno != ENOENT) {
      throw from_errno(errno);
    }
    return std::nullopt;
  }
  return S_ISREG(info.st_mode) ? NodeKind::File : S_ISDIR(info.st_mode) ? NodeKind::Directory : NodeKind::Other;
}

template <class Visit>
void for_each_name(int directory, const Visit& visit) {
  const DirectoryStream stream = open_stream(directory);
  while (const dirent* entry = readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (!is_dots(name)) {
      visit(name);
    }
  }
}

/// The entry whose name differs in case only; the first in byte order when a job has made several.
std::optional<std::string> find_in_other_case(int parent, const std::string& name) {
  const std::string folded = fold_case(name);
  const bool ascii = is_ascii(name);
  std::optional<std::string> found;
  for_each_name(parent, [&](std::string_view candidate) {
    // Most names are of another length and need no further look: a folder may hold very many.
    const bool same =
        ascii && is_ascii(candidate) ? iequals(candidate, name) : fold_case(std::string(candidate)) == folded;
    if (same && (!found || candidate < *found)) {
      found = candidate;
    }
  });
  return found;
}

/// A name that is one step down for the system. Stricter rules are checked when something is created.
void require_single_step(const std::string& name) {
  if (name.empty() || is_dots(name) || name.find('/') != std::string::npos || name.find('\0') != std::string::npos) {
    throw StorageError("InvalidResourceName");
  }
}

struct Match {
  std::string name;
  std::optional<NodeKind> kind;
};

Match match_name(int parent, const std::string& name) {
  require_single_step(name);
  if (const auto kind = name.size() <= NAME_MAX ? kind_of(parent, name) : std::nullopt) {
    return {name, kind};
  }
  if (naming::file_name_problem(name)) {
    throw StorageError("InvalidResourceName");
  }
  if (const auto other = find_in_other_case(parent, name)) {
    return {*other, kind_of(parent, *other)};
  }
  return {name, std::nullopt};
}

/// The directory of that name, or the one whose name differs in case. Throws ParentNotFound.
Descriptor step_down(int parent, const std::string& name) {
  require_single_step(name);
  if (Descriptor found = open_directory_at(parent, name); found.is_open()) {
    return found;
  }
  const Match match = match_name(parent, name);
  Descriptor found = match.kind ? open_directory_at(parent, match.name) : Descriptor();
  if (!found.is_open()) {
    throw StorageError("ParentNotFound");
  }
  return found;
}

std::uint64_t used_bytes_below(int directory, int levels) {
  std::uint64_t total = 0;
  for (const Entry& entry : list_entries(directory)) {
    if (entry.kind == NodeKind::Directory) {
      const Descriptor child = levels > 0 ? open_directory_at(directory, entry.name) : Descriptor();
      total += child.is_open() ? used_bytes_below(child.get(), levels - 1) : 0;
      continue;
    }
    struct stat info {};
    if (fstatat(directory, entry.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
      total += static_cast<std::uint64_t>(info.st_size);
    }
  }
  return total;
}

}  // namespace

Descriptor open_directory_at(int parent, const std::string& name) {
  return Descriptor(openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

TreeEntry locate(int root, const std::vector<std::string>& path) {
  Descriptor directory;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    directory = step_down(directory.is_open() ? directory.get() : root, path[i]);
  }
  if (!directory.is_open()) {
    directory = Descriptor(openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  Match last = match_name(directory.get(), path.back());
  return {std::move(directory), std::move(last.name), last.kind, path.size() == 1};
}

Descriptor open_directory(int root, const std::vector<std::string>& path) {
  if (path.empty()) {
    return Descriptor(openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  const TreeEntry entry = locate(root, path);
  Descriptor directory = entry.kind ? open_directory_at(entry.parent.get(), entry.name) : Descriptor();
  if (!directory.is_open()) {
    throw StorageError("ResourceNotFound");
  }
  return directory;
}

Descriptor open_file(const TreeEntry& entry, int access) {
  if (entry.kind != NodeKind::File) {
    throw StorageError("ResourceNotFound");
  }
  // Not blocking: a job may put a pipe in the place of the file at any moment.
  Descriptor file(openat(entry.parent.get(), entry.name.c_str(), access | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) {
    throw from_errno(errno);
  }
  struct stat info {};
  if (fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    throw StorageError("ResourceNotFound");
  }
  return file;
}

std::vector<Entry> list_entries(int directory) {
  std::vector<Entry> entries;
  const DirectoryStream stream = open_stream(directory);
  while (const dirent* entry = readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (is_dots(name)) {
      continue;
    }
    if (entry->d_type == DT_REG || entry->d_type == DT_DIR) {
      entries.push_back({name, entry->d_type == DT_DIR ? NodeKind::Directory : NodeKind::File});
    } else if (entry->d_type == DT_UNKNOWN) {
      if (const auto kind = kind_of(directory, name); kind && kind != NodeKind::Other) {
        entries.push_back({name, *kind});
      }
    }
  }
  return entries;
}

std::vector<std::string> list_names(int directory) {
  std::vector<std::string> names;
  for_each_name(directory, [&](std::string_view name) { names.emplace_back(name); });
  return names;
}

void remove_directory(const TreeEntry& entry) {
  const Descriptor directory = open_directory_at(entry.parent.get(), entry.name);
  if (!directory.is_open()) {
    throw from_errno(errno);
  }
  if (!list_entries(directory.get()).empty()) {
    throw StorageError("DirectoryNotEmpty");
  }
  for (const std::string& name : list_names(directory.get())) {
    if (kind_of(directory.get(), name) == NodeKind::Other) {
      unlinkat(directory.get(), name.c_str(), 0);
    }
  }
  if (unlinkat(entry.parent.get(), entry.name.c_str(), AT_REMOVEDIR) != 0) {
    throw from_errno(errno);
  }
}

std::uint64_t used_bytes(int directory) { return used_bytes_below(directory, kDeepestPath); }

}  // namespace batchai::server::files
