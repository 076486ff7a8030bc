#pragma once

#include "batchai/core/time.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace batchai::server {

struct FolderEntry {
  std::string name;
  bool is_folder = false;
  Timestamp modified{};
  std::int64_t length = 0;
};

/// Files and folders of `root/path...` by name. Symbolic links are neither followed nor listed, so that nothing outside
/// `root` can be seen, whatever a job has put there. A folder that is not there is empty. The names in `path` may be
/// percent-encoded where the real ones are not UTF-8; they become the ones on disk. Throws std::system_error.
std::vector<FolderEntry> list_share_folder(const std::filesystem::path& root, std::vector<std::string>& path);

}  // namespace batchai::server
