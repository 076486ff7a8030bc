#include "server/files/api_fixture.hpp"
#include "support/eventually.hpp"
#include "support/unprivileged.hpp"

#include <gmock/gmock.h>
#include <pugixml.hpp>

namespace batchai::server::files::test {
namespace {

class ShareTest : public FaceTest {
 protected:
  /// Whether there is still something of a deleted share.
  bool has_trash() const { return !std::filesystem::is_empty(trash()); }
  std::filesystem::path trash() const { return folder_.path() / "files" / ".deleted"; }
};

TEST_F(ShareTest, IsCreatedOnceAndIsAFolder) {
  EXPECT_TRUE(std::filesystem::is_directory(share_folder()));
  const Response again = send("PUT", "/acct1/share1?restype=share");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(code_of(again), "ShareAlreadyExists");
  EXPECT_EQ(again.reason, "The specified share already exists.");
  EXPECT_THAT(again.body, testing::HasSubstr("<Error><Code>ShareAlreadyExists</Code><Message>The specified share "
                                             "already exists.\nRequestId:05946d37-401a-00a8-48e5-6fc4cd000000\nTime:"));
}

TEST_F(ShareTest, KeepsQuotaAndMetadata) {
  const Response created =
      send("PUT", "/acct1/share2?restype=share", {{"x-ms-share-quota", "7"}, {"x-ms-meta-Owner", "me"}});
  EXPECT_EQ(created.status, 201);
  const Response response = send("GET", "/acct1/share2?restype=share");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("x-ms-share-quota"), "7");
  EXPECT_EQ(response.headers.get("x-ms-meta-Owner"), "me");
  EXPECT_EQ(response.headers.get("ETag"), created.headers.get("ETag"));
  EXPECT_EQ(response.headers.get("x-ms-has-legal-hold"), "false");
  EXPECT_TRUE(response.body.empty());
}

TEST_F(ShareTest, GetsANewEtagWithEveryChange) {
  std::string before = send("GET", "/acct1/share1?restype=share").headers.get("ETag");
  for (int i = 0; i < 20; ++i) {
    const std::string after =
        send("PUT", "/acct1/share1?restype=share&comp=metadata", {{"x-ms-meta-a", "1"}}).headers.get("ETag");
    EXPECT_GT(after, before);
    before = after;
  }
  EXPECT_GT(send("PUT", "/acct1/share1?restype=share&comp=properties", {{"x-ms-share-quota", "9"}}).headers.get("ETag"),
            before);
  const Response response = send("GET", "/acct1/share1?restype=share&comp=metadata");
  EXPECT_EQ(response.headers.get("x-ms-share-quota"), "9");
  EXPECT_EQ(response.headers.get("x-ms-meta-a"), "1");
}

TEST_F(ShareTest, HasLeaseHeadersOnlyInLaterVersions) {
  EXPECT_TRUE(send("GET", "/acct1/share1?restype=share", {{"x-ms-version", "2020-02-10"}})
                  .headers.contains("x-ms-lease-status"));
  EXPECT_FALSE(send("GET", "/acct1/share1?restype=share", {{"x-ms-version", "2019-12-12"}})
                   .headers.contains("x-ms-lease-status"));
}

TEST_F(ShareTest, RefusesNamesAndQuotasAgainstTheRules) {
  for (const char* name : {"ab", "Share", "a--b", "share_1", "-share", "..%2Fshare"}) {
    const Response response = send("PUT", std::string("/acct1/") + name + "?restype=share");
    EXPECT_EQ(response.status, 400) << name;
  }
  for (const char* quota : {"0", "x", "-1", "102401"}) {
    EXPECT_EQ(code_of(send("PUT", "/acct1/share3?restype=share", {{"x-ms-share-quota", quota}})), "InvalidHeaderValue");
  }
}

TEST_F(ShareTest, IsDeletedWithAllThatIsInIt) {
  send("PUT", "/acct1/share1/d?restype=directory");
  create_file_with("d/f", "x");
  EXPECT_EQ(send("DELETE", "/acct1/share1?restype=share").status, 202);
  EXPECT_FALSE(std::filesystem::exists(share_folder()));
  const Response gone = send("GET", "/acct1/share1?restype=share");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(code_of(gone), "ShareNotFound");
  EXPECT_EQ(code_of(send("GET", "/acct1/share1/d/f")), "ShareNotFound");
  EXPECT_EQ(send("PUT", "/acct1/share1?restype=share").status, 201);
}

TEST_F(ShareTest, DoesNotFollowLinksWhenItIsDeleted) {
  const auto outside = folder_.path() / "outside";
  std::filesystem::create_directory(outside);
  std::ofstream(outside / "keep") << "x";
  std::filesystem::create_symlink(outside, share_folder() / "link");
  EXPECT_EQ(send("DELETE", "/acct1/share1?restype=share").status, 202);
  ASSERT_TRUE(batchai::test::eventually([&] { return !has_trash(); }));
  EXPECT_TRUE(std::filesystem::exists(outside / "keep"));
}

TEST_F(ShareTest, FinishesAnInterruptedRemovalAtTheNextStart) {
  std::filesystem::create_directories(trash() / "x" / "d");
  const FilesApi next(
      folder_.path() / "files", [](std::string_view) { return std::nullopt; }, *clock_);
  ASSERT_TRUE(batchai::test::eventually([&] { return !has_trash(); }));
  EXPECT_TRUE(std::filesystem::exists(share_folder()));
}

TEST_F(ShareTest, GoesWithItsAccountWhateverJobsHaveLeftInIt) {
  std::filesystem::create_directory(share_folder() / "cache");
  write_as_job("cache/module", "x");
  std::filesystem::permissions(share_folder() / "cache", std::filesystem::perms(0555));
  const batchai::test::Unprivileged user(folder_.path());
  api_.remove_account("acct1");
  api_.remove_account("acct1");
  EXPECT_EQ(code_of(send("GET", "/acct1/share1?restype=share")), "ShareNotFound");
  ASSERT_TRUE(batchai::test::eventually([&] { return !has_trash(); }));
}

TEST_F(ShareTest, CountsTheBytesOfItsFiles) {
  create_file_with("a", "12345");
  write_as_job("b", "123");
  EXPECT_EQ(send("GET", "/acct1/share1?restype=share&comp=stats").body,
            "<?xml version=\"1.0\"?><ShareStats><ShareUsageBytes>8</ShareUsageBytes></ShareStats>");
}

TEST_F(ShareTest, ListsInPages) {
  for (const char* name : {"beta", "alpha", "sharp"}) {
    send("PUT", std::string("/acct1/") + name + "?restype=share");
  }
  std::filesystem::create_directory(folder_.path() / "files" / "acct1" / ".hidden");
  std::vector<std::string> names;
  std::string marker;
  int pages = 0;
  do {
    const Response response = send("GET", "/acct1/?comp=list&maxresults=3&marker=" + marker);
    ASSERT_EQ(response.status, 200);
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(response.body.c_str()));
    const auto root = document.child("EnumerationResults");
    EXPECT_STREQ(root.attribute("ServiceEndpoint").value(), "http://127.0.0.1:10011/acct1/");
    for (const auto share : root.child("Shares")) {
      names.emplace_back(share.child_value("Name"));
      EXPECT_STREQ(share.child("Properties").child_value("Quota"), "5120");
    }
    marker = root.child_value("NextMarker");
    ++pages;
  } while (!marker.empty() && pages < 9);
  EXPECT_EQ(names, (std::vector<std::string>{"alpha", "beta", "share1", "sharp"}));
  EXPECT_EQ(pages, 2);
}

