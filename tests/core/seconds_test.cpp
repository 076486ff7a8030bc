#include "core/seconds.hpp"

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

const Timestamp kMoment = parse_iso8601("2018-06-07T21:16:21.99Z").value();

TEST(Seconds, CutOffWhatIsLeft) {
  EXPECT_EQ(epoch_seconds(kMoment), 1528406181);
  EXPECT_EQ(format_iso8601_seconds(kMoment), "2018-06-07T21:16:21Z");
  EXPECT_EQ(format_iso8601_basic(kMoment), "20180607T211621Z");
}

TEST(Seconds, AreRoundedDownBefore1970) {
  EXPECT_EQ(epoch_seconds(Timestamp(Ticks(-1))), -1);
  EXPECT_EQ(format_iso8601_seconds(Timestamp(Ticks(-1))), "1969-12-31T23:59:59Z");
}

}  // namespace
}  // namespace batchai::test
