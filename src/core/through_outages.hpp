#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/context.hpp"
#include "batchai/core/outage.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <optional>

namespace batchai::inline v1 {

/// Repeats reads while the service cannot be reached, so that its restart does not end something long. Not thread-safe.
class ThroughOutages {
 public:
  enum class Since {
    kFirstSuccess,
    /// The service has answered already.
    kNow
  };

  ThroughOutages(OutageOptions options, CallContext context, std::shared_ptr<Clock> clock,
                 Since since = Since::kFirstSuccess);

  /// What `read` returns. Throws what it throws, transient errors only after OutageOptions::patience of nothing else;
  /// at the deadline the last of them, or DeadlineExceeded where the service answers.
  template <class Read>
  auto operator()(Read read) {
    for (;;) {
      try {
        auto result = read();
        note_success();
        return result;
      } catch (const Error& error) {
        note_failure(error);
      }
    }
  }

  /// Waits between two reads; at the deadline it throws as operator() does.
  void pause(Duration length) const;

 private:
  void note_success();
  /// Called while the error is handled; rethrows it when it has been repeated for too long.
  void note_failure(const Error& error);
  [[noreturn]] void give_up() const;

  OutageOptions options_;
  CallContext context_;
  std::shared_ptr<Clock> clock_;
  bool reached_;
  std::optional<std::chrono::steady_clock::time_point> unreachable_since_;
  /// Why it is unreachable.
  std::exception_ptr trouble_;
};

}  // namespace batchai::inline v1
