#include "server/program/data_folder.hpp"

#include <stdexcept>

#include <unistd.h>

namespace batchai::server {

std::filesystem::path prepare_data_folder(const std::filesystem::path& folder) {
  std::filesystem::path absolute = std::filesystem::absolute(folder);
  std::error_code error;
  // Not what create_directories returns, which is wrong for a path with a slash at its end.
  const bool is_new = !std::filesystem::exists(absolute, error);
  std::filesystem::create_directories(absolute, error);
  if (is_new && !error) {
    std::filesystem::permissions(absolute, std::filesystem::perms::owner_all, error);
  }
  for (const char* name : {"tls", "files", "blobs", "runs", "nodes", "log", "principals"}) {
    if (!error && std::filesystem::create_directory(absolute / name, error)) {
      std::filesystem::permissions(absolute / name, std::filesystem::perms::owner_all, error);
    }
  }
  if (!error && ::access(absolute.c_str(), R_OK | W_OK | X_OK) != 0) {
    error = std::error_code(errno, std::generic_category());
  }
  if (error) {
    throw std::runtime_error("cannot use the data folder " + absolute.string() + ": " + error.message());
  }
  return absolute;
}

}  // namespace batchai::server
