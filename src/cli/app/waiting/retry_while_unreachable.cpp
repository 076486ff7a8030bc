#include "cli/app/waiting/retry_while_unreachable.hpp"

#include "batchai/core/failure_kind.hpp"

namespace batchai::cli {
namespace {

constexpr std::chrono::seconds kPause{1};
constexpr std::chrono::minutes kLongest{10};

}  // namespace

void RetryWhileUnreachable::note_success() {
  reached_ = true;
  if (unreachable_since_) {
    tell("the service answers again");
    unreachable_since_.reset();
    trouble_ = nullptr;
  }
}

void RetryWhileUnreachable::note_failure(const Error& error) {
  if (reached_ && dynamic_cast<const DeadlineExceeded*>(&error) != nullptr) {
    give_up();
  }
  if (!reached_ || !is_transient(error)) {
    throw;
  }
  const auto now = context_.clock().steady_now();
  if (!unreachable_since_) {
    unreachable_since_ = now;
    tell(std::string(error.what()) + "; trying again");
  }
  if (now - *unreachable_since_ >= kLongest) {
    throw;
  }
  trouble_ = std::current_exception();
  pause();
}

void RetryWhileUnreachable::pause() const {
  try {
    context_.pause(kPause);
  } catch (const GaveUp&) {
    give_up();
  }
}

void RetryWhileUnreachable::give_up() const {
  if (trouble_ != nullptr) {
    std::rethrow_exception(trouble_);
  }
  context_.give_up();
}

/// A pipe gets only the result.
void RetryWhileUnreachable::tell(const std::string& line) const {
  if (context_.io.err_terminal || context_.options.verbose) {
    context_.warn(line);
  }
}

}  // namespace batchai::cli
