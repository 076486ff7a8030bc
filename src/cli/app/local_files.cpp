#include "cli/app/local_files.hpp"

#include <cerrno>
#include <cstring>

#include <sys/stat.h>

namespace batchai::cli {

std::optional<std::string> missing_file(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) {
    return std::nullopt;
  }
  if (errno == ENOENT || errno == ENOTDIR) {
    return "there is no file '" + path + "'";
  }
  return "'" + path + "': " + std::strerror(errno);
}

}  // namespace batchai::cli
