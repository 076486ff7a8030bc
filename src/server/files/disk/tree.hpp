#pragma once

#include "core/descriptor.hpp"
#include "naming/fold_case.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/stat.h>

/// Access to the folder of a share. Every step is taken from an open directory to a name in it and never through a
/// symbolic link, so that no request reaches anything outside the share, whatever jobs have put there.
namespace batchai::server::files {

/// Levels that requests reach; jobs may build deeper.
inline constexpr int kDeepestPath = 250;

enum class NodeKind {
  File,
  Directory,
  /// A link, pipe, socket or device: not served.
  Other
};

struct Entry {
  std::string name;
  NodeKind kind = NodeKind::Other;
};

/// A name in an open directory. `kind` is nothing when there is no such entry yet.
struct TreeEntry {
  Descriptor parent;
  /// As on disk, where case may differ from what was asked for.
  std::string name;
  std::optional<NodeKind> kind;
  /// Whether `parent` is the share itself.
  bool in_root = false;
};

/// Opens a directory below `parent` by exact name, not through a link. Not open when it is none.
Descriptor open_directory_at(int parent, const std::string& name);

/// Finds the last part of `path` below the open directory `root`; names match without regard to case where no name
/// matches exactly. Throws ParentNotFound when a directory on the way is missing, InvalidResourceName for a part that
/// is missing and could not be created either. `path` must not be empty.
TreeEntry locate(int root, const std::vector<std::string>& path);

/// The directory `path` below `root`, `root` itself for an empty path. Throws ResourceNotFound or ParentNotFound.
Descriptor open_directory(int root, const std::vector<std::string>& path);

/// Opens the regular file at `entry`. Throws ResourceNotFound for anything else.
Descriptor open_file(const TreeEntry& entry, int access);

/// Files and directories (not links and the like) of an open directory, in no order.
std::vector<Entry> list_entries(int directory);

/// All names in an open directory, of whatever kind.
std::vector<std::string> list_names(int directory);

/// Removes the empty directory at `entry`, including links and the like that are left in it, which could not be deleted
/// otherwise. Throws DirectoryNotEmpty.
void remove_directory(const TreeEntry& entry);

/// Bytes of all regular files below an open directory, down to the 250 levels that requests reach.
std::uint64_t used_bytes(int directory);

using naming::fold_case;

}  // namespace batchai::server::files
