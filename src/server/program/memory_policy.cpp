#include "server/program/memory_policy.hpp"

#include <utility>

#include <malloc.h>

namespace batchai::server {
namespace {

/// More than the buffers of a single request.
constexpr int kLargeBytes = 512 * 1024;

}  // namespace

// Set once, the threshold does not grow any more with what is freed (mallopt(3)).
void return_large_blocks() { ::mallopt(M_MMAP_THRESHOLD, kLargeBytes); }

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
