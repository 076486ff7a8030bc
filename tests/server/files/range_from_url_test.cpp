#include "server/files/api_fixture.hpp"
#include "server/files/disk/crc64.hpp"
#include "signing/encoding.hpp"

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

class RangeFromUrlTest : public FaceTest {
 protected:
  RangeFromUrlTest() {
    create_file_with("from", "0123456789");
    create_file("to", 4);
  }
  Response take(const std::string& source, const std::string& from, const std::string& to, Headers headers = {}) {
    headers.set("x-ms-write", "update");
    headers.set("x-ms-copy-source", source);
    headers.set("x-ms-source-range", from);
    headers.set("x-ms-range", to);
    return send("PUT", "/acct1/share1/to?comp=range", std::move(headers));
  }
  static constexpr const char* kSource = "http://127.0.0.1:10011/acct1/share1/from";
};

TEST_F(RangeFromUrlTest, TakesTheBytesAndTellsTheirDigest) {
  const Response response = take(kSource, "bytes=3-5", "bytes=1-3");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.headers.get("x-ms-content-crc64"), signing::base64_encode(crc64("345")));
  EXPECT_EQ(get("to"), std::string("\0"
                                   "345",
                                   4));
}

TEST_F(RangeFromUrlTest, ChecksDigests) {
  const std::string good = signing::base64_encode(crc64("3456"));
  const std::string bad = signing::base64_encode(crc64("other"));
  const auto with = [&](const char* name, const std::string& value) {
    return take(kSource, "bytes=3-6", "bytes=0-3", {{name, value}});
  };
  EXPECT_EQ(code_of(with("x-ms-source-content-crc64", bad)), "Crc64Mismatch");
  EXPECT_EQ(code_of(with("x-ms-source-if-match-crc64", bad)), "ConditionNotMet");
  EXPECT_EQ(code_of(with("x-ms-source-if-none-match-crc64", good)), "ConditionNotMet");
  EXPECT_EQ(code_of(with("x-ms-source-content-crc64", "x")), "InvalidHeaderValue");
  EXPECT_EQ(get("to"), std::string(4, '\0'));
  EXPECT_EQ(with("x-ms-source-content-crc64", good).status, 201);
  EXPECT_EQ(get("to"), "3456");
}

TEST_F(RangeFromUrlTest, RefusesRangesThatDoNotFit) {
  EXPECT_EQ(code_of(take(kSource, "bytes=3-6", "bytes=0-2")), "InvalidHeaderValue");
  EXPECT_EQ(code_of(take(kSource, "bytes=3-", "bytes=0-3")), "InvalidHeaderValue");
  EXPECT_EQ(code_of(take(kSource, "bytes=0-3", "bytes=1-4")), "InvalidRange");
  EXPECT_EQ(code_of(take(kSource, "bytes=0-4194304", "bytes=0-4194304")), "RequestBodyTooLarge");
}

TEST_F(RangeFromUrlTest, AnswersAnUnreadableSourceWithTheStatusOfReadingIt) {
  const auto expect = [&](int status, const Response& response) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(code_of(response), "CannotVerifyCopySource");
    EXPECT_EQ(get("to"), std::string(4, '\0'));
  };
  expect(416, take(kSource, "bytes=8-11", "bytes=0-3"));
  expect(416, take(kSource, "bytes=20-23", "bytes=0-3"));
  expect(404, take("http://127.0.0.1:10011/acct1/share1/nosuch", "bytes=0-3", "bytes=0-3"));
  const Response unsigned_source = take(std::string(kSource) + "?sv=2019-02-02&sr=f&sig=x", "bytes=0-3", "bytes=0-3");
  expect(403, unsigned_source);
  EXPECT_THAT(unsigned_source.reason, testing::HasSubstr("failed to authenticate the request"));
}

TEST_F(RangeFromUrlTest, ReadsOnlyWhatTheAskerMay) {
  EXPECT_EQ(code_of(take("http://127.0.0.1:10011/other/share1/from", "bytes=0-3", "bytes=0-3")),
            "CannotVerifyCopySource");
  EXPECT_EQ(code_of(take("http://example.com/acct1/share1/from", "bytes=0-3", "bytes=0-3")), "CannotVerifyCopySource");
  EXPECT_EQ(code_of(take("http://127.0.0.1:10011/acct1/share1/nosuch", "bytes=0-3", "bytes=0-3")),
            "CannotVerifyCopySource");
}

TEST(Crc64, IsTheOneOfAzureStorage) {
  const std::string digest = crc64("123456789");
  std::uint64_t value = 0;
  for (auto it = digest.rbegin(); it != digest.rend(); ++it) {
    value = value << 8U | static_cast<unsigned char>(*it);
  }
  EXPECT_EQ(value, 0xae8b14860a799888ULL);
}

}  // namespace
}  // namespace batchai::server::files::test
