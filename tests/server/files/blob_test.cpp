#include "server/files/api_fixture.hpp"
#include "signing/sas.hpp"

namespace batchai::server::files::test {
namespace {

using signing::SasService;
using signing::SasToken;

/// An API for blobs with the container `images` of `acct1`, and in it `a b/1.txt`.
class BlobTest : public testing::Test {
 protected:
  BlobTest() {
    std::filesystem::create_directories(folder_.path() / "acct1" / "images" / "a b");
    std::ofstream(folder_.path() / "acct1" / "images" / "a b" / "1.txt") << "hello";
  }

  SasToken token(const std::string& permissions = "r") const {
    return {.resource = "b",
            .permissions = permissions,
            .expiry = format_iso8601(clock_->now() + std::chrono::minutes(60))};
  }
  static std::string sign(SasToken token, SasService service = SasService::Blob) {
    return sign_service_sas(std::move(token), service, {"acct1", "images", "a b/1.txt"}, kKey).to_query();
  }
  Response send(const std::string& method, const std::string& target, Headers headers = {}) {
    return api_.handle(
        to_received({method, Url::parse("http://127.0.0.1:10011" + target), std::move(headers), std::string()}));
  }

  batchai::test::TemporaryFolder folder_;
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  FilesApi api_{folder_.path(), [](std::string_view) { return std::vector{kKey}; }, *clock_, SasService::Blob};
};

TEST_F(BlobTest, IsReadByWhoHasItsSignature) {
  const Response response = send("GET", "/acct1/images/a%20b/1.txt?" + sign(token()), {{"Range", "bytes=1-"}});
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(read_body(response), "ello");
  EXPECT_EQ(send("HEAD", "/acct1/images/a%20b/1.txt?" + sign(token())).status, 200);
}

TEST_F(BlobTest, IsNotOpenedByAnythingElse) {
  EXPECT_EQ(send("GET", "/acct1/images/a%20b/1.txt?" + sign(token(), SasService::File)).status, 403);
  EXPECT_EQ(send("GET", "/acct1/images/a%20b/2.txt?" + sign(token())).status, 403);
  EXPECT_EQ(send("GET", "/acct1/images/a%20b/1.txt?sr=b").status, 401);
  EXPECT_EQ(send("GET", "/acct1/images/a%20b/1.txt?" + sign(token("w"))).status, 403);
  auto expired = token();
  expired.expiry = format_iso8601(clock_->now() - std::chrono::minutes(1));
  EXPECT_EQ(send("GET", "/acct1/images/a%20b/1.txt?" + sign(expired)).status, 403);
}

TEST_F(BlobTest, KeepsTheDotAtTheEndOfItsName) {
  std::ofstream(folder_.path() / "acct1" / "images" / "a b" / "1.txt.") << "dotted";
  const std::string query =
      sign_service_sas(token(), SasService::Blob, {"acct1", "images", "a b/1.txt."}, kKey).to_query();
  EXPECT_EQ(read_body(send("GET", "/acct1/images/a%20b/1.txt.?" + query)), "dotted");
}

TEST_F(BlobTest, IsNeverWritten) {
  const std::string blob = "/acct1/images/a%20b/1.txt?";
  EXPECT_EQ(send("DELETE", blob + sign(token("rwd"))).status, 403);
  EXPECT_EQ(send("PUT", blob + sign(token("rwc")), {{"x-ms-type", "file"}, {"x-ms-content-length", "0"}}).status, 403);
  HttpRequest owner{"DELETE", Url::parse("http://127.0.0.1:10011" + blob + "sr=b"), {}, {}};
  owner.headers.set("x-ms-version", "2021-12-02");
  signing::sign_with_shared_key(owner, "acct1", kKey, clock_->now());
  EXPECT_EQ(api_.handle(to_received(owner)).status, 401);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "acct1" / "images" / "a b" / "1.txt"));
}

}  // namespace
}  // namespace batchai::server::files::test
