#pragma once

#include <string>
#include <vector>

namespace batchai::jmespath::test {

/// One line of a table: an expression and what it finds, as JSON, or the kind of its error, as `!invalid-type`.
struct Case {
  std::string expression;
  std::string expected;
};

/// What a search finds, as compact JSON, or the kind of the error behind `!`.
std::string outcome_of(const std::string& document, const std::string& expression);

/// Fails the test for every case with another outcome. Members of objects have to come in the expected order.
void check(const std::string& document, const std::vector<Case>& cases);

}  // namespace batchai::jmespath::test
