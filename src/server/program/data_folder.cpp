#include "server/program/data_folder.hpp"

#include "core/descriptor.hpp"
#include "server/store/sqlite_store.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server {
namespace {

/// For the database's companions, the records of runs and endpoints.json.
constexpr off_t kReserveBytes = 1024 * 1024;

std::string octal(mode_t mode) {
  std::ostringstream text;
  text << '0' << std::oct << (mode & 07777U);
  return text.str();
}

}  // namespace

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

DiskReserve::DiskReserve(const std::filesystem::path& folder) : file_(folder / "reserve") {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

bool DiskReserve::keep() const {
  const Descriptor file(::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file && ::posix_fallocate(file.get(), 0, kReserveBytes) == 0) {
    return true;
  }
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
  return false;
}

std::vector<std::string> exposed_folders(const std::filesystem::path& folder) {
  std::vector<std::string> result;
  std::error_code error;
  std::filesystem::path place = std::filesystem::canonical(folder, error);
  for (bool more = !error; more; place = place.parent_path()) {
    more = place != place.parent_path();
    struct stat status {};
    if (::stat(place.c_str(), &status) != 0) {
      continue;
    }
    const std::string name = "The folder " + place.string();
    const bool sticky = place != folder && (status.st_mode & S_ISVTX) != 0;
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky) {
      result.push_back(name + " can be changed by others (mode " + octal(status.st_mode) +
                       "), and with it what the service keeps: chmod go-w " + place.string());
    }
    if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
      result.push_back(name + " belongs to another user, who can change what the service keeps: chown it");
    }
  }
  return result;
}

namespace {

/// Folders in which services keep data, and a word for what is in them.
constexpr std::pair<const char*, const char*> kKept[] = {
    {"files", "shares"}, {"blobs", "blob containers"}, {"runs", "jobs"}, {"fileservers", "file servers"}};

bool holds_entries(const std::filesystem::path& folder) {
  std::error_code error;
  const auto entries = std::filesystem::directory_iterator(folder, error);
  return !error && std::any_of(begin(entries), end(entries),
                               [](const auto& entry) { return !entry.path().filename().string().starts_with('.'); });
}

/// As `shares and jobs`; empty for a folder that no service has used.
std::string leftovers(const std::filesystem::path& folder) {
  std::string words;
  for (const auto& [name, word] : kKept) {
    if (holds_entries(folder / name)) {
      words += (words.empty() ? "" : ", ") + std::string(word);
    }
  }
  return words.empty() && std::filesystem::exists(folder / "endpoints.json") ? "endpoints.json" : words;
}

std::string advice(const std::filesystem::path& database) {
  const auto rescued = SqliteStore::rescued_copy(database);
  const std::string copy = std::filesystem::exists(rescued)
                               ? "delete batchai.db-wal and batchai.db-shm, and rename " + rescued.string() +
                                     ", in which the service saved it when it was lost, to batchai.db"
                               : "put it back from a copy";
  return copy +
         "; or start once with --new-database: a new service takes over shares and containers, and all else is lost";
}

}  // namespace

void check_database(const std::filesystem::path& folder, const std::filesystem::path& database, bool takes_over) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(database, missing);
  const bool is_there = !missing && size > 0;
  if (takes_over && is_there) {
    throw std::runtime_error("--new-database: there is a database, " + database.string() + "; leave the option out");
  }
  if (takes_over || is_there) {
    return;
  }
  if (const std::string left = leftovers(folder); !left.empty()) {
    throw std::runtime_error("the database " + database.string() + " is " + (missing ? "missing" : "empty") +
                             ", and the data folder holds what a service has left (" + left + "): " + advice(database));
  }
}

}  // namespace batchai::server
