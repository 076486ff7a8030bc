#include "server/files/trash.hpp"

#include "core/random.hpp"
#include "server/files/storage_error.hpp"
#include "server/files/tree.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::server::files {
namespace {

/// No share has a dot in its name.
constexpr const char* kPrefix = ".deleted-";

/// What an earlier service has left.
std::deque<std::filesystem::path> find_trash(const std::filesystem::path& root) {
  std::deque<std::filesystem::path> trash;
  std::error_code error;
  for (const auto& account : std::filesystem::directory_iterator(root, error)) {
    std::error_code unreadable;
    for (const auto& entry : std::filesystem::directory_iterator(account.path(), unreadable)) {
      if (entry.path().filename().string().starts_with(kPrefix)) {
        trash.push_back(entry.path());
      }
    }
  }
  return trash;
}

}  // namespace

Trash::Trash(std::filesystem::path root)
    : root_(std::move(root)), waiting_(find_trash(root_)), thread_([this] { run(); }) {}

Trash::~Trash() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Trash::take(const std::string& account, const std::filesystem::path& folder) {
  std::filesystem::path hidden = root_ / account / (kPrefix + random_guid());
  if (std::rename(folder.c_str(), hidden.c_str()) != 0) {
    throw errno == ENOENT ? StorageError("ShareNotFound") : from_errno(errno);
  }
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(hidden));
  }
  changed_.notify_all();
}

void Trash::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const std::filesystem::path next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    remove(next);
    lock.lock();
  }
}

bool Trash::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

/// From open folder to open folder, never through a link: jobs may still be in there.
void Trash::empty(int folder) {
  for (const std::string& name : list_names(folder)) {
    if (is_stopping()) {
      return;
    }
    if (const Descriptor below = open_directory_at(folder, name); below.is_open()) {
      empty(below.get());
      unlinkat(folder, name.c_str(), AT_REMOVEDIR);
    } else {
      unlinkat(folder, name.c_str(), 0);
    }
  }
}

void Trash::remove(const std::filesystem::path& folder) {
  try {
    if (const Descriptor open = open_directory_at(AT_FDCWD, folder.string()); open.is_open()) {
      empty(open.get());
    }
  } catch (const StorageError&) {
    // Too deep, or somebody else removes it: what is left goes at the next start.
  } catch (const std::system_error&) {
  }
  rmdir(folder.c_str());
}

}  // namespace batchai::server::files
