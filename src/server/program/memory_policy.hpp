#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace batchai::server {

/// Makes the process give large blocks (the largest bodies, the memory that checking a secret takes) back to the system
/// when they are freed. By default glibc keeps them, for each of its arenas, once it has seen a few. Call it before the
/// first thread is made.
void return_large_blocks();

/// Gives back what is free between smaller blocks, in all arenas.
void return_free_memory();

/// Calls a function a while after something was done, once for all that was done meanwhile. Where nothing is done its
/// thread sleeps. Thread-safe.
class AfterActivity {
 public:
  /// `call` is called on a thread of its own and throws nothing. Throws std::system_error where the system gives no
  /// thread.
  AfterActivity(std::chrono::milliseconds delay, std::function<void()> call);
  ~AfterActivity();
  AfterActivity(const AfterActivity&) = delete;
  AfterActivity& operator=(const AfterActivity&) = delete;

  /// Something is being done. Costs next to nothing.
  void note();

 private:
  void run();

  const std::chrono::milliseconds delay_;
  const std::function<void()> call_;
  std::atomic<bool> noted_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace batchai::server
