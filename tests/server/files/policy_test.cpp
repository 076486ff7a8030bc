#include "server/files/api_fixture.hpp"
#include "signing/sas.hpp"

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

using signing::SasService;
using signing::SasToken;

class PolicyTest : public FaceTest {
 protected:
  PolicyTest() { create_file_with("f", "hello"); }

  Response set(const std::string& xml) { return send("PUT", "/acct1/share1?restype=share&comp=acl", {}, xml); }
  static std::string identifier(const std::string& id, const std::string& inner) {
    return "<SignedIdentifier><Id>" + id + "</Id><AccessPolicy>" + inner + "</AccessPolicy></SignedIdentifier>";
  }
  static std::string document(const std::string& identifiers) {
    return "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>\n<SignedIdentifiers>" + identifiers +
           "</SignedIdentifiers>";
  }
  std::string later() const { return format_iso8601(clock_->now() + std::chrono::hours(1)); }
  Response read_with(SasToken token) {
    token = sign_service_sas(std::move(token), SasService::File, {"acct1", "share1"}, kKey);
    return send_unsigned("GET", "/acct1/share1/f?" + token.to_query());
  }
};

TEST_F(PolicyTest, AreKeptAndCleared) {
  const std::string etag = send("GET", "/acct1/share1?restype=share").headers.get("ETag");
  const Response changed = set(document(
      identifier("a", "<Start>2018-01-01</Start><Expiry>2018-06-07T22:00:00Z</Expiry><Permission>rl</Permission>") +
      identifier("b", "")));
  EXPECT_EQ(changed.status, 200);
  EXPECT_GT(changed.headers.get("ETag"), etag);
  const Response given = send("GET", "/acct1/share1?restype=share&comp=acl");
  EXPECT_EQ(given.headers.get("Content-Type"), "application/xml");
  EXPECT_THAT(given.body, testing::HasSubstr(
                              "<SignedIdentifiers><SignedIdentifier><Id>a</Id><AccessPolicy>"
                              "<Start>2018-01-01T00:00:00.0000000Z</Start><Expiry>2018-06-07T22:00:00.0000000Z</Expiry>"
                              "<Permission>rl</Permission></AccessPolicy></SignedIdentifier>"));
  EXPECT_EQ(set("").status, 200);
  EXPECT_THAT(send("GET", "/acct1/share1?restype=share&comp=acl").body, testing::HasSubstr("<SignedIdentifiers/>"));
}

TEST_F(PolicyTest, HaveNoAccessPolicyWhereItHasNoMembers) {
  for (const char* inner : {"", "<AccessPolicy/>", "<AccessPolicy><Permission></Permission></AccessPolicy>"}) {
    EXPECT_EQ(set(document(std::string("<SignedIdentifier><Id>empty</Id>") + inner + "</SignedIdentifier>")).status,
              200);
    EXPECT_THAT(send("GET", "/acct1/share1?restype=share&comp=acl").body,
                testing::HasSubstr("<SignedIdentifier><Id>empty</Id></SignedIdentifier>"));
  }
}

TEST_F(PolicyTest, AreRefusedWhenTheyAreBroken) {
  EXPECT_EQ(code_of(set("<SignedIdentifiers>")), "InvalidXmlDocument");
  EXPECT_EQ(code_of(set("<Other/>")), "InvalidXmlDocument");
  EXPECT_EQ(code_of(set(document(identifier("", "")))), "InvalidXmlNodeValue");
  EXPECT_EQ(code_of(set(document(identifier(std::string(65, 'x'), "")))), "InvalidXmlNodeValue");
  EXPECT_EQ(code_of(set(document(identifier("a", "<Permission>q</Permission>")))), "InvalidXmlNodeValue");
  EXPECT_EQ(code_of(set(document(identifier("a", "<Expiry>soon</Expiry>")))), "InvalidXmlNodeValue");
  EXPECT_EQ(code_of(set(document(identifier("a", "") + identifier("a", "")))), "InvalidXmlDocument");
  EXPECT_EQ(set("<SignedIdentifiers>" + std::string(256 * 1024, ' ') + "</SignedIdentifiers>").status, 413);
  std::string six;
  for (const char* id : {"1", "2", "3", "4", "5", "6"}) {
    six += identifier(id, "");
  }
  EXPECT_EQ(code_of(set(document(six))), "InvalidXmlDocument");
  EXPECT_THAT(send("GET", "/acct1/share1?restype=share&comp=acl").body, testing::HasSubstr("<SignedIdentifiers/>"));
}

TEST_F(PolicyTest, CompleteASignature) {
  set(document(identifier("readers", "<Expiry>" + later() + "</Expiry><Permission>r</Permission>") +
               identifier("open", "<Permission>r</Permission>") + identifier("past", "<Expiry>2018-01-01</Expiry>")));
  EXPECT_EQ(read_body(read_with({.resource = "s", .identifier = "readers"})), "hello");
  EXPECT_EQ(read_body(read_with({.resource = "s", .expiry = later(), .identifier = "open"})), "hello");
  EXPECT_EQ(code_of(read_with({.resource = "s", .identifier = "open"})), "AuthenticationFailed");
  EXPECT_EQ(code_of(read_with({.resource = "s", .permissions = "r", .identifier = "past"})), "AuthenticationFailed");
  EXPECT_EQ(code_of(read_with({.resource = "s", .permissions = "r", .identifier = "readers"})), "AuthenticationFailed");
  EXPECT_EQ(code_of(read_with({.resource = "s", .identifier = "others"})), "AuthorizationFailure");
}

TEST_F(PolicyTest, WithdrawSignatures) {
  set(document(identifier("readers", "<Expiry>" + later() + "</Expiry><Permission>w</Permission>")));
  EXPECT_EQ(code_of(read_with({.resource = "s", .identifier = "readers"})), "AuthorizationPermissionMismatch");
  set("");
  EXPECT_EQ(code_of(read_with({.resource = "s", .identifier = "readers"})), "AuthorizationFailure");
}

}  // namespace
}  // namespace batchai::server::files::test
