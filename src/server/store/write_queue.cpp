#include "server/store/write_queue.hpp"

#include "server/records/store_error.hpp"

namespace batchai::server::sqlite {

void QueuedWrite::run(Transaction& transaction) noexcept {
  try {
    work_(transaction);
  } catch (...) {
    failure_ = std::current_exception();
  }
}

/// Takes its members from the queue one by one, so that those that arrive while it runs come along, too.
class WriteQueue::Group {
 public:
  /// With the queue's mutex, and a write that waits.
  explicit Group(WriteQueue& queue) : queue_(queue) { take(); }

  void run() noexcept {
    bool first = true;
    try {
      queue_.run_group_([&] { return std::exchange(first, false) ? members_.front() : next(); });
    } catch (const std::exception& error) {
      fail(error.what());
    }
  }

  /// With the queue's mutex: a thread that is woken needs it before it can take its write away.
  void wake_members() {
    for (QueuedWrite* member : members_) {
      member->ended_ = true;
      member->woken_.notify_one();
    }
  }

 private:
  QueuedWrite* next() {
    const std::scoped_lock lock(queue_.mutex_);
    return queue_.waiting_.empty() || is_complete() ? nullptr : take();
  }

  QueuedWrite* take() {
    members_.splice(members_.end(), queue_.waiting_, queue_.waiting_.begin());
    return members_.back();
  }

  bool is_complete() const {
    return members_.size() >= queue_.limits_.writes || std::chrono::steady_clock::now() - begin_ >= queue_.limits_.time;
  }

  /// Each gets an exception of its own: they are thrown in several threads.
  void fail(const char* reason) {
    for (QueuedWrite* member : members_) {
      try {
        throw StoreError(reason);
      } catch (...) {
        member->failure_ = member->failure_ ? member->failure_ : std::current_exception();
      }
    }
  }

  WriteQueue& queue_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::list<QueuedWrite*> members_;
};

void WriteQueue::run_a_group(std::unique_lock<std::mutex>& lock) {
  Group group(*this);
  busy_ = true;
  lock.unlock();
  group.run();
  lock.lock();
  busy_ = false;
  if (!waiting_.empty()) {
    waiting_.front()->woken_.notify_one();
  }
  group.wake_members();
}

void WriteQueue::write(const QueuedWrite::Work& work) {
  QueuedWrite self(work);
  {
    std::unique_lock lock(mutex_);
    waiting_.push_back(&self);
    self.woken_.wait(lock, [&] { return self.ended_ || (!busy_ && waiting_.front() == &self); });
    if (!self.ended_) {
      run_a_group(lock);
    }
  }
  if (self.failure_) {
    std::rethrow_exception(self.failure_);
  }
}

}  // namespace batchai::server::sqlite
