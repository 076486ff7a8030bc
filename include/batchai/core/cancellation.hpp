#pragma once

#include "batchai/version.hpp"

#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

BATCHAI_NAMESPACE_BEGIN

/// Keeps a callback registered for as long as it lives. Movable, not copyable; belongs to one thread at a time.
class CancellationRegistration {
 public:
  /// Of no callback.
  CancellationRegistration() = default;
  /// Calls `callback` as CancellationToken::on_cancel does.
  CancellationRegistration(const std::stop_token& token, std::function<void()> callback)
      : callback_(std::make_unique<Callback>(token, std::move(callback))) {}
  /// The callback stays registered, by the new object.
  CancellationRegistration(CancellationRegistration&& other) noexcept = default;
  /// The same; the callback that was registered by this one before is not called any more.
  CancellationRegistration& operator=(CancellationRegistration&& other) noexcept = default;
  CancellationRegistration(const CancellationRegistration&) = delete;
  CancellationRegistration& operator=(const CancellationRegistration&) = delete;
  /// Waits for the callback if it is running on another thread.
  ~CancellationRegistration() = default;

 private:
  using Callback = std::stop_callback<std::function<void()>>;
  std::unique_ptr<Callback> callback_;
};

/// Tells work that it is no longer wanted. A default-made token is never cancelled. Thread-safe, cheap to copy.
class CancellationToken {
 public:
  CancellationToken() = default;
  /// Cancelled when `token` is asked to stop, as that of a std::jthread is when it goes away.
  CancellationToken(std::stop_token token) noexcept : token_(std::move(token)) {}

  /// Whether it has happened.
  [[nodiscard]] bool cancelled() const noexcept { return token_.stop_requested(); }

  /// Calls `callback`, which must not throw, once on cancellation, on the cancelling thread; at once if that has
  /// happened already.
  [[nodiscard]] CancellationRegistration on_cancel(std::function<void()> callback) const {
    return {token_, std::move(callback)};
  }

 private:
  std::stop_token token_;
};

/// The side that cancels. Copies cancel the same tokens. Thread-safe.
class CancellationSource {
 public:
  /// Cancelled when this source, or a copy of it, is.
  [[nodiscard]] CancellationToken token() const noexcept { return source_.get_token(); }
  /// Idempotent. Runs the registered callbacks on this thread; not to be called from a signal handler.
  void cancel() { source_.request_stop(); }

 private:
  std::stop_source source_;
};

BATCHAI_NAMESPACE_END
