#include "server/files/api_fixture.hpp"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

class ConditionTest : public FaceTest {
 protected:
  Response read(const std::string& path, Headers headers = {}) {
    return send("GET", "/acct1/share1/" + path, std::move(headers));
  }
  std::string etag(const std::string& path) { return send("HEAD", "/acct1/share1/" + path).headers.get("ETag"); }
};

TEST_F(ConditionTest, HonoursConditions) {
  create_file_with("f", "x");
  const std::string tag = etag("f");
  const Response same = read("f", {{"If-None-Match", tag}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.headers.get("ETag"), tag);
  EXPECT_FALSE(same.file);
  EXPECT_EQ(read("f", {{"If-Match", tag}}).status, 200);
  EXPECT_EQ(code_of(read("f", {{"If-Match", "\"0x0\""}})), "ConditionNotMet");
}

TEST_F(ConditionTest, HasEtagsOfTicksThatOnlyGrow) {
  std::uint64_t before = 0;
  create_file("f", 10);
  for (int i = 0; i < 200; ++i) {
    const Response response =
        i % 2 == 0 ? put_range("f", 0, "x") : send("PUT", "/acct1/share1/f?comp=metadata", {{"x-ms-meta-a", "b"}});
    const std::string tag = response.headers.get("ETag");
    ASSERT_THAT(tag, testing::MatchesRegex("\"0x[0-9A-F]{15}\""));
    const std::uint64_t ticks = std::stoull(tag.substr(3), nullptr, 16);
    EXPECT_GT(ticks, before);
    before = ticks;
    const auto moment = Timestamp(Ticks(static_cast<std::int64_t>(ticks - 621'355'968'000'000'000ULL)));
    EXPECT_EQ(response.headers.get("Last-Modified"), format_http_date(moment));
  }
}

TEST_F(ConditionTest, IsWrittenUnderConditions) {
  create_file_with("f", "hello");
  const std::string tag = etag("f");
  EXPECT_EQ(code_of(put_range("f", 0, "J", {{"If-Match", "\"0x1\""}})), "ConditionNotMet");
  EXPECT_EQ(code_of(create_file("f", 1, {{"If-None-Match", "*"}})), "ConditionNotMet");
  EXPECT_EQ(code_of(create_file("new", 1, {{"If-Match", "*"}})), "ConditionNotMet");
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1/f", {{"If-Match", "\"0x1\""}})), "ConditionNotMet");
  EXPECT_EQ(get("f"), "hello");
  EXPECT_EQ(put_range("f", 0, "J", {{"If-Match", tag}}).status, 201);
  EXPECT_EQ(create_file("new", 1, {{"If-None-Match", "*"}}).status, 201);
}

TEST_F(ConditionTest, HonoursConditionsOfTime) {
  create_file_with("f", "hello");
  const std::string moment = read("f").headers.get("Last-Modified");
  const std::string earlier = format_http_date(*parse_http_date(moment) - std::chrono::seconds(1));
  EXPECT_EQ(read("f", {{"If-Modified-Since", moment}}).status, 304);
  EXPECT_EQ(read("f", {{"If-Modified-Since", earlier}}).status, 200);
  EXPECT_EQ(read("f", {{"If-Unmodified-Since", earlier}}).status, 412);
  EXPECT_EQ(read("f", {{"If-Unmodified-Since", moment}}).status, 200);
}

TEST_F(ConditionTest, LetsOneOfManyWritersThrough) {
  create_file_with("f", "hello");
  const std::string tag = etag("f");
  std::atomic<int> through = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] { through += put_range("f", 0, "J", {{"If-Match", tag}}).status == 201 ? 1 : 0; });
    }
  }
  EXPECT_EQ(through, 1);
}

}  // namespace
}  // namespace batchai::server::files::test
