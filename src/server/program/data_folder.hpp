#pragma once

#include <filesystem>

namespace batchai::server {

/// Makes the service's folder (0700) with what lies in it, and returns its absolute path. Throws std::runtime_error
/// naming the folder if it cannot be made or written.
std::filesystem::path prepare_data_folder(const std::filesystem::path& folder);

}  // namespace batchai::server
