#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <system_error>

namespace batchai::inline v1 {

struct RemoveTreeOptions {
  /// Asked before each entry; after `true` nothing more is removed.
  std::function<bool()> stop = {};
  /// Called for each entry below the path before it is removed: an open directory and the name in it.
  std::function<void(int directory, const std::string& name)> before = {};
};

/// Removes `path` with everything in it, and never the target of a link in it. A missing path is no error.
/// Directories whose permissions are in the way are made changeable for their owner, the one that holds `path`
/// included: some programs make such directories (Go's module cache). However deep the tree is, few descriptors are
/// held. Continues after entries that cannot be removed and returns the first reason; `operation_canceled` when it was
/// stopped. It can be called again to remove the rest.
std::error_code remove_tree(const std::filesystem::path& path, const RemoveTreeOptions& options = {});

/// rename(2) of a directory that need not be changeable: moving it writes to it and to its parent.
std::error_code rename_tree(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace batchai::inline v1
