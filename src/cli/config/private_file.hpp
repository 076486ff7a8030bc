#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::cli {

/// The whole file, or nothing if there is none. Throws Error if it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);

/// Replaces the file as a whole (temporary file, fsync, rename), readable for its owner only. Makes the folder, for
/// its owner only. Throws Error.
void write_private_file(const std::filesystem::path& path, std::string_view content);

/// Makes the folder and its parents; what is new is open to its owner only. Throws Error.
void make_private_folder(const std::filesystem::path& path);

}  // namespace batchai::cli
