#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace batchai::server {

/// The other end of a connection.
struct Peer {
  /// Its address, or the network in which its host can choose addresses.
  std::string network;
  /// This machine.
  bool near = false;
};

/// How many connections a listener accepts, and from whom.
struct ConnectionQuota {
  std::size_t all = 0;
  /// Of all: reserved for this machine.
  std::size_t reserved = 0;
  /// The most that any other network gets.
  std::size_t each = 0;

  static ConnectionQuota of(std::size_t all) { return {.all = all, .reserved = all / 16, .each = all - all / 4}; }
};

/// A connection as the listener sees it. All calls return at once and may come from any thread.
class ConnectionHandle {
 public:
  using Time = std::chrono::steady_clock::time_point;

  virtual ~ConnectionHandle() = default;
  /// Ends it after the request that runs, at once if none does.
  virtual void drain() = 0;
  /// Ends it now.
  virtual void cut() = 0;
  /// Ends it if it is still what idle_since() or owing_since() said.
  virtual void evict(Time since) = 0;
  /// Since when it waits for a next request; nothing while it has one, and before its first.
  virtual std::optional<Time> idle_since() const = 0;
  /// Since when a peer that has not signed in keeps the connection waiting: with an incomplete request, or by not
  /// receiving the answer.
  virtual std::optional<Time> owing_since() const = 0;
};

/// The open connections of a listener. Thread-safe.
class ConnectionRegistry {
 public:
  /// `evicted` counts those that made room; it outlives the registry. `on_removed` is called after a connection has
  /// gone, on the thread that ended it.
  ConnectionRegistry(ConnectionQuota quota, std::atomic<std::uint64_t>& evicted, std::function<void()> on_removed)
      : quota_(quota), evicted_(evicted), on_removed_(std::move(on_removed)) {}

  /// False once draining has begun: the connection has to be closed.
  bool add(ConnectionHandle* key, std::weak_ptr<ConnectionHandle> connection, const Peer& peer);
  void remove(ConnectionHandle* key);
  std::size_t size() const;
  void drain_all();
  void cut_all();
  /// All connections are in use: those that have got their answer should be closed.
  bool is_full() const { return size() >= quota_.all; }
  /// Whether a new connection of `peer` is within its share.
  bool has_place_for(const Peer& peer) const;
  /// Ends one connection: the one that has been idle for longest; else the one that has kept waiting for longest
  /// (owing_since), at least a tenth of a second, of the network that has most connections. False if there is none.
  bool make_room();
  /// The same among those that leave no room for a new connection of `peer`.
  bool make_room_for(const Peer& peer);
  /// Whether none is left within that time.
  bool wait_until_empty(std::chrono::milliseconds time);

 private:
  struct Entry {
    std::weak_ptr<ConnectionHandle> connection;
    Peer peer;
  };
  struct Living {
    std::shared_ptr<ConnectionHandle> connection;
    Peer peer;
    std::size_t siblings;
  };

  std::size_t count_of(const std::string& network) const;
  std::vector<Living> living() const;
  bool evict_one(const std::function<bool(const Peer&)>& among);
  void for_each(void (ConnectionHandle::*call)());

  const ConnectionQuota quota_;
  std::atomic<std::uint64_t>& evicted_;
  const std::function<void()> on_removed_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::unordered_map<ConnectionHandle*, Entry> connections_;
  std::unordered_map<std::string, std::size_t> by_network_;
  std::size_t far_ = 0;
  bool draining_ = false;
};

}  // namespace batchai::server
