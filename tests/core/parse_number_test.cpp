#include "core/parse_number.hpp"

#include <cstdint>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

TEST(ParseNumber, TakesDigitsFromFirstToLast) {
  EXPECT_EQ(parse_number<int>("0"), 0);
  EXPECT_EQ(parse_number<int>("007"), 7);
  EXPECT_EQ(parse_number<std::uint64_t>("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(parse_number<std::uint32_t>("1f", 16), 0x1fU);
}

TEST(ParseNumber, TakesAMinusWhereTheTypeHasASign) {
  EXPECT_EQ(parse_number<std::int64_t>("-5"), -5);
  EXPECT_EQ(parse_number<std::uint64_t>("-5"), std::nullopt);
}

TEST(ParseNumber, RefusesWhatIsNotOnlyANumber) {
  for (const char* text : {"", " 1", "1 ", "+1", "1.0", "0x1", "1e3", "one", "-"}) {
    EXPECT_EQ(parse_number<int>(text), std::nullopt) << text;
  }
}

TEST(ParseNumber, RefusesNumbersThatAreTooLargeForTheType) {
  EXPECT_EQ(parse_number<unsigned short>("65535"), 65535);
  EXPECT_EQ(parse_number<unsigned short>("65536"), std::nullopt);
  EXPECT_EQ(parse_number<int>("99999999999999999999"), std::nullopt);
}

}  // namespace
}  // namespace batchai::test
