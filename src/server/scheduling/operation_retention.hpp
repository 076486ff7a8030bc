#pragma once

#include "batchai/core/clock.hpp"
#include "server/records/operations.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace batchai::server {

/// How long records of operations are kept. Those of running operations are never removed.
struct OperationRetention {
  /// After the end of an operation. Clients of ARM may rely on a day.
  std::chrono::hours keep{48};
  /// Stored records, old and new: above that the oldest ended ones are removed early.
  std::int64_t most = 100'000;
};

/// Removes records of operations that ended long ago or are too many, in small writes, so that nothing else waits for
/// the store.
class OperationPruner {
 public:
  /// `report` is called with one sentence about a failure that will be tried again. Store and clock outlive it.
  OperationPruner(
      Store& store, const Clock& clock, const OperationRetention& retention,
      std::function<void(const std::string&)> report = [](const std::string&) {});

  /// One complete pass; returns how many records were removed. Ends early when `token` says so.
  std::size_t prune(const std::stop_token& token = {});

  /// Runs passes in a thread of its own: at once and then every ten minutes.
  void start();
  /// Ends the thread after the write that runs. Idempotent.
  void stop();

 private:
  enum class Verdict { Keep, Erase, Stop };
  using Judge = std::function<Verdict(const OperationRecord&)>;

  std::size_t walk(const Judge& judge, const std::stop_token& token);
  std::size_t prune_old(const std::stop_token& token);
  std::size_t prune_surplus(const std::stop_token& token);
  void run(const std::stop_token& token);

  Store& store_;
  const Clock& clock_;
  OperationRetention retention_;
  std::function<void(const std::string&)> report_;
  std::mutex mutex_;
  std::condition_variable_any waiting_;
  std::jthread thread_;
};

}  // namespace batchai::server
