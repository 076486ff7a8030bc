#pragma once

#include "jmespath/ast.hpp"
#include "jmespath/errors.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace batchai::jmespath {

/// What a parameter takes: a sum of these.
enum ParameterType : unsigned {
  kNumber = 1,
  kString = 2,
  kBoolean = 4,
  kArray = 8,
  kObject = 16,
  kNull = 32,
  kAny = 63,
  /// Lists of numbers only, or of strings only. The empty list is both.
  kNumbers = 64,
  kStrings = 128,
  /// `&expression`
  kReference = 256,
};

/// An argument of a call: a value, or an expression that the function applies.
struct Argument {
  Value value = null_value();
  const Node* expression = nullptr;
};

/// A call with its arguments evaluated.
struct Invocation {
  const FunctionSpec& function;
  /// Of the function's name in the expression.
  std::size_t position = 0;
  std::vector<Argument> arguments = {};

  const Json& at(std::size_t i) const { return *arguments[i].value; }
  const Value& value(std::size_t i) const { return arguments[i].value; }
  /// The argument that is an expression, applied to a value.
  Value apply(std::size_t i, const Value& current) const;
};

struct FunctionSpec {
  std::string_view name;
  /// ParameterType of each parameter. A variadic function takes the last one once or more.
  std::vector<unsigned> parameters;
  /// Called with arguments that are checked already.
  Value (*call)(const Invocation& invocation);
  bool variadic = false;
};

/// Null for an unknown name.
const FunctionSpec* find_function(std::string_view name);

/// An unknown function or a wrong number of arguments, which are known before any evaluation.
std::optional<EvaluationError> problem_of(const Call& call, std::string_view name);

/// Checks the types of the arguments and calls. Throws EvaluationError.
Value invoke(const Invocation& invocation);

/// `sort(): …`
[[noreturn]] void refuse_type(const Invocation& invocation, const std::string& problem);

// The functions of the specification, one file a family. Each is called with checked arguments.
namespace functions {

Value abs(const Invocation& invocation);
Value avg(const Invocation& invocation);
Value ceil(const Invocation& invocation);
Value floor(const Invocation& invocation);
Value sum(const Invocation& invocation);

Value contains(const Invocation& invocation);
Value ends_with(const Invocation& invocation);
Value join(const Invocation& invocation);
Value length(const Invocation& invocation);
Value reverse(const Invocation& invocation);
Value starts_with(const Invocation& invocation);

Value map(const Invocation& invocation);
Value max(const Invocation& invocation);
Value max_by(const Invocation& invocation);
Value min(const Invocation& invocation);
Value min_by(const Invocation& invocation);
Value sort(const Invocation& invocation);
Value sort_by(const Invocation& invocation);

Value keys(const Invocation& invocation);
Value merge(const Invocation& invocation);
Value values(const Invocation& invocation);

Value not_null(const Invocation& invocation);
Value to_array(const Invocation& invocation);
Value to_number(const Invocation& invocation);
Value to_string(const Invocation& invocation);
Value type(const Invocation& invocation);

}  // namespace functions

}  // namespace batchai::jmespath
