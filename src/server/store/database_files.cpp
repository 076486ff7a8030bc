#include "server/store/database_files.hpp"

#include "server/records/store_error.hpp"

#include <cerrno>
#include <cstring>

#include <sys/stat.h>

namespace batchai::server::sqlite {

DatabaseFiles::DatabaseFiles(const std::filesystem::path& file) {
  auto log = file;
  log += "-wal";
  for (const auto& path : {file, log}) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
      throw StoreError("The service database file " + path.string() + " cannot be read: " + std::strerror(errno) + ".");
    }
    known_.push_back({path, status.st_dev, status.st_ino, path == file});
  }
}

std::optional<std::string> DatabaseFiles::problem() const {
  for (const Known& known : known_) {
    const std::string name = known.path.filename().string();
    struct stat status {};
    if (::stat(known.path.c_str(), &status) != 0) {
      return name + " has been removed";
    }
    if (status.st_dev != known.device || status.st_ino != known.number) {
      return name + " has been replaced by another file";
    }
    if (known.is_database && status.st_size == 0) {
      return name + " has been emptied";
    }
  }
  return std::nullopt;
}

}  // namespace batchai::server::sqlite
