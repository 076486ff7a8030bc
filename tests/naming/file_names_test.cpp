#include "naming/file_names.hpp"

#include <gtest/gtest.h>

namespace batchai::naming::test {
namespace {

TEST(ShareName, TakesLowerCaseDigitsAndSingleHyphens) {
  for (const std::string& name : {std::string("abc"), std::string("a-b"), std::string("0a9"), std::string(63, 'x')}) {
    EXPECT_FALSE(share_name_problem(name)) << name;
  }
}

TEST(ShareName, RefusesEverythingElse) {
  for (const std::string& name : {std::string(), std::string("ab"), std::string(64, 'x'), std::string("Abc"),
                                  std::string("a_b"), std::string("-ab"), std::string("ab-"), std::string("a--b"),
                                  std::string("$root"), std::string("../x"), std::string("a.b")}) {
    EXPECT_TRUE(share_name_problem(name)) << name;
  }
}

TEST(FileName, TakesBlanksDotsAndForeignLetters) {
  for (const std::string& name : {std::string("a b"), std::string(".hidden"), std::string("süb+1"), std::string("..."),
                                  std::string("f é%41 +&.txt"), std::string(255, 'x'), std::string("com10"),
                                  std::string("con.txt"), std::string("日本")}) {
    EXPECT_FALSE(file_name_problem(name)) << name;
  }
}

TEST(FileName, RefusesWhatTheServiceForbids) {
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("a/b"), std::string("a\\b"), std::string("a:b"),
        std::string("a|b"), std::string("a<b"), std::string("a>b"), std::string("a*b"), std::string("a?b"),
        std::string("a\"b"), std::string("a\nb"), std::string("a\0b", 3), std::string("\x7f"), std::string("CON"),
        std::string("lpt9"), std::string("clock$"), std::string(256, 'x')}) {
    EXPECT_TRUE(file_name_problem(name)) << name;
  }
}

TEST(FileName, RefusesBrokenUtf8) {
  for (const char* name : {"\xff", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    EXPECT_TRUE(file_name_problem(name));
  }
}

TEST(FileName, CountsUtf16Units) {
  std::string pairs;
  for (int i = 0; i < 127; ++i) {
    pairs += "\xf0\x9f\x98\x80";
  }
  EXPECT_FALSE(file_name_problem(pairs + "x"));
  EXPECT_TRUE(file_name_problem(pairs + "xy"));
}

TEST(Path, LeavesOutEmptyParts) {
  EXPECT_EQ(split_path("/a//b/"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(split_path("/").empty());
}

TEST(Path, HasABoundedDepthAndLength) {
  EXPECT_FALSE(path_problem(std::vector<std::string>(250, "a")));
  EXPECT_TRUE(path_problem(std::vector<std::string>(251, "a")));
  EXPECT_TRUE(path_problem(std::vector<std::string>(20, std::string(200, 'a'))));
  EXPECT_TRUE(path_problem({"a", "..", "b"}));
}

}  // namespace
}  // namespace batchai::naming::test
