// Bounds and comparisons at their very edge: what is just allowed, and what is just refused.
#include "server/files/api_fixture.hpp"
#include "server/files/http/address.hpp"
#include "server/files/http/storage_error.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"
#include "signing/sas.hpp"

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

using namespace std::chrono_literals;
using signing::SasService;
using signing::SasToken;

constexpr std::uint64_t kMebibyte = 1ULL << 20U;

class LimitsTest : public FaceTest {
 protected:
  LimitsTest() { create_file_with("f", "hello"); }

  /// Signed as if at another time.
  Response read_at(Timestamp moment) {
    HttpRequest request{"GET", Url::parse("http://127.0.0.1:10011/acct1/share1/f"), {}, {}};
    signing::sign_with_shared_key(request, "acct1", kKey, moment);
    return api_.handle(to_received(request));
  }
  SasToken token() const {
    return {.resource = "s", .permissions = "r", .expiry = format_iso8601(clock_->now() + 60min)};
  }
  Response read_with(SasToken token) {
    token = sign_service_sas(std::move(token), SasService::File, {"acct1", "share1"}, kKey);
    return send_unsigned("GET", "/acct1/share1/f?" + token.to_query());
  }
  Response read(Headers headers) { return send("GET", "/acct1/share1/f", std::move(headers)); }
  Response write(const std::string& range, const std::string& body, Headers headers = {}) {
    headers.set("x-ms-write", "update");
    headers.set("x-ms-range", range);
    return send("PUT", "/acct1/share1/f?comp=range", std::move(headers), body);
  }
  Response set_policies(const std::string& identifiers) {
    return send("PUT", "/acct1/share1?restype=share&comp=acl", {},
                "<SignedIdentifiers>" + identifiers + "</SignedIdentifiers>");
  }
  static std::string policy(const std::string& id) {
    return "<SignedIdentifier><Id>" + id + "</Id><AccessPolicy><Permission>r</Permission></AccessPolicy>" +
           "</SignedIdentifier>";
  }
};

TEST_F(LimitsTest, ASignedRequestHoldsForAQuarterOfAnHourBeforeAndAfterItsDate) {
  EXPECT_EQ(read_at(clock_->now() - 15min).status, 200);
  EXPECT_EQ(code_of(read_at(clock_->now() - 15min - 1s)), "AuthenticationFailed");
  EXPECT_EQ(read_at(clock_->now() + 15min).status, 200);
  EXPECT_EQ(code_of(read_at(clock_->now() + 15min + 1s)), "AuthenticationFailed");
}

TEST_F(LimitsTest, ASasHoldsFromFiveMinutesBeforeItsStartToItsExpiry) {
  SasToken early = token();
  early.start = format_iso8601(clock_->now() + 5min);
  EXPECT_EQ(read_with(early).status, 200);
  early.start = format_iso8601(clock_->now() + 5min + 1s);
  EXPECT_EQ(code_of(read_with(early)), "AuthenticationFailed");
  early.start = "soon";
  EXPECT_EQ(code_of(read_with(early)), "AuthenticationFailed");
  SasToken late = token();
  late.expiry = format_iso8601(clock_->now() + 1s);
  EXPECT_EQ(read_with(late).status, 200);
  late.expiry = format_iso8601(clock_->now());
  EXPECT_EQ(code_of(read_with(late)), "AuthenticationFailed");
  late.expiry = "later";
  EXPECT_EQ(code_of(read_with(late)), "AuthenticationFailed");
}

TEST_F(LimitsTest, TheAddressesOfASasIncludeBothEnds) {
  SasToken bound = token();
  for (const char* range : {"127.0.0.1", "127.0.0.1-127.0.0.9", "127.0.0.0-127.0.0.1", "127.0.0.1-127.0.0.1"}) {
    bound.ip_range = range;
    EXPECT_EQ(read_with(bound).status, 200) << range;
  }
  for (const char* range : {"127.0.0.2", "127.0.0.2-127.0.0.9", "126.0.0.0-127.0.0.0", "127.0.0.9-127.0.0.0",
                            "127.0.0.1-", "127.0.0.1-x", "x", "::1"}) {
    bound.ip_range = range;
    EXPECT_EQ(code_of(read_with(bound)), "AuthorizationSourceIPMismatch") << range;
  }
}

TEST_F(LimitsTest, ARequestIsSignedForTheAccountOfItsHost) {
  for (const char* account : {"acct1", "other"}) {
    HttpRequest request{"GET", Url::parse("https://acct1.file.example.com/share1/f"), {}, {}};
    signing::sign_with_shared_key(request, account, kKey, clock_->now());
    EXPECT_EQ(code_of(api_.handle(to_received(request))),
              account == std::string("acct1") ? "" : "AuthenticationFailed");
  }
}

