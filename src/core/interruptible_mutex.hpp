#pragma once

#include "batchai/core/context.hpp"

#include <condition_variable>
#include <mutex>

namespace batchai::inline v1 {

/// A mutex that is waited for only as long as the call allows.
class InterruptibleMutex {
 public:
  /// Waits for the lock. Throws Cancelled or DeadlineExceeded, and does not hold it then.
  void take(const CallContext& context);
  void give_back();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool taken_ = false;
};

/// Holds the lock while it lives.
class InterruptibleLock {
 public:
  InterruptibleLock(InterruptibleMutex& turn, const CallContext& context) : turn_(turn) { turn_.take(context); }
  ~InterruptibleLock() { turn_.give_back(); }
  InterruptibleLock(const InterruptibleLock&) = delete;
  InterruptibleLock& operator=(const InterruptibleLock&) = delete;

 private:
  InterruptibleMutex& turn_;
};

}  // namespace batchai::inline v1
