#include "jmespath/cases.hpp"
#include "jmespath/expression.hpp"
#include "jmespath/parser.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::jmespath::test {
namespace {

using Json = nlohmann::ordered_json;

struct Mistake {
  std::string expression;
  std::size_t position;
  std::string message;
};

TEST(Mistakes, AreToldWithTheirPlace) {
  const std::vector<Mistake> mistakes{{"", 0, "expected an expression but found end of expression"},
                                      {"jobs[?name=='a'", 15, "expected ']' but found end of expression"},
                                      {"a b", 2, "unexpected 'b'"},
                                      {"a.", 2, "expected a name, '*', '[' or '{' but found end of expression"},
                                      {"a[b]", 2, "expected a number, ':' or '*' but found 'b'"},
                                      {"[a;b]", 2, "unexpected character"},
                                      {"a = b", 2, "unexpected '='; equality is '=='"},
                                      {"x.'raw", 2, "this string has no end"},
                                      {"x == `1", 5, "this literal has no end"},
                                      {"x == `[1`", 5, "the text in backticks is not JSON"},
                                      {"\"a", 0, "this quoted name has no end"},
                                      {"{a b}", 3, "expected ':' but found 'b'"},
                                      {"{a: b", 5, "expected ',' or '}' but found end of expression"},
                                      {"f(a", 3, "expected ',' or ')' but found end of expression"},
                                      {"[1:2:0]", 5, "the step of a slice cannot be 0"},
                                      {"a[].lenght(@)", 4, "there is no function 'lenght'"},
                                      {"length(a, b)", 0, "length() takes 1 argument, not 2"},
                                      {"nosuch(a) b", 10, "unexpected 'b'"},
                                      {"[::0] | nosuch(a)", 3, "the step of a slice cannot be 0"},
                                      {"join(a)", 0, "join() takes 2 arguments, not 1"},
                                      {"merge()", 0, "merge() takes at least 1 argument, not 0"},
                                      {"[-]", 1, "expected a digit behind '-'"},
                                      {"a || &b", 5, "'&' stands only in front of a function's argument"}};
  for (const Mistake& mistake : mistakes) {
    try {
      parse(mistake.expression);
      ADD_FAILURE() << "taken: " << mistake.expression;
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), mistake.message) << mistake.expression;
      EXPECT_EQ(error.position(), mistake.position) << mistake.expression;
    }
  }
}

TEST(Mistakes, OfTypeNameTheFunctionAndTheArgument) {
  const std::vector<Mistake> mistakes{
      {"a | abs(@)", 4, "abs() takes a number, not a string"},
      {"length(`1`)", 0, "length() takes a string or an array or an object, not a number"},
      {"starts_with(a, `null`)", 0, "starts_with() takes as argument 2 a string, not null"},
      {"sort(`[1,\"a\"]`)", 0,
       "sort() takes an array of numbers or an array of strings, not an array with other items"},
      {"sort_by(`[1]`, a)", 0, "sort_by() takes as argument 2 an expression behind '&', not a string"},
      {"type(&a)", 0, "type() takes a value, not an expression behind '&'"},
      {"max_by(`[true]`, &@)", 0, "max_by() compares numbers or strings, and the expression gives boolean"},
      {"min_by(`[1,\"a\"]`, &@)", 0, "min_by() compares numbers or strings, and the expression gives both"}};
  const Json document = Json::parse(R"({"a":"text"})");
  for (const Mistake& mistake : mistakes) {
    const Expression expression = parse(mistake.expression);
    try {
      expression.search(document);
      ADD_FAILURE() << "evaluated: " << mistake.expression;
    } catch (const EvaluationError& error) {
      EXPECT_EQ(error.what(), mistake.message) << mistake.expression;
      EXPECT_EQ(error.position(), mistake.position) << mistake.expression;
      EXPECT_EQ(error.kind(), ErrorKind::InvalidType);
    }
  }
}

std::string repeat(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

TEST(Depth, OfExpressionsIsBounded) {
  constexpr std::size_t kMany = 100'000;
  for (const std::string& expression :
       {repeat("(", kMany) + "a" + repeat(")", kMany), repeat("[", kMany), repeat("{a:", kMany),
        repeat("!", kMany) + "a", "a" + repeat(".a", kMany), "a" + repeat("[0]", kMany), "a" + repeat("[]", kMany),
        "a" + repeat("[*]", kMany), "a" + repeat(" | a", kMany), "a" + repeat(" || a", kMany),
        "a" + repeat(" == a", kMany), repeat("abs(", kMany), repeat("a[?", kMany), repeat("*.", kMany) + "*",
        "`" + repeat("[", kMany) + repeat("]", kMany) + "`"}) {
    EXPECT_EQ(outcome_of("{}", expression), "!syntax") << expression.substr(0, 10);
  }
}

TEST(Depth, WithinTheBoundIsEvaluated) {
  constexpr std::size_t kSome = kDeepestExpression - 2;
  check(R"({"a":true})", {{repeat("(", kSome) + "a" + repeat(")", kSome), "true"},
                          {"a" + repeat(" && a", kSome), "true"},
                          {"a" + repeat(" | @", kSome), "true"},
                          {repeat("!", kSome) + "a", "true"}});
}

TEST(Depth, OfDocumentsIsBounded) {
  const auto nested = [](std::size_t depth) { return repeat("[", depth) + repeat("]", depth); };
  EXPECT_EQ(outcome_of(nested(400), "length(@)"), "1");
  EXPECT_EQ(outcome_of(nested(100'000), "length(@)"), "!invalid-value");
}

TEST(Expressions, CanBeUsedAgainAndCopied) {
  Expression expression = parse("a[?b].b");
  const Expression copy = expression;
  expression = parse("c");
  EXPECT_EQ(copy.search(Json::parse(R"({"a":[{"b":1},{}]})")).dump(), "[1]");
  EXPECT_EQ(copy.search(Json::parse(R"({"a":[{"b":2}]})")).dump(), "[2]");
  EXPECT_EQ(copy.text(), "a[?b].b");
  EXPECT_EQ(expression.search(Json::parse(R"({"c":3})")).dump(), "3");
}

TEST(Expressions, SurviveTextThatIsNotUtf8) {
  EXPECT_EQ(outcome_of("{}", "\xff"), "!syntax");
  EXPECT_EQ(outcome_of("{}", "\"\xff\""), "!syntax");
  EXPECT_EQ(outcome_of("{}", "length('\xff\xfe')"), "2");
  EXPECT_EQ(outcome_of("{}", std::string("a\0b", 3)), "!syntax");
}

}  // namespace
}  // namespace batchai::jmespath::test
