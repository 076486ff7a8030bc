#include "batchai/core/cancellation.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace batchai::inline v1 {

/// Shared by a source, its tokens and their registrations.
class CancellationState {
 public:
  bool cancelled() const {
    const std::scoped_lock lock(mutex_);
    return cancelled_;
  }

  /// The id to remove it by; 0 when `callback` was called at once instead.
  unsigned long add(std::function<void()> callback) {
    std::unique_lock lock(mutex_);
    if (cancelled_) {
      lock.unlock();
      callback();
      return 0;
    }
    callbacks_.emplace(++last_id_, std::move(callback));
    return last_id_;
  }

  void remove(unsigned long id) {
    std::unique_lock lock(mutex_);
    callbacks_.erase(id);
    // A callback that removes itself must not wait for its own end.
    idle_.wait(lock, [&] { return running_ != id || runner_ == std::this_thread::get_id(); });
  }

  void cancel() {
    std::unique_lock lock(mutex_);
    if (std::exchange(cancelled_, true)) {
      return;
    }
    runner_ = std::this_thread::get_id();
    while (!callbacks_.empty()) {
      auto node = callbacks_.extract(callbacks_.begin());
      running_ = node.key();
      lock.unlock();
      node.mapped()();
      lock.lock();
      running_ = 0;
      idle_.notify_all();
    }
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::map<unsigned long, std::function<void()>> callbacks_;
  unsigned long last_id_ = 0;
  unsigned long running_ = 0;
  std::thread::id runner_;
  bool cancelled_ = false;
};

CancellationRegistration::CancellationRegistration(std::shared_ptr<CancellationState> state, unsigned long id)
    : state_(std::move(state)), id_(id) {}

CancellationRegistration::CancellationRegistration(CancellationRegistration&& other) noexcept
    : state_(std::move(other.state_)), id_(std::exchange(other.id_, 0)) {}

CancellationRegistration& CancellationRegistration::operator=(CancellationRegistration&& other) noexcept {
  if (this != &other) {
    release();
    state_ = std::move(other.state_);
    id_ = std::exchange(other.id_, 0);
  }
  return *this;
}

CancellationRegistration::~CancellationRegistration() { release(); }

void CancellationRegistration::release() noexcept {
  if (state_ != nullptr && id_ != 0) {
    state_->remove(id_);
  }
  state_.reset();
  id_ = 0;
}

bool CancellationToken::cancelled() const noexcept { return state_ != nullptr && state_->cancelled(); }

CancellationRegistration CancellationToken::on_cancel(std::function<void()> callback) const {
  if (state_ == nullptr) {
    return {};
  }
  const unsigned long id = state_->add(std::move(callback));
  return {state_, id};
}

CancellationSource::CancellationSource() : state_(std::make_shared<CancellationState>()) {}

CancellationToken CancellationSource::token() const { return CancellationToken(state_); }

void CancellationSource::cancel() { state_->cancel(); }

}  // namespace batchai::inline v1
