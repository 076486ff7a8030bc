#include "core/file_time.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

TEST(FileTime, ReachesBeyondTheNanosecondsOf64Bits) {
  const timespec time{10'413'792'000, 123'456'789};
  EXPECT_EQ(format_iso8601_ticks(to_timestamp(time)), "2300-01-01T00:00:00.1234567Z");
  EXPECT_EQ(to_timespec(to_timestamp(time)).tv_sec, time.tv_sec);
  EXPECT_EQ(to_timespec(to_timestamp(time)).tv_nsec, 123'456'700);
}

TEST(FileTime, IsKeptBefore1970) {
  const timespec time{-2, 500'000'000};
  EXPECT_EQ(format_iso8601_ticks(to_timestamp(time)), "1969-12-31T23:59:58.5000000Z");
  EXPECT_EQ(to_timespec(to_timestamp(time)).tv_sec, -2);
}

TEST(FileTime, IsBoundedByWhatTextsCanTell) {
  const auto far = std::numeric_limits<time_t>::max();
  EXPECT_EQ(format_iso8601(to_timestamp({far, 0})), "9999-12-31T23:59:59Z");
  EXPECT_EQ(format_iso8601(to_timestamp({-far, 0})), "0001-01-01T00:00:00Z");
}

}  // namespace
}  // namespace batchai::test
