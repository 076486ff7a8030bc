#pragma once

#include "batchai/core/error.hpp"

#include <string>
#include <utility>

namespace batchai::cli {

/// Exit codes of the program. A job's own exit code may be any other value.
enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2, kNotFound = 3, kSignIn = 4, kInterrupted = 130 };

/// The exit code of a job that ended without one.
inline constexpr int kNoJobExitCode = 255;

/// An error that knows its exit code, and perhaps a second line that says what to do.
class CommandError : public Error {
 public:
  CommandError(int exit_code, const std::string& message, std::string hint = {}, std::string excerpt = {})
      : Error(message), exit_code_(exit_code), hint_(std::move(hint)), excerpt_(std::move(excerpt)) {}
  int exit_code() const noexcept { return exit_code_; }
  const std::string& hint() const noexcept { return hint_; }
  /// Whole lines that show where the mistake is; may be empty.
  const std::string& excerpt() const noexcept { return excerpt_; }

 private:
  int exit_code_;
  std::string hint_;
  std::string excerpt_;
};

/// The command line or a config file is wrong.
class UsageError : public CommandError {
 public:
  explicit UsageError(const std::string& message, std::string hint = {})
      : CommandError(kUsage, message, std::move(hint)) {}
};

/// The user pressed Ctrl-C while something goes on elsewhere; the message says what.
class Interrupted : public CommandError {
 public:
  explicit Interrupted(const std::string& message, std::string hint = {})
      : CommandError(kInterrupted, message, std::move(hint)) {}
};

/// The time of --timeout is over, and the service still answers: what was waited for goes on.
class GaveUp : public DeadlineExceeded {
 public:
  using DeadlineExceeded::DeadlineExceeded;
};

/// Standard output can take no more.
class OutputError : public Error {
 public:
  explicit OutputError(int error_number);
  /// The reader has closed the pipe, as `head` does: no message is needed.
  bool closed() const noexcept { return closed_; }

 private:
  bool closed_;
};

}  // namespace batchai::cli