/// The kind of a resource is not signed: whoever has the signature can change it.
TEST_F(LimitsTest, ASasHoldsForNoOtherKindOfResource) {
  SasToken for_share = sign_service_sas(token(), SasService::File, {"acct1", "share1"}, kKey);
  for_share.resource = "f";
  for (const char* target : {"/acct1/share1/f?", "/acct1/share1?restype=directory&comp=list&"}) {
    EXPECT_EQ(code_of(send_unsigned("GET", target + for_share.to_query())), "AuthenticationFailed") << target;
  }
  SasToken for_file = sign_service_sas(token(), SasService::File, {"acct1", "share1", "f"}, kKey);
  EXPECT_EQ(code_of(send_unsigned("GET", "/acct1/share1/f?" + for_file.to_query())), "AuthenticationFailed");
  const SasToken for_nothing = sign_service_sas(token(), SasService::File, {"acct1", ""}, kKey);
  EXPECT_EQ(code_of(send_unsigned("GET", "/acct1/?comp=list&" + for_nothing.to_query())), "AuthenticationFailed");
}

TEST_F(LimitsTest, ASasNamesItsStoredPolicyWholly) {
  ASSERT_EQ(set_policies(policy("readers")).status, 200);
  SasToken named = token();
  named.permissions.clear();
  named.identifier = "readers";
  EXPECT_EQ(read_with(named).status, 200);
  for (const char* id : {"readers2", "reader", "Readers", "2readers"}) {
    named.identifier = id;
    EXPECT_EQ(code_of(read_with(named)), "AuthorizationFailure") << id;
  }
}

TEST_F(LimitsTest, AShareHasFivePoliciesWithIdsOf64CharactersAtMost) {
  const std::string four = policy("a") + policy("b") + policy("c") + policy("d");
  EXPECT_EQ(set_policies(four + policy(std::string(64, 'x'))).status, 200);
  EXPECT_EQ(code_of(set_policies(policy(std::string(65, 'x')))), "InvalidXmlNodeValue");
}

TEST_F(LimitsTest, ALeaseIdIsAGuid) {
  const std::string id = "11111111-2222-3333-4444-55555555555";
  for (const std::string& wrong : {id, id + "g", id + "55", "x" + id, id.substr(0, 34) + "-5"}) {
    const Headers headers = {{"x-ms-lease-action", "acquire"}, {"x-ms-proposed-lease-id", wrong}};
    EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f?comp=lease", headers)), "InvalidHeaderValue") << wrong;
  }
  const Headers headers = {{"x-ms-lease-action", "acquire"}, {"x-ms-proposed-lease-id", id + "F"}};
  EXPECT_EQ(send("PUT", "/acct1/share1/f?comp=lease", headers).headers.get("x-ms-lease-id"), id + "f");
}

TEST_F(LimitsTest, WritesReachTheLastByteAndNoFurther) {
  EXPECT_EQ(write("bytes=4-4", "O").status, 201);
  EXPECT_EQ(get("f"), "hellO");
  EXPECT_EQ(write("bytes=0-4", "HELLO").status, 201);
  for (const auto& [range, body] : {std::pair("bytes=5-5", "x"), std::pair("bytes=4-5", "xx")}) {
    const Response response = write(range, body);
    EXPECT_EQ(code_of(response), "InvalidRange") << range;
    EXPECT_EQ(response.headers.get("Content-Range"), "bytes */5");
  }
  for (const char* range : {"bytes=3-2", "bytes=0-0x", "bytes=0x-0", "bytes=-1", "bytes=0", "0-0",
                            "bytes=0-9223372036854775807", "bytes=0-18446744073709551615"}) {
    EXPECT_EQ(code_of(write(range, "x")), "InvalidHeaderValue") << range;
  }
  EXPECT_EQ(get("f"), "HELLO");
}

TEST_F(LimitsTest, ARangeThatEndsBeforeItBeginsIsNone) {
  EXPECT_EQ(code_of(write("bytes=3-2", "")), "InvalidHeaderValue");
  const Response whole = read({{"x-ms-range", "bytes=3-2"}});
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(read_body(whole), "hello");
}

TEST_F(LimitsTest, ARangeFromAUrlHasNoBody) {
  const Headers source = {{"x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/f"},
                          {"x-ms-source-range", "bytes=4-4"}};
  EXPECT_EQ(code_of(write("bytes=0-0", "x", source)), "InvalidHeaderValue");
  EXPECT_EQ(write("bytes=0-0", "", source).status, 201);
  EXPECT_EQ(get("f"), "oello");
}

