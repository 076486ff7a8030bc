#pragma once

#include "cli/app/context.hpp"

#include <chrono>
#include <exception>
#include <optional>

namespace batchai::cli {

/// Repeats reads while the service cannot be reached, so that its restart does not end something long. Before the
/// first success nothing is repeated: a wrong address should be reported at once. Not thread-safe.
class RetryWhileUnreachable {
 public:
  enum class Since {
    kFirstSuccess,
    /// The service has answered already.
    kNow
  };

  explicit RetryWhileUnreachable(const Context& context, Since since = Since::kFirstSuccess)
      : context_(context), reached_(since == Since::kNow) {}

  /// What `read` returns. Throws what it throws, transient errors only after some minutes of nothing else; at the end
  /// of
  /// --timeout the last of them, or GaveUp where the service answers.
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

 private:
  void note_success();
  /// Called while the error is handled; rethrows it when it has been repeated for too long.
  void note_failure(const Error& error);
  void pause() const;
  [[noreturn]] void give_up() const;
  void tell(const std::string& line) const;

  const Context& context_;
  bool reached_;
  std::optional<std::chrono::steady_clock::time_point> unreachable_since_;
  /// Why it is unreachable.
  std::exception_ptr trouble_;
};

}  // namespace batchai::cli
