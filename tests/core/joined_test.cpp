#include "core/joined.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

struct Named {
  std::string_view name;
};

TEST(Joined, HasTheSeparatorBetweenTextsOnly) {
  const std::vector<std::string> none;
  EXPECT_EQ(joined(none, ", "), "");
  EXPECT_EQ(joined({"a"}, ", "), "a");
  EXPECT_EQ(joined({"a", "b", "c"}, ", "), "a, b, c");
}

TEST(Joined, KeepsEmptyTextsApart) { EXPECT_EQ(joined({"", "a", "", ""}, ","), ",a,,"); }

TEST(Joined, TakesAMemberOrAFunctionForTheText) {
  const std::vector<Named> all = {{"x"}, {"y"}};
  EXPECT_EQ(joined(all, "/", &Named::name), "x/y");
  EXPECT_EQ(joined(std::vector{1, 2}, ",", [](int number) { return std::to_string(number); }), "1,2");
}

TEST(PathBelow, HasASlashOnlyBetweenTwoNames) {
  EXPECT_EQ(path_below("a/b", "c"), "a/b/c");
  EXPECT_EQ(path_below("", "c"), "c");
  EXPECT_EQ(path_below("a", ""), "a");
}

}  // namespace
}  // namespace batchai::test
