#pragma once

#include "batchai/version.hpp"

#include <functional>
#include <memory>

BATCHAI_NAMESPACE_BEGIN

class CancellationState;

/// Keeps a callback registered for as long as it lives. Movable, not copyable.
class CancellationRegistration {
 public:
  CancellationRegistration() = default;
  CancellationRegistration(std::shared_ptr<CancellationState> state, unsigned long id);
  CancellationRegistration(CancellationRegistration&& other) noexcept;
  CancellationRegistration& operator=(CancellationRegistration&& other) noexcept;
  CancellationRegistration(const CancellationRegistration&) = delete;
  CancellationRegistration& operator=(const CancellationRegistration&) = delete;
  /// Waits for the callback if it is running on another thread.
  ~CancellationRegistration();

 private:
  void release() noexcept;
  std::shared_ptr<CancellationState> state_;
  unsigned long id_ = 0;
};

/// Tells work that it is no longer wanted. A default-made token is never cancelled. Thread-safe, cheap to copy.
class CancellationToken {
 public:
  CancellationToken() = default;
  explicit CancellationToken(std::shared_ptr<CancellationState> state) : state_(std::move(state)) {}

  bool cancelled() const noexcept;

  /// Calls `callback` once on cancellation, on the cancelling thread; at once if that has happened already.
  [[nodiscard]] CancellationRegistration on_cancel(std::function<void()> callback) const;

 private:
  std::shared_ptr<CancellationState> state_;
};

/// The side that cancels. Thread-safe.
class CancellationSource {
 public:
  CancellationSource();
  CancellationToken token() const;
  /// Idempotent. Runs the registered callbacks on this thread; not to be called from a signal handler.
  void cancel();

 private:
  std::shared_ptr<CancellationState> state_;
};

BATCHAI_NAMESPACE_END
