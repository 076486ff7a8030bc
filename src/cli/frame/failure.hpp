#pragma once

#include <exception>
#include <iosfwd>
#include <string>

namespace batchai::cli {

/// How a failure is reported.
struct Failure {
  int exit_code = 0;
  /// One line, without secrets; empty where nothing is to be said.
  std::string message = {};
  /// What to do; may be empty.
  std::string hint = {};
  /// Whole lines that show where the mistake is, printed after the message; may be empty.
  std::string excerpt = {};
};

/// The only place where errors become exit codes and messages.
Failure describe_failure(const std::exception& error);

/// Message, excerpt and hint on stderr. Of a wrong command line it is all in one line; other hints have a line of their
/// own.
void print_failure(const Failure& failure, std::ostream& err);

}  // namespace batchai::cli
