#pragma once

#include "batchai/core/context.hpp"

#include <condition_variable>
#include <mutex>

namespace batchai {

/// A lock that one thread holds at a time, as a mutex, but that is waited for only as long as the call allows.
class InterruptibleMutex {
 public:
  /// Waits for the turn. Throws Cancelled or DeadlineExceeded instead of having it.
  void take(const CallContext& context);
  void give_back();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool taken_ = false;
};

/// Holds a turn while it lives.
class InterruptibleLock {
 public:
  InterruptibleLock(InterruptibleMutex& turn, const CallContext& context) : turn_(turn) { turn_.take(context); }
  ~InterruptibleLock() { turn_.give_back(); }
  InterruptibleLock(const InterruptibleLock&) = delete;
  InterruptibleLock& operator=(const InterruptibleLock&) = delete;

 private:
  InterruptibleMutex& turn_;
};

}  // namespace batchai
