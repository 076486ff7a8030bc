#include "core/random.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

TEST(Guid, IsARandomVersion4Guid) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string guid = random_guid();
    EXPECT_THAT(guid, testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    seen.insert(guid);
  }
  EXPECT_EQ(seen.size(), 100U);
}

}  // namespace
}  // namespace batchai::test