TEST_F(LimitsTest, ABodyIsAsLongAsItsRangeAndHasTheMd5ThatIsGiven) {
  for (const char* body : {"x", "xxx"}) {
    EXPECT_EQ(code_of(write("bytes=0-1", body)), "InvalidHeaderValue") << body;
  }
  const std::string md5 = signing::md5("xx");
  EXPECT_EQ(code_of(write("bytes=0-1", "xx", {{"Content-MD5", signing::base64_encode(md5 + "x")}})), "InvalidMd5");
  EXPECT_EQ(write("bytes=0-1", "xx", {{"Content-MD5", signing::base64_encode(md5)}}).status, 201);
}

TEST_F(LimitsTest, WhatIsClearedHasNoBody) {
  const Headers clear = {{"x-ms-write", "clear"}, {"x-ms-range", "bytes=0-1"}};
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/f?comp=range", clear, "xx")), "InvalidHeaderValue");
  EXPECT_EQ(get("f"), "hello");
}

TEST_F(LimitsTest, ARangeOfOneByteIsRead) {
  EXPECT_EQ(read_body(read({{"x-ms-range", "bytes=4-4"}})), "o");
  EXPECT_EQ(read_body(read({{"x-ms-range", "bytes=4-"}})), "o");
}

TEST_F(LimitsTest, ARangeOf4MiBIsHashedAndNoLongerOne) {
  create_file("large", 4 * kMebibyte + 1);
  const auto hashed = [&](const std::string& range) {
    return send("GET", "/acct1/share1/large", {{"x-ms-range", range}, {"x-ms-range-get-content-md5", "true"}});
  };
  EXPECT_EQ(hashed("bytes=0-4194303").headers.get("Content-MD5"),
            signing::base64_encode(signing::md5(std::string(4 * kMebibyte, '\0'))));
  EXPECT_EQ(code_of(hashed("bytes=0-4194304")), "InvalidHeaderValue");
}

TEST_F(LimitsTest, AnEtagIsComparedWholly) {
  const std::string etag = read({}).headers.get("ETag");
  for (const std::string& other : {etag.substr(0, etag.size() - 2) + "\"", std::string("\"\""), etag + "x"}) {
    EXPECT_EQ(code_of(read({{"If-Match", other}})), "ConditionNotMet") << other;
    EXPECT_EQ(read({{"If-None-Match", other}}).status, 200) << other;
  }
  EXPECT_EQ(read({{"If-Match", "\"0x1\", " + etag}}).status, 200);
}

TEST_F(LimitsTest, Metadata8192BytesLongIsTakenAndNoLonger) {
  const std::string target = "/acct1/share1/f?comp=metadata";
  EXPECT_EQ(send("PUT", target, {{"x-ms-meta-ab", std::string(8190, 'v')}}).status, 200);
  EXPECT_EQ(code_of(send("PUT", target, {{"x-ms-meta-ab", std::string(8191, 'v')}})), "MetadataTooLarge");
  EXPECT_EQ(code_of(send("PUT", target, {{"x-ms-meta-a", "ä"}})), "InvalidMetadata");
}

TEST_F(LimitsTest, ContentHeadersAreWhatHttpCanCarry) {
  for (const char* value : {"a\x01", "ä", "a\x7f"}) {
    EXPECT_EQ(code_of(create_file("g", 1, {{"x-ms-content-type", value}})), "InvalidHeaderValue");
  }
}

TEST_F(LimitsTest, APageHas5000EntriesAtMost) {
  for (int i = 0; i < 5001; ++i) {
    write_as_job("n" + std::to_string(i), "");
  }
  const Response page = send("GET", "/acct1/share1?restype=directory&comp=list&maxresults=6000");
  std::size_t count = 0;
  for (std::size_t at = page.body.find("<File>"); at != std::string::npos; at = page.body.find("<File>", at + 1)) {
    ++count;
  }
  EXPECT_EQ(count, 5000U);
  EXPECT_THAT(page.body, testing::Not(testing::HasSubstr("<NextMarker />")));
  EXPECT_EQ(code_of(send("GET", "/acct1/share1?restype=directory&comp=list&maxresults=0")),
            "OutOfRangeQueryParameterValue");
  EXPECT_EQ(code_of(send("GET", "/acct1/share1?restype=directory&comp=list&marker=!")), "InvalidQueryParameterValue");
}

