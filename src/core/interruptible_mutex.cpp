#include "core/interruptible_mutex.hpp"

#include "batchai/core/error.hpp"

namespace batchai::inline v1 {

void InterruptibleMutex::take(const CallContext& context) {
  bool cancelled = false;
  const auto registration = context.cancellation.on_cancel([&] {
    const std::scoped_lock lock(mutex_);
    cancelled = true;
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  const auto over = [&] { return cancelled || !taken_; };
  if (!context.deadline) {
    changed_.wait(lock, over);
  } else if (!changed_.wait_until(lock, *context.deadline, over)) {
    throw DeadlineExceeded("another thread was still at it when the time was up");
  }
  if (cancelled) {
    throw Cancelled();
  }
  taken_ = true;
}

void InterruptibleMutex::give_back() {
  const std::scoped_lock lock(mutex_);
  taken_ = false;
  changed_.notify_all();
}

}  // namespace batchai::inline v1
