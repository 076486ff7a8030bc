#include "server/store/database_files.hpp"

#include "server/records/store_error.hpp"

#include <cerrno>
#include <cstring>

#include <sys/stat.h>

namespace batchai::server::sqlite {

namespace {

constexpr std::chrono::milliseconds kRecent{10};

}  // namespace

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

std::optional<std::string> DatabaseFiles::recent_problem() {
  return std::chrono::steady_clock::now() - well_.load() < kRecent ? std::nullopt : problem();
}

std::optional<std::string> DatabaseFiles::problem() {
  const auto now = std::chrono::steady_clock::now();
  auto found = find_problem();
  well_ = found ? std::chrono::steady_clock::time_point() : now;
  return found;
}

std::optional<std::string> DatabaseFiles::find_problem() const {
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
