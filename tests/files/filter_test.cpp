#include "files/transfer/filter.hpp"

#include <gtest/gtest.h>

namespace batchai::files::test {
namespace {

TEST(Filter, LooksAtThePathAndAtTheNameAlone) {
  const Filter filter({"*.txt"}, {"old/*"});
  EXPECT_TRUE(filter.accepts("a.txt"));
  EXPECT_TRUE(filter.accepts("deep/a.txt"));
  EXPECT_FALSE(filter.accepts("a.bin"));
  EXPECT_FALSE(filter.accepts("old/a.txt"));
  EXPECT_TRUE(Filter({}, {}).accepts("anything"));
}

}  // namespace
}  // namespace batchai::files::test
