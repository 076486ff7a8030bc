#pragma once

#include "batchai/core/clock.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace batchai::server {

/// Slows down clients that keep trying wrong secrets: after five failures in a row there is a pause of a second, which
/// doubles with each further one up to a minute. A success, or ten minutes without a failure, resets it. Thread-safe.
class AttemptBrake {
 public:
  explicit AttemptBrake(std::shared_ptr<const Clock> clock) : clock_(std::move(clock)) {}

  /// How long `who` has to wait before the next attempt; nothing if it may try.
  std::optional<std::chrono::seconds> pause_of(const std::string& who);
  void note_failure(const std::string& who);
  void note_success(const std::string& who);

 private:
  struct Record {
    int failures = 0;
    Timestamp last{};
    Timestamp until{};
  };

  void forget_old(Timestamp now);

  std::shared_ptr<const Clock> clock_;
  std::mutex mutex_;
  std::map<std::string, Record> records_;
};

}  // namespace batchai::server