TEST_F(ShareTest, ListsByPrefixWithMetadataWhenAsked) {
  send("PUT", "/acct1/alpha?restype=share", {{"x-ms-meta-k", "v"}});
  EXPECT_THAT(send("GET", "/acct1?comp=list&prefix=al&include=metadata").body,
              testing::AllOf(testing::HasSubstr("<Prefix>al</Prefix>"), testing::HasSubstr("<k>v</k>"),
                             testing::Not(testing::HasSubstr("share1")), testing::HasSubstr("<NextMarker/>")));
}

TEST_F(ShareTest, RefusesBrokenListParameters) {
  EXPECT_EQ(code_of(send("GET", "/acct1/?comp=list&maxresults=0")), "OutOfRangeQueryParameterValue");
  EXPECT_EQ(code_of(send("GET", "/acct1/?comp=list&maxresults=x")), "InvalidQueryParameterValue");
  EXPECT_EQ(code_of(send("GET", "/acct1/?comp=list&marker=%21")), "InvalidQueryParameterValue");
}

TEST_F(ShareTest, AnswersServicePropertiesWithProtocolsFromTheVersionThatHasThem) {
  EXPECT_THAT(send("GET", "/acct1/?restype=service&comp=properties").body, testing::HasSubstr("<ProtocolSettings>"));
  EXPECT_THAT(send("GET", "/acct1/?restype=service&comp=properties", {{"x-ms-version", "2018-11-09"}}).body,
              testing::Not(testing::HasSubstr("<ProtocolSettings>")));
}

