#include "jmespath/cases.hpp"
#include "jmespath/generator.hpp"
#include "jmespath/value.hpp"
#include "support/process.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::jmespath::test {
namespace {

constexpr const char* kPython = "/usr/bin/python3";

struct Question {
  std::string document;
  std::string expression;
};

/// What the reference implementation says to each; skips the test where it is not installed.
class Peer : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto probe = batchai::test::run_process({"/bin/sh", "-c", std::string(kPython) + " -c 'import jmespath'"});
    if (probe.exit_code != 0) {
      GTEST_SKIP() << "the reference implementation is not installed (python3-jmespath)";
    }
  }

  static std::vector<std::string> ask(const std::vector<Question>& questions) {
    std::string lines;
    for (const auto& [document, expression] : questions) {
      lines += Json::array({Json::parse(document), expression}).dump() + "\n";
    }
    const auto result = batchai::test::run_process({kPython, BATCHAI_PEER_SCRIPT}, {}, lines);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::vector<std::string> answers;
    std::istringstream out(result.out);
    for (std::string line; std::getline(out, line);) {
      answers.push_back(line);
    }
    return answers;
  }

  static bool are_same(const std::string& a, const std::string& b) {
    return a == b || (!a.starts_with('!') && !b.starts_with('!') && are_equal(Json::parse(a), Json::parse(b)));
  }

  static std::vector<Question> make_questions(Generator& generator, std::size_t count) {
    std::vector<Question> questions;
    for (std::size_t i = 0; i < count; ++i) {
      questions.push_back({generator.document(), generator.expression()});
    }
    return questions;
  }
};

TEST_F(Peer, FindsTheSameForRandomExpressions) {
  Generator generator(20180601);
  const std::vector<Question> questions = make_questions(generator, 6000);
  const std::vector<std::string> answers = ask(questions);
  ASSERT_EQ(answers.size(), questions.size());
  std::size_t found = 0;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto& [document, expression] = questions[i];
    const std::string outcome = outcome_of(document, expression);
    if (answers[i] == "?") {
      continue;  // a string searched for what is no string
    }
    EXPECT_TRUE(are_same(outcome, answers[i]))
        << expression << "\n  over " << document << "\n  finds " << outcome << "\n  peer  " << answers[i];
    found += answers[i] == "null" || answers[i].starts_with('!') ? 0 : 1;
  }
  EXPECT_GT(found, questions.size() / 4) << "most expressions find nothing: the comparison says little";
}

TEST_F(Peer, RefusesWhatIsRefusedHere) {
  Generator generator(20180602);
  std::vector<Question> questions = make_questions(generator, 4000);
  for (Question& question : questions) {
    question.expression = generator.damaged(std::move(question.expression));
  }
  const std::vector<std::string> answers = ask(questions);
  ASSERT_EQ(answers.size(), questions.size());
  std::size_t refused = 0;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto& [document, expression] = questions[i];
    const std::string outcome = outcome_of(document, expression);
    refused += outcome == "!syntax" ? 1 : 0;
    if (outcome == "!syntax" || outcome == "!unknown-function" || outcome == "!invalid-arity" || answers[i] == "?") {
      continue;  // the peer lets commas be missing, and looks at functions only when it calls them
    }
    EXPECT_TRUE(are_same(outcome, answers[i]))
        << expression << "\n  over " << document << "\n  finds " << outcome << "\n  peer  " << answers[i];
  }
  EXPECT_GT(refused, questions.size() / 4);
}

}  // namespace
}  // namespace batchai::jmespath::test
