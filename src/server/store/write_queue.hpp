#pragma once

#include "server/records/store.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <utility>

namespace batchai::server::sqlite {

/// A write whose thread waits for its end.
class QueuedWrite {
 public:
  using Work = std::function<void(Transaction&)>;

  /// `work` outlives it.
  explicit QueuedWrite(const Work& work) : work_(work) {}

  /// Calls the work, and keeps what it throws for the thread that waits.
  void run(Transaction& transaction) noexcept;
  std::exception_ptr failure() const noexcept { return failure_; }

 private:
  friend class WriteQueue;

  const Work& work_;
  std::exception_ptr failure_;
  bool ended_ = false;
  std::condition_variable woken_;
};

/// When a group takes no more writes.
struct GroupLimits {
  std::size_t writes = 256;
  /// Since its start: its first writer waits for all of it.
  std::chrono::steady_clock::duration time = std::chrono::milliseconds(20);
};

/// Lets writers that arrive while another group is being written go together in the next one. There is no thread for
/// it: the first of those that wait runs the group, and the others wait for their answers. A writer that is alone
/// changes no thread.
class WriteQueue {
 public:
  /// The next write of the group, the runner's own first; null where the group ends: nobody else waits, or it has
  /// reached a limit.
  using Next = std::function<QueuedWrite*()>;
  /// Runs writes as long as there are some, and makes them durable. If it throws a StoreError, all that it has been
  /// given fail with that, except those whose own work has thrown. Called by one thread at a time.
  using RunGroup = std::function<void(const Next&)>;

  explicit WriteQueue(RunGroup run_group, GroupLimits limits = {})
      : run_group_(std::move(run_group)), limits_(limits) {}

  /// Returns when the group that `work` was in has ended, and throws what `work` has thrown, or why the group failed.
  /// Thread-safe. `work` may run on any thread that is in here. So it must not wait for what a caller of this function
  /// holds (a mutex that is locked around the call), nor call this function.
  void write(const QueuedWrite::Work& work);

 private:
  class Group;
  void run_a_group(std::unique_lock<std::mutex>& lock);

  RunGroup run_group_;
  GroupLimits limits_;
  std::mutex mutex_;
  bool busy_ = false;
  std::list<QueuedWrite*> waiting_;
};

}  // namespace batchai::server::sqlite
