#include "server/http/connection_registry.hpp"

#include <utility>

namespace batchai::server {

bool ConnectionRegistry::add(ConnectionHandle* key, std::weak_ptr<ConnectionHandle> connection) {
  const std::lock_guard lock(mutex_);
  if (draining_) {
    return false;
  }
  connections_.emplace(key, std::move(connection));
  return true;
}

void ConnectionRegistry::remove(ConnectionHandle* key) {
  {
    const std::lock_guard lock(mutex_);
    if (connections_.erase(key) == 0) {
      return;
    }
    if (draining_) {
      // The listener may be gone as soon as it sees the registry empty: nothing is touched after this.
      empty_.notify_all();
      return;
    }
  }
  on_removed_();
}

std::size_t ConnectionRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

void ConnectionRegistry::drain_all() {
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
  }
  for_each(&ConnectionHandle::drain);
}

void ConnectionRegistry::cut_all() { for_each(&ConnectionHandle::cut); }

bool ConnectionRegistry::wait_until_empty(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, time, [this] { return connections_.empty(); });
}

bool ConnectionRegistry::evict_longest_idle() {
  std::shared_ptr<ConnectionHandle> longest;
  std::optional<std::chrono::steady_clock::time_point> since;
  // Outside the lock: the last owner may be here, and its end removes the connection.
  for (const auto& connection : living()) {
    const auto idle = connection->idle_since();
    if (idle && (!since || *idle < *since)) {
      longest = connection;
      since = idle;
    }
  }
  if (longest) {
    longest->evict();
  }
  return longest != nullptr;
}

std::vector<std::shared_ptr<ConnectionHandle>> ConnectionRegistry::living() const {
  std::vector<std::shared_ptr<ConnectionHandle>> result;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, connection] : connections_) {
    if (auto handle = connection.lock()) {
      result.push_back(std::move(handle));
    }
  }
  return result;
}

void ConnectionRegistry::for_each(void (ConnectionHandle::*call)()) {
  for (const auto& connection : living()) {
    (*connection.*call)();
  }
}

}  // namespace batchai::server
