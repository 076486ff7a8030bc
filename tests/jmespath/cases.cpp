#include "jmespath/cases.hpp"

#include "jmespath/expression.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::jmespath::test {
namespace {

using Json = nlohmann::ordered_json;

std::string name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Syntax:
      return "!syntax";
    case ErrorKind::UnknownFunction:
      return "!unknown-function";
    case ErrorKind::InvalidArity:
      return "!invalid-arity";
    case ErrorKind::InvalidType:
      return "!invalid-type";
    case ErrorKind::InvalidValue:
      return "!invalid-value";
  }
  return "!";
}

}  // namespace

std::string outcome_of(const std::string& document, const std::string& expression) {
  try {
    return parse(expression).search(Json::parse(document)).dump();
  } catch (const Error& error) {
    return name_of(error.kind());
  }
}

void check(const std::string& document, const std::vector<Case>& cases) {
  for (const auto& [expression, expected] : cases) {
    const std::string outcome = outcome_of(document, expression);
    EXPECT_EQ(outcome, expected.starts_with('!') ? expected : Json::parse(expected).dump())
        << "expression: " << expression << "\n  document: " << document;
  }
}

}  // namespace batchai::jmespath::test
