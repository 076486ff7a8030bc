#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::server::files {

/// Nothing when it does not exist or cannot be read.
std::optional<std::string> read_whole_file(const std::filesystem::path& path);

/// Temporary name, fsync, rename; mode 0600. Throws StorageError.
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace batchai::server::files
