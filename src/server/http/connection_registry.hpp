#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace batchai::server {

/// A connection as the listener sees it. All calls return at once and may come from any thread.
class ConnectionHandle {
 public:
  virtual ~ConnectionHandle() = default;
  /// Ends it after the request that runs, at once if none does.
  virtual void drain() = 0;
  /// Ends it now.
  virtual void cut() = 0;
  /// Ends it unless a request has begun meanwhile, or it still waits for its first.
  virtual void evict() = 0;
  /// Since when it waits for a next request; nothing while it has one, and before its first.
  virtual std::optional<std::chrono::steady_clock::time_point> idle_since() const = 0;
};

/// The living connections of a listener. Thread-safe.
class ConnectionRegistry {
 public:
  /// `on_removed` is called after a connection has gone, on the thread that ended it.
  explicit ConnectionRegistry(std::function<void()> on_removed) : on_removed_(std::move(on_removed)) {}

  /// False once draining has begun: the connection is not wanted any more.
  bool add(ConnectionHandle* key, std::weak_ptr<ConnectionHandle> connection);
  void remove(ConnectionHandle* key);
  std::size_t size() const;
  void drain_all();
  void cut_all();
  /// Ends the connection that has been idle for longest. False if none is idle.
  bool evict_longest_idle();
  /// No more connections are taken for now: those that get their answer should not stay.
  bool crowded() const noexcept { return crowded_; }
  void set_crowded(bool crowded) noexcept { crowded_ = crowded; }
  /// Whether none is left within that time.
  bool wait_until_empty(std::chrono::milliseconds time);

 private:
  std::vector<std::shared_ptr<ConnectionHandle>> living() const;
  void for_each(void (ConnectionHandle::*call)());

  const std::function<void()> on_removed_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::unordered_map<ConnectionHandle*, std::weak_ptr<ConnectionHandle>> connections_;
  bool draining_ = false;
  std::atomic<bool> crowded_ = false;
};

}  // namespace batchai::server
