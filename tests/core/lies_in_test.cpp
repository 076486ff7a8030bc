#include "core/lies_in.hpp"

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

TEST(PartBelow, IsWhatIsLeftBehindTheFolder) {
  EXPECT_EQ(part_below("/a/b/c/d", "/a/b"), "c/d");
  EXPECT_EQ(part_below("/a/b", "/a/b"), "");
  EXPECT_EQ(part_below("/a/bc", "/a/b"), std::nullopt);
  EXPECT_EQ(part_below("/a", "/a/b"), std::nullopt);
}

TEST(LiesIn, TellsWhetherAPathLiesInAFolder) {
  EXPECT_TRUE(lies_in("/a/b/c", "/a/b"));
  EXPECT_TRUE(lies_in("/a/b", "/a/b"));
  EXPECT_TRUE(lies_in("/a", "/"));
  EXPECT_FALSE(lies_in("/a/bc", "/a/b"));
  EXPECT_FALSE(lies_in("/a", "/a/b"));
}

}  // namespace
}  // namespace batchai::test
