#include "server/trash/trash.hpp"

#include "core/random.hpp"

#include <exception>
#include <iterator>
#include <utility>

namespace batchai::server {
namespace {

namespace fs = std::filesystem;

std::deque<fs::path> entries_of(const fs::path& folder) {
  std::deque<fs::path> entries;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    entries.push_back(entry.path());
  }
  return entries;
}

}  // namespace

Trash::Trash(TrashOptions options)
    : options_(std::move(options)), waiting_(entries_of(options_.folder)), thread_([this] { run(); }) {}

Trash::~Trash() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::error_code Trash::take(const fs::path& path) {
  std::error_code ignored;
  fs::create_directory(options_.folder, ignored);
  fs::path hidden = options_.folder / random_guid();
  if (const auto error = rename_tree(path, hidden)) {
    return error == std::errc::cross_device_link ? remove_tree(path, {.before = options_.before}) : error;
  }
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(hidden));
    std::move(left_.begin(), left_.end(), std::back_inserter(waiting_));
    left_.clear();
  }
  changed_.notify_all();
  return {};
}

void Trash::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    fs::path next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const std::string reason = remove(next);
    lock.lock();
    if (!reason.empty() && !stopping_) {
      left_.push_back(next);
      lock.unlock();
      options_.report("The deleted folder " + next.string() +
                      " could not be removed and is tried again later: " + reason);
      lock.lock();
    }
  }
}

bool Trash::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

std::string Trash::remove(const fs::path& path) {
  try {
    const auto error = remove_tree(path, {.stop = [this] { return is_stopping(); }, .before = options_.before});
    return error ? error.message() : std::string();
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace batchai::server
