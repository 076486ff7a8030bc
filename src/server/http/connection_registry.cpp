#include "server/http/connection_registry.hpp"

#include <vector>

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

void ConnectionRegistry::for_each(void (ConnectionHandle::*call)()) {
  std::vector<std::shared_ptr<ConnectionHandle>> living;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, connection] : connections_) {
      living.push_back(connection.lock());
    }
  }
  // Outside the lock: the last owner may be here, and its end removes the connection.
  for (const auto& connection : living) {
    if (connection) {
      ((*connection).*call)();
    }
  }
}

}  // namespace batchai::server
