#pragma once

#include "batchai/core/error.hpp"

#include <cstddef>
#include <string>

namespace batchai::jmespath {

/// The kinds that the specification names.
enum class ErrorKind { Syntax, UnknownFunction, InvalidArity, InvalidType, InvalidValue };

/// Base of what goes wrong with an expression. `what()` is one sentence without the expression itself.
class Error : public batchai::Error {
 public:
  Error(ErrorKind kind, std::size_t position, const std::string& message)
      : batchai::Error(message), kind_(kind), position_(position) {}
  ErrorKind kind() const noexcept { return kind_; }
  /// Where in the expression, in bytes from its begin; its length where something is missing at the end.
  std::size_t position() const noexcept { return position_; }

 private:
  ErrorKind kind_;
  std::size_t position_;
};

/// The text is not an expression.
class SyntaxError : public Error {
 public:
  SyntaxError(std::size_t position, const std::string& message) : Error(ErrorKind::Syntax, position, message) {}
};

/// The expression cannot be evaluated, or not over this document.
class EvaluationError : public Error {
 public:
  using Error::Error;
};

}  // namespace batchai::jmespath