TEST_F(ShareTest, RefusesOperationsItDoesNotHave) {
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1?restype=share&comp=tags")), "UnsupportedQueryParameter");
  EXPECT_EQ(send("POST", "/acct1/share1?restype=share").status, 405);
  EXPECT_EQ(code_of(send("GET", "/acct1/share1")), "InvalidUri");
  EXPECT_EQ(code_of(send("GET", "/acct1/share1?restype=share", {{"x-ms-version", "yesterday"}})), "InvalidHeaderValue");
}

TEST_F(ShareTest, KeepsServicePropertiesThatAreSent) {
  const std::string target = "/acct1/?restype=service&comp=properties";
  const std::string metrics =
      "<HourMetrics><Version>1.0</Version><Enabled>true</Enabled><IncludeAPIs>true</IncludeAPIs>"
      "<RetentionPolicy><Enabled>true</Enabled><Days>7</Days></RetentionPolicy></HourMetrics>";
  const auto set = [&](const std::string& inner) {
    return send("PUT", target, {}, "<StorageServiceProperties>" + inner + "</StorageServiceProperties>");
  };
  EXPECT_EQ(set(metrics).status, 202);
  EXPECT_EQ(set("<Cors/>").status, 202);
  EXPECT_THAT(send("GET", target).body,
              testing::AllOf(testing::HasSubstr(metrics), testing::HasSubstr("<MinuteMetrics>"),
                             testing::HasSubstr("<Cors/>")));
  EXPECT_EQ(code_of(set("<Logging/>")), "UnsupportedXmlNode");
  EXPECT_EQ(code_of(set("<HourMetrics><Version>2</Version></HourMetrics>")), "InvalidXmlNodeValue");
  EXPECT_EQ(code_of(send("PUT", target, {}, "<a")), "InvalidXmlDocument");
}

TEST_F(ShareTest, KeepsItsAccessTier) {
  EXPECT_EQ(send("PUT", "/acct1/share1?restype=share&comp=properties", {{"x-ms-access-tier", "hot"}}).status, 200);
  EXPECT_EQ(send("GET", "/acct1/share1?restype=share").headers.get("x-ms-access-tier"), "Hot");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1?restype=share&comp=properties", {{"x-ms-access-tier", "warm"}})),
            "InvalidHeaderValue");
}

TEST_F(ShareTest, TellsWhenItsAccessTierWasChangedAndFromWhat) {
  const auto header = [&](const char* name) { return send("GET", "/acct1/share1?restype=share").headers.get(name); };
  const std::string made = format_http_date(clock_->now());
  EXPECT_EQ(header("x-ms-access-tier"), "TransactionOptimized");
  EXPECT_EQ(header("x-ms-access-tier-change-time"), made);
  EXPECT_EQ(header("x-ms-access-tier-transition-state"), "");
  clock_->advance(std::chrono::hours(1));
  send("PUT", "/acct1/share1?restype=share&comp=metadata");
  EXPECT_EQ(header("x-ms-access-tier-change-time"), made);
  send("PUT", "/acct1/share1?restype=share&comp=properties", {{"x-ms-access-tier", "Hot"}});
  const std::string changed = format_http_date(clock_->now());
  EXPECT_EQ(header("x-ms-access-tier"), "Hot");
  EXPECT_EQ(header("x-ms-access-tier-change-time"), changed);
  EXPECT_EQ(header("x-ms-access-tier-transition-state"), "pending-from-transactionOptimized");
  EXPECT_THAT(
      send("GET", "/acct1/?comp=list").body,
      testing::HasSubstr("<AccessTier>Hot</AccessTier><AccessTierChangeTime>" + changed +
                         "</AccessTierChangeTime><AccessTierTransitionState>pending-from-transactionOptimized"));
  clock_->advance(std::chrono::minutes(1));
  EXPECT_EQ(header("x-ms-access-tier-transition-state"), "");
  send("PUT", "/acct1/share1?restype=share&comp=properties", {{"x-ms-access-tier", "Hot"}});
  EXPECT_EQ(header("x-ms-access-tier-change-time"), changed);
  send("PUT", "/acct1/share1?restype=share&comp=properties", {{"x-ms-access-tier", "Cool"}});
  EXPECT_EQ(header("x-ms-access-tier-transition-state"), "pending-from-hot");
}

