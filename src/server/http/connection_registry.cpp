#include "server/http/connection_registry.hpp"

#include <tuple>
#include <utility>

namespace batchai::server {
namespace {

/// For a peer to send its request before it may have to make room for others.
constexpr std::chrono::milliseconds kStay{100};

}  // namespace

bool ConnectionRegistry::add(ConnectionHandle* key, std::weak_ptr<ConnectionHandle> connection, const Peer& peer) {
  const std::lock_guard lock(mutex_);
  if (draining_) {
    return false;
  }
  connections_.emplace(key, Entry{std::move(connection), peer});
  ++by_network_[peer.network];
  far_ += peer.near ? 0 : 1;
  return true;
}

void ConnectionRegistry::remove(ConnectionHandle* key) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = connections_.find(key);
    if (found == connections_.end()) {
      return;
    }
    const Peer& peer = found->second.peer;
    far_ -= peer.near ? 0 : 1;
    if (--by_network_[peer.network] == 0) {
      by_network_.erase(peer.network);
    }
    connections_.erase(found);
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

std::size_t ConnectionRegistry::count_of(const std::string& network) const {
  const auto found = by_network_.find(network);
  return found == by_network_.end() ? 0 : found->second;
}

bool ConnectionRegistry::has_place_for(const Peer& peer) const {
  const std::lock_guard lock(mutex_);
  return peer.near || (far_ < quota_.all - quota_.reserved && count_of(peer.network) < quota_.each);
}

bool ConnectionRegistry::make_room() {
  return evict_one([](const Peer&) { return true; });
}

bool ConnectionRegistry::make_room_for(const Peer& peer) {
  bool own_share_is_used = false;
  {
    const std::lock_guard lock(mutex_);
    own_share_is_used = count_of(peer.network) >= quota_.each;
  }
  return evict_one([&](const Peer& other) {
    return own_share_is_used ? !other.near && other.network == peer.network : !other.near;
  });
}

bool ConnectionRegistry::evict_one(const std::function<bool(const Peer&)>& among) {
  std::shared_ptr<ConnectionHandle> chosen;
  std::optional<std::tuple<bool, std::size_t, ConnectionHandle::Time>> rank;
  const auto latest = std::chrono::steady_clock::now() - kStay;
  // Outside the lock: the last owner may be here, and its end removes the connection.
  for (const auto& [connection, peer, siblings] : living()) {
    const auto idle = connection->idle_since();
    const auto owing = connection->owing_since();
    if (!among(peer) || (!idle && (!owing || *owing > latest))) {
      continue;
    }
    const std::tuple mine(!idle, idle ? 0 : ~siblings, idle ? *idle : *owing);
    if (!rank || mine < *rank) {
      chosen = connection;
      rank = mine;
    }
  }
  if (chosen) {
    ++evicted_;  // before anybody can see the connection end
    chosen->evict(std::get<2>(*rank));
  }
  return chosen != nullptr;
}

std::vector<ConnectionRegistry::Living> ConnectionRegistry::living() const {
  std::vector<Living> result;
  const std::lock_guard lock(mutex_);
  result.reserve(connections_.size());
  for (const auto& [key, entry] : connections_) {
    if (auto connection = entry.connection.lock()) {
      result.push_back({std::move(connection), entry.peer, count_of(entry.peer.network)});
    }
  }
  return result;
}

void ConnectionRegistry::for_each(void (ConnectionHandle::*call)()) {
  for (const auto& each : living()) {
    (*each.connection.*call)();
  }
}

}  // namespace batchai::server
