#pragma once

#include "jmespath/expression.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace batchai::cli {

/// A JMESPath expression that an option of the command line holds.
class Query {
 public:
  /// `option` is as `--query`. Throws CommandError, exit code 2, that shows where the mistake is.
  Query(std::string option, const std::string& text);
  /// What the expression finds. Throws CommandError, exit code 1, where it does not fit the document.
  nlohmann::ordered_json search(const nlohmann::ordered_json& document) const;
  /// Whether a list may be searched part by part: see jmespath::Expression.
  bool works_item_by_item() const { return expression_.works_item_by_item(); }
  /// Whether the result is one that --custom waits for: neither null, false, 0 nor empty, as in az.
  bool holds(const nlohmann::ordered_json& document) const;

 private:
  std::string option_;
  jmespath::Expression expression_;
};

}  // namespace batchai::cli
