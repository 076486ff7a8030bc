#pragma once

#include <atomic>
#include <cstdint>

namespace batchai::server {

/// What a listener has done since its start. Written by the listener, read by any thread.
struct ListenerCounters {
  std::atomic<std::uint64_t> accepted = 0;
  /// Peers that took too long: a head or body that did not end, an answer not taken, silence on an idle connection.
  std::atomic<std::uint64_t> timed_out = 0;
  /// Connections that had to make room for others: idle ones, and those with incomplete requests.
  std::atomic<std::uint64_t> evicted = 0;
  /// Connections beyond the share of their network that were closed at once.
  std::atomic<std::uint64_t> turned_away = 0;
  /// Connections that ended because there was no memory for them.
  std::atomic<std::uint64_t> out_of_memory = 0;
  /// Connections that could not be accepted, as when the process has run out of descriptors.
  std::atomic<std::uint64_t> accept_failures = 0;
};

}  // namespace batchai::server
