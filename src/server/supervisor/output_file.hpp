#pragma once

#include "core/descriptor.hpp"

#include <filesystem>

#include <fcntl.h>

namespace batchai::server {

/// Opens a file to write to, made if missing (0644). `flags` are those of open(2) besides the access mode. Never waits,
/// as opening a pipe would for its reader: what is there has to be a regular file, or the null device; symbolic links
/// are followed. Throws std::system_error or std::runtime_error, naming the file.
Descriptor open_output_file(const std::filesystem::path& path, int flags);

/// How it is opened, and what is done with it then: the second half, for a descriptor that may be none, with errno.
inline constexpr int kOutputFlags = O_WRONLY | O_CREAT | O_NOCTTY | O_NONBLOCK;
inline constexpr unsigned kOutputMode = 0644;
Descriptor checked_output(Descriptor file, const std::filesystem::path& path);

}  // namespace batchai::server
