#include "server/program/job_limits.hpp"

#include "server/program/server_options.hpp"

#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

constexpr std::uint64_t kMebibyte = 1024UL * 1024UL;

TEST(JobLimits, AreThoseOfTheVmSize) {
  const auto limits = limits_by_size({.memory = "512M,standard_nc6=56G", .disk = "standard_d1=1T", .processes = 7}, 0);
  EXPECT_EQ(limits("STANDARD_D2").memory_bytes, 512 * kMebibyte);
  EXPECT_EQ(limits("STANDARD_NC6").memory_bytes, 56 * 1024 * kMebibyte);
  EXPECT_EQ(limits("STANDARD_D1").disk_bytes, 1024 * 1024 * kMebibyte);
  EXPECT_EQ(limits("STANDARD_NC6").disk_bytes, 0U);
  EXPECT_EQ(limits("STANDARD_NC6").processes, 7U);
}

TEST(JobLimits, HaveADefaultForMemory) {
  EXPECT_EQ(limits_by_size({}, 5)("STANDARD_D2").memory_bytes, 5U);
  EXPECT_EQ(limits_by_size({.memory = "STANDARD_NC6=3"}, 5)("STANDARD_D2").memory_bytes, 5U);
  EXPECT_GT(most_memory_here(), kMebibyte);
}

TEST(JobLimits, AreReadBeforeTheyAreNeeded) {
  for (const char* wrong : {"much", "4X", "G", "-1", "1.5G", "8G,STANDARD_NC6=many"}) {
    EXPECT_THROW(limits_by_size({.memory = wrong}, 0), UsageError) << wrong;
  }
}

}  // namespace

}  // namespace batchai::server::test
