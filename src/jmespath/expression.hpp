#pragma once

#include "jmespath/errors.hpp"

#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

/// JMESPath, the query language for JSON (jmespath.org/specification.html), all of it. Where the specification leaves
/// something open, as the strength of operators, this does what the reference implementation in Python does.
namespace batchai::jmespath {

struct Node;

/// A parsed expression. Immutable, cheap to copy, thread-safe.
class Expression {
 public:
  Expression(std::string text, std::shared_ptr<const Node> root);
  /// What the expression finds; null where it finds nothing. Throws EvaluationError for arguments of the wrong type,
  /// and for a document that is nested too deeply.
  nlohmann::ordered_json search(const nlohmann::ordered_json& document) const;
  /// Whether what it finds in a list is what it finds in the list's parts, one after the other: `[].name` is such an
  /// expression, `length(@)`, `[0]` and `sort_by(@, &name)` are not.
  bool works_item_by_item() const;
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::shared_ptr<const Node> root_;
};

/// Throws SyntaxError where `text` is no expression or nested too deeply, and EvaluationError for what is known to fail
/// whatever the document: unknown functions, a wrong number of arguments, slices of step 0.
Expression parse(std::string_view text);

/// Whether a filter would take the value: everything but null, false and what is empty. Numbers are always taken.
bool is_truthy(const nlohmann::ordered_json& value);

}  // namespace batchai::jmespath
