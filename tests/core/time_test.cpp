#include "batchai/core/time.hpp"

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;

const Timestamp kMoment = Timestamp(std::chrono::sys_days(std::chrono::year(2018) / 6 / 7)) + 21h + 16min + 21s;

TEST(Time, WritesYearsWithFourDigits) {
  for (const std::string text : {"0000-01-01T00:00:00Z", "0001-12-31T23:59:59Z", "1970-01-01T00:00:00Z",
                                 "2018-06-21T07:05:08Z", "9999-12-31T23:59:59Z"}) {
    EXPECT_EQ(format_iso8601(parse_iso8601(text).value()), text);
  }
  const auto in_year = [](int year) {
    return Timestamp(std::chrono::sys_days(std::chrono::year(year) / std::chrono::January / 2));
  };
  EXPECT_EQ(format_iso8601(in_year(10'000)), "10000-01-02T00:00:00Z");
  EXPECT_EQ(format_iso8601(in_year(-1)), "-001-01-02T00:00:00Z");
}

TEST(Time, WritesMillisecondsWithoutTrailingZeros) {
  EXPECT_EQ(format_iso8601(kMoment + 130ms), "2018-06-07T21:16:21.13Z");
  EXPECT_EQ(format_iso8601(kMoment + 7ms), "2018-06-07T21:16:21.007Z");
  EXPECT_EQ(format_iso8601(kMoment), "2018-06-07T21:16:21Z");
}

TEST(Time, WritesSevenDigitsForAzureFiles) {
  EXPECT_EQ(format_iso8601_ticks(kMoment + Ticks(2393492)), "2018-06-07T21:16:21.2393492Z");
  EXPECT_EQ(format_iso8601_ticks(kMoment), "2018-06-07T21:16:21.0000000Z");
}

TEST(Time, ReadsWhatClientsWrite) {
  EXPECT_EQ(parse_iso8601("2018-06-07T21:16:21.13Z"), kMoment + 130ms);
  EXPECT_EQ(parse_iso8601("2018-06-07T21:16:21.2393492Z"), kMoment + Ticks(2393492));
  EXPECT_EQ(parse_iso8601("2018-06-07T23:16:21+02:00"), kMoment);
  EXPECT_EQ(parse_iso8601("2018-06-07T21:16:21"), kMoment);
  EXPECT_EQ(parse_iso8601("2018-06-07T21:16Z"), kMoment - 21s);
  EXPECT_EQ(parse_iso8601("2018-06-07"), kMoment - 21h - 16min - 21s);
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text : {"", "now", "2018-13-01", "2018-02-30", "2018-06-07T25:00Z", "2018-06-07T21:16:21Zx",
                           "2018-06-07T21:16:21.Z", "-018-06-07", "2018-06-07T21:16:21+2"}) {
    EXPECT_FALSE(parse_iso8601(text)) << text;
  }
}

TEST(Time, WritesAndReadsHttpDates) {
  EXPECT_EQ(format_http_date(kMoment), "Thu, 07 Jun 2018 21:16:21 GMT");
  EXPECT_EQ(parse_http_date("Thu, 07 Jun 2018 21:16:21 GMT"), kMoment);
  EXPECT_FALSE(parse_http_date("Thu, 7 Jun 2018 21:16:21 GMT"));
  EXPECT_FALSE(parse_http_date("5"));
}

TEST(Time, WritesDurations) {
  EXPECT_EQ(format_iso8601_duration(std::chrono::days(7)), "P7D");
  EXPECT_EQ(format_iso8601_duration(1h + 30min), "PT1H30M");
  EXPECT_EQ(format_iso8601_duration(std::chrono::days(1) + 5s + 500ms), "P1DT5.5S");
  EXPECT_EQ(format_iso8601_duration(0s), "PT0S");
}

TEST(Time, ReadsDurationsInBothForms) {
  EXPECT_EQ(parse_duration("P7D"), std::chrono::days(7));
  EXPECT_EQ(parse_duration("P1W"), std::chrono::days(7));
  EXPECT_EQ(parse_duration("PT1H30M0.5S"), 1h + 30min + 500ms);
  EXPECT_EQ(parse_duration("7.00:00:00"), std::chrono::days(7));
  EXPECT_EQ(parse_duration("01:02:03.5"), 1h + 2min + 3s + 500ms);
  for (const char* text : {"", "P", "PT", "P1M", "7", "PT1.5H", "P1DT", "1:2:3"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

}  // namespace
}  // namespace batchai::test
