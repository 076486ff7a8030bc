#pragma once

#include "batchai/core/clock.hpp"
#include "server/records/store.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// One check of health. `failure` returns nothing while all is well, else what is wrong.
struct HealthCheck {
  std::string name;
  std::function<std::optional<std::string>()> failure;
};

/// Whether a store accepts writes: writes a small document, at most every five seconds, since anybody may ask.
/// Thread-safe.
class StoreProbe {
 public:
  StoreProbe(Store& store, const Clock& clock) : store_(store), clock_(clock) {}
  std::optional<std::string> failure();

 private:
  Store& store_;
  const Clock& clock_;
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> tried_;
  std::optional<std::string> last_;
};

/// Whether a loop is still running: it has to call beat() again and again. Thread-safe.
class Heartbeat {
 public:
  Heartbeat(const Clock& clock, std::chrono::seconds longest_silence)
      : clock_(clock), longest_silence_(longest_silence), last_(clock.steady_now()) {}
  void beat();
  std::optional<std::chrono::seconds> silent_for() const;

 private:
  const Clock& clock_;
  std::chrono::seconds longest_silence_;
  mutable std::mutex mutex_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace batchai::server
