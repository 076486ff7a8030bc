#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/error.hpp"
#include "batchai/files/transfer_options.hpp"
#include "files/transfer/connection_gate.hpp"
#include "files/transfer/kept_marks.hpp"
#include "files/transfer/memory_budget.hpp"
#include "files/transfer/transfer_counters.hpp"

#include <atomic>
#include <string>
#include <type_traits>

namespace batchai::inline v1::files {

/// What all files of a run share: connections, memory, and how long failures are retried. Thread-safe.
class Engine {
 public:
  Engine(const TransferOptions& options, const CallContext& context);

  const TransferOptions& options() const noexcept { return options_; }
  const CallContext& context() const noexcept { return context_; }
  Clock& clock() const noexcept { return *clock_; }
  TransferCounters& counters() noexcept { return counters_; }
  KeptMarks& marks() noexcept { return marks_; }

  /// Room for a request that carries content, and for `bytes` that are held beside it.
  MemoryBudget::Share take_memory(std::uint64_t bytes);

  /// Tells how much the request moves that is under way, before it ends: by that the number of requests is chosen.
  void carried(std::uint64_t bytes) { gate_.moved(bytes); }

  /// Makes a request through the gate, and repeats it after transient failures. `request` takes the call's context; its
  /// client must not repeat anything itself. `what` names it in the log.
  template <class Request>
  auto call(const std::string& what, const Request& request) {
    Attempts attempts;
    for (;;) {
      unsigned generation = 0;
      try {
        auto permit = gate_.enter(context_);
        generation = permit.generation();
        if constexpr (std::is_void_v<decltype(request(context_))>) {
          request(context_);
          note_success(permit);
          return;
        } else {
          auto result = request(context_);
          note_success(permit);
          return result;
        }
      } catch (const Error& error) {
        wait_after(error, what, generation, attempts);
      }
    }
  }

 private:
  struct Attempts {
    int count = 0;
    std::chrono::steady_clock::time_point first_failure = {};
  };

  void note_success(ConnectionGate::Permit& permit);
  /// Called while `error` is handled; rethrows it when there is to be no further attempt.
  void wait_after(const Error& error, const std::string& what, unsigned generation, Attempts& attempts);

  const TransferOptions& options_;
  const CallContext context_;
  std::shared_ptr<Clock> clock_;
  ConnectionGate gate_;
  MemoryBudget memory_;
  TransferCounters counters_;
  KeptMarks marks_;
  std::atomic<bool> reached_ = false;
};

}  // namespace batchai::inline v1::files