TEST_F(ShareTest, TakesAtMostFiveCorsRules) {
  const auto set = [&](int rules) {
    std::string xml;
    for (int i = 0; i < rules; ++i) {
      xml +=
          "<CorsRule><AllowedOrigins>www.xyz.com</AllowedOrigins><AllowedMethods>GET</AllowedMethods>"
          "<AllowedHeaders/><ExposedHeaders/><MaxAgeInSeconds>0</MaxAgeInSeconds></CorsRule>";
    }
    return send("PUT", "/acct1/?restype=service&comp=properties", {},
                "<StorageServiceProperties><Cors>" + xml + "</Cors></StorageServiceProperties>");
  };
  EXPECT_EQ(set(5).status, 202);
  const Response refused = set(6);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(code_of(refused), "InvalidXmlDocument");
}

TEST_F(ShareTest, TakesNoMoreThanItsQuota) {
  send("PUT", "/acct1/share1?restype=share&comp=properties", {{"x-ms-share-quota", "1"}});
  EXPECT_EQ(create_file("f", (1ULL << 30U) - 10).status, 201);
  const Response refused = create_file("g", 11);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(code_of(refused), "ShareSizeLimitReached");
  EXPECT_FALSE(std::filesystem::exists(share_folder() / "g"));
  EXPECT_EQ(create_file("g", 10).status, 201);
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/g?comp=properties", {{"x-ms-content-length", "11"}})),
            "ShareSizeLimitReached");
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/h", {{"x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/g"}})),
            "ShareSizeLimitReached");
  // What is deleted makes room, and so does a larger quota; what is there already is not counted twice.
  EXPECT_EQ(create_file("f", (1ULL << 30U) - 10).status, 201);
  EXPECT_EQ(send("DELETE", "/acct1/share1/g").status, 202);
  EXPECT_EQ(create_file("h", 10).status, 201);
  write_as_job("job", "12345");
  send("PUT", "/acct1/share1?restype=share&comp=properties", {{"x-ms-share-quota", "2"}});
  EXPECT_EQ(create_file("g", 1).status, 201);
}

TEST_F(ShareTest, IsNotRestoredOnceItIsDeleted) {
  send("DELETE", "/acct1/share1?restype=share");
  const std::string target = "/acct1/share1?restype=share&comp=undelete";
  EXPECT_EQ(code_of(send("PUT", target)), "MissingRequiredHeader");
  const Headers which = {{"x-ms-deleted-share-name", "share1"}, {"x-ms-deleted-share-version", "1"}};
  EXPECT_EQ(code_of(send("PUT", target, which)), "ShareNotFound");
}

TEST_F(ShareTest, NeedsALengthOfWhatIsPut) {
  HttpRequest request{"PUT", Url::parse("http://127.0.0.1:10011/acct1/share2?restype=share"), {}, {}};
  signing::sign_with_shared_key(request, "acct1", kKey, clock_->now());
  Request received = to_received(request);
  received.headers.remove("Content-Length");
  const Response response = api_.handle(received);
  EXPECT_EQ(response.status, 411);
  EXPECT_EQ(code_of(response), "MissingContentLengthHeader");
}

TEST_F(ShareTest, SpeaksForTheListener) {
  const Response refusal = listener_refusal(413, "The request body is too large.");
  EXPECT_EQ(refusal.status, 413);
  EXPECT_EQ(code_of(refusal), "RequestBodyTooLarge");
  EXPECT_EQ(refusal.headers.get("Content-Type"), "application/xml");
  EXPECT_THAT(refusal.body, testing::HasSubstr("<Reason>The request body is too large.</Reason>"));
  EXPECT_FALSE(refusal.headers.get("x-ms-request-id").empty());
  EXPECT_EQ(code_of(listener_refusal(500, "x")), "InternalError");
  EXPECT_EQ(code_of(listener_refusal(503, "x")), "ServerBusy");
  EXPECT_EQ(listener_refusal(431, "x").status, 431);
}

TEST_F(ShareTest, EchoesVersionAndClientRequestId) {
  const Response response =
      send("GET", "/acct1/share1?restype=share", {{"x-ms-version", "2026-10-06"}, {"x-ms-client-request-id", "abc"}});
  EXPECT_EQ(response.headers.get("x-ms-version"), "2026-10-06");
  EXPECT_EQ(response.headers.get("x-ms-client-request-id"), "abc");
  EXPECT_FALSE(response.headers.get("x-ms-request-id").empty());
}

}  // namespace
}  // namespace batchai::server::files::test
