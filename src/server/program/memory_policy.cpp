#include "server/program/memory_policy.hpp"

#include <utility>

#include <malloc.h>

namespace batchai::server {
namespace {

/// The ranges of files that clients write, up to 4 MiB, are not among the large blocks: each would be made of new
/// pages, which takes more time than all that is done with their bytes.
constexpr int kLargeBytes = 5 * 1024 * 1024;
/// Of free memory at the end of a heap, of which each thread that reads requests has one: return_free_memory() leaves
/// that alone.
constexpr int kKeptBytes = 8 * 1024 * 1024;

}  // namespace

// Set once, the threshold does not grow any more with what is freed (mallopt(3)).
void return_large_blocks() {
  ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
}

void return_free_memory() { ::malloc_trim(0); }

AfterActivity::AfterActivity(std::chrono::milliseconds delay, std::function<void()> call)
    : delay_(delay), call_(std::move(call)), thread_([this] { run(); }) {}

AfterActivity::~AfterActivity() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void AfterActivity::note() {
  if (!noted_.load(std::memory_order_relaxed) && !noted_.exchange(true)) {
    const std::lock_guard lock(mutex_);
    changed_.notify_one();
  }
}

void AfterActivity::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || noted_; });
    if (changed_.wait_for(lock, delay_, [this] { return ending_; })) {
      return;
    }
    noted_ = false;
    lock.unlock();
    call_();
    lock.lock();
  }
}

}  // namespace batchai::server