TEST_F(LimitsTest, AQuotaIsFrom1To102400GiB) {
  const auto set_quota = [&](const char* quota) {
    return send("PUT", "/acct1/share1?restype=share&comp=properties", {{"x-ms-share-quota", quota}});
  };
  EXPECT_EQ(set_quota("1").status, 200);
  EXPECT_EQ(set_quota("102400").status, 200);
  EXPECT_EQ(code_of(set_quota("0")), "InvalidHeaderValue");
  EXPECT_EQ(code_of(set_quota("102401")), "InvalidHeaderValue");
}

TEST_F(LimitsTest, AReadOnlyFileIsNotDeleted) {
  create_file("r", 1, {{"x-ms-file-attributes", "ReadOnly"}});
  EXPECT_EQ(code_of(send("DELETE", "/acct1/share1/r")), "ReadOnlyAttribute");
}

TEST_F(LimitsTest, AShareIsNotReadWithTheIdOfALeaseThatItDoesNotHave) {
  const Headers lease = {{"x-ms-lease-id", "11111111-1111-1111-1111-111111111111"}};
  for (const char* query : {"", "&comp=stats", "&comp=acl"}) {
    EXPECT_EQ(code_of(send("GET", std::string("/acct1/share1?restype=share") + query, lease)),
              "LeaseNotPresentWithContainerOperation")
        << query;
  }
}

TEST_F(LimitsTest, NothingIsRenamedOutOfAnotherAccountOrShare) {
  std::filesystem::create_directories(folder_.path() / "files" / "other" / "share1");
  std::ofstream(folder_.path() / "files" / "other" / "share1" / "private") << "x";
  send("PUT", "/acct1/share2?restype=share");
  for (const char* source :
       {"http://127.0.0.1:10011/other/share1/private", "http://other.file.example.com/share1/private",
        "http://127.0.0.1:10011/acct1/share2/private", "http://127.0.0.1:10011/acct1/share1"}) {
    const Response response = send("PUT", "/acct1/share1/g?comp=rename", {{"x-ms-file-rename-source", source}});
    EXPECT_EQ(code_of(response), "InvalidHeaderValue") << source;
  }
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "files" / "other" / "share1" / "private"));
}

/// A job may take the name while the request is on its way; here the name is one that no look-up sees.
TEST_F(LimitsTest, NothingThatTheServiceDoesNotSeeIsRenamedOver) {
  std::filesystem::create_symlink("f", share_folder() / "link");
  EXPECT_EQ(send("PUT", "/acct1/share1/link?comp=rename",
                 {{"x-ms-file-rename-source", "http://127.0.0.1:10011/acct1/share1/f"}})
                .status,
            409);
  EXPECT_TRUE(std::filesystem::is_symlink(share_folder() / "link"));
}

/// Whoever may write to a share may not have the service read what the account's owner may.
TEST_F(LimitsTest, OnlyTheOwnerOrASasReadsASource) {
  SasToken writer = token();
  writer.permissions = "w";
  writer = sign_service_sas(std::move(writer), SasService::File, {"acct1", "share1"}, kKey);
  const std::string source = "http://127.0.0.1:10011/acct1/share1/f";
  const std::string target = "/acct1/share1/g?" + writer.to_query();
  EXPECT_EQ(code_of(send_unsigned("PUT", target, {{"x-ms-copy-source", source}})), "CannotVerifyCopySource");
  // A SAS that may only write, in the source's own URL.
  const Response refused = send("PUT", "/acct1/share1/g", {{"x-ms-copy-source", source + "?" + writer.to_query()}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(code_of(refused), "CannotVerifyCopySource");
  SasToken reader = sign_service_sas(token(), SasService::File, {"acct1", "share1"}, kKey);
  EXPECT_EQ(send_unsigned("PUT", target, {{"x-ms-copy-source", source + "?" + reader.to_query()}}).status, 202);
}

TEST(AddressLimits, AnAccountNameHas3To24LettersAndDigits) {
  for (const std::string& name : {std::string("abc"), std::string("a1b"), std::string(24, 'a')}) {
    EXPECT_EQ(parse_address("127.0.0.1", "/" + name + "/share/f", "").account, name);
    EXPECT_EQ(parse_address(name + ".file.core.windows.net", "/share/f", "").account, name);
  }
  for (const std::string& name : {std::string("ab"), std::string(25, 'a'), std::string("a-b"), std::string("a.b")}) {
    EXPECT_THROW(parse_address("127.0.0.1", "/" + name + "/share/f", ""), StorageError) << name;
  }
}

}  // namespace
}  // namespace batchai::server::files::test
