#include "signing/random_bytes.hpp"

#include <set>

#include <gtest/gtest.h>

namespace batchai::signing::test {
namespace {

TEST(RandomPassword, IsNeverTakenForAnOption) {
  std::set<std::string> all;
  for (int i = 0; i < 1000; ++i) {
    const std::string password = random_password(30);
    EXPECT_EQ(password.size(), 40U);
    EXPECT_TRUE(password.front() >= 'A' && password.front() <= 'f') << password.front();
    EXPECT_EQ(password.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    all.insert(password);
  }
  EXPECT_EQ(all.size(), 1000U);
}

}  // namespace
}  // namespace batchai::signing::test
