#include "server/files/api_fixture.hpp"
#include "signing/sas.hpp"

#include <functional>

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

using signing::SasService;
using signing::SasToken;

const std::string kChallenge =
    "Bearer authorization_uri=https://login.test/tenant/oauth2/authorize resource_id=https://storage.azure.com";

class AuthorizationTest : public FaceTest {
 protected:
  AuthorizationTest() { create_file_with("f.txt", "hello"); }

  std::string time(std::chrono::minutes from_now) const { return format_iso8601(clock_->now() + from_now); }

  SasToken share_token(const std::string& permissions) const {
    return {.resource = "s", .permissions = permissions, .expiry = time(std::chrono::minutes(60))};
  }
  static std::string sign_share(SasToken token) {
    return sign_service_sas(std::move(token), SasService::File, {"acct1", "share1"}, kKey).to_query();
  }
  static std::string sign_file(SasToken token, const std::string& path = "f.txt") {
    token.resource = "f";
    return sign_service_sas(std::move(token), SasService::File, {"acct1", "share1", path}, kKey).to_query();
  }
  SasToken account_token(const std::string& permissions, const std::string& types = "sco") const {
    return {
        .services = "f", .resource_types = types, .permissions = permissions, .expiry = time(std::chrono::minutes(60))};
  }
  static std::string sign_account(SasToken token) {
    return sign_account_sas(std::move(token), "acct1", kKey).to_query();
  }
  Response read_with(const std::string& sas) { return send_unsigned("GET", "/acct1/share1/f.txt?" + sas); }
  Response write_with(const std::string& sas) {
    return send_unsigned("PUT", "/acct1/share1/f.txt?comp=range&" + sas,
                         {{"x-ms-write", "update"}, {"x-ms-range", "bytes=0-0"}}, "J");
  }
  /// A signed request that is changed after signing.
  Response send_changed(const std::function<void(HttpRequest&)>& change, const std::string& account = "acct1",
                        const Secret& key = kKey) {
    HttpRequest request{"GET", Url::parse("http://127.0.0.1:10011/acct1/share1/f.txt"), {}, {}};
    request.headers.set("x-ms-version", "2021-12-02");
    signing::sign_with_shared_key(request, account, key, clock_->now());
    change(request);
    return api_.handle(to_received(request));
  }
};

TEST_F(AuthorizationTest, AcceptsEitherAccountKey) {
  const auto unchanged = [](HttpRequest&) {};
  EXPECT_EQ(send_changed(unchanged, "acct1", kKey).status, 200);
  EXPECT_EQ(send_changed(unchanged, "acct1", kSecondKey).status, 200);
}

TEST_F(AuthorizationTest, RefusesARequestWithoutCredentials) {
  const Response response = send_unsigned("GET", "/acct1/share1/f.txt");
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(code_of(response), "NoAuthenticationInformation");
  EXPECT_EQ(response.headers.get("WWW-Authenticate"), kChallenge);
}

TEST_F(AuthorizationTest, ABearerTokenWithTheIntentBackupDoesWhatTheKeyDoes) {
  const std::string token = "token-for-acct1";
  EXPECT_EQ(send_with_token(token, "PUT", "/acct1/by-token?restype=share").status, 201);
  EXPECT_EQ(
      send_with_token(token, "PUT", "/acct1/by-token/f.txt", {{"x-ms-type", "file"}, {"x-ms-content-length", "1"}})
          .status,
      201);
  EXPECT_EQ(send_with_token(token, "PUT", "/acct1/by-token/copy.txt",
                            {{"x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/f.txt"}})
                .status,
            202);
  EXPECT_EQ(read_body(send_with_token(token, "GET", "/acct1/by-token/copy.txt")), "hello");
  EXPECT_EQ(send_with_token(token, "GET", "/acct1/?comp=list", {{"x-ms-file-request-intent", "Backup"}}).status, 200);
}

TEST_F(AuthorizationTest, ABearerTokenThatIsNotGoodIsChallenged) {
  for (const char* token : {"x", "", "token-for-other"}) {
    const Response response = send_with_token(token, "GET", "/acct1/share1/f.txt");
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(code_of(response), "InvalidAuthenticationInfo");
    EXPECT_EQ(response.headers.get("WWW-Authenticate"), kChallenge);
    EXPECT_THAT(response.body, testing::HasSubstr("<AuthenticationErrorDetail>Issuer validation failed."));
  }
}

TEST_F(AuthorizationTest, ABearerTokenOfSomebodyWhoMayNotListTheKeysIsRefused) {
  for (const char* method : {"GET", "DELETE"}) {
    const Response response = send_with_token("token-of-a-reader-for-acct1", method, "/acct1/share1/f.txt");
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(code_of(response), "AuthorizationPermissionMismatch");
  }
}

TEST_F(AuthorizationTest, ABearerTokenNeedsItsIntent) {
  const std::string token = "token-for-acct1";
  const Headers usual = {{"Authorization", "Bearer " + token}, {"x-ms-version", "2022-11-02"}};
  const Response none = send_unsigned("GET", "/acct1/share1/f.txt", usual);
  EXPECT_EQ(none.status, 400);
  EXPECT_EQ(code_of(none), "MissingRequiredHeader");
  EXPECT_THAT(none.body, testing::HasSubstr("<HeaderName>x-ms-file-request-intent</HeaderName>"));
  const Response other =
      send_with_token(token, "GET", "/acct1/share1/f.txt", {{"x-ms-file-request-intent", "restore"}});
  EXPECT_EQ(other.status, 400);
  EXPECT_EQ(code_of(other), "InvalidHeaderValue");
}

TEST_F(AuthorizationTest, ABearerTokenIsNotKnownToOldVersionsOrForNoAccount) {
  for (const char* version : {"2021-12-02", "2018-11-09"}) {
    const Response response =
        send_with_token("token-for-acct1", "GET", "/acct1/share1/f.txt", {{"x-ms-version", version}});
    EXPECT_EQ(response.status, 403) << version;
    EXPECT_EQ(code_of(response), "AuthenticationFailed");
    EXPECT_THAT(response.body, testing::HasSubstr("Bearer is not supported in this version"));
  }
  EXPECT_EQ(code_of(send_with_token("token-for-nobody", "GET", "/nobody?comp=list")), "AuthenticationFailed");
}

TEST_F(AuthorizationTest, RefusesBrokenHeaders) {
  const Response broken = send_unsigned("GET", "/acct1/share1/f.txt", {{"Authorization", "SharedKey acct1"}});
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(code_of(broken), "InvalidAuthenticationInfo");
}

TEST_F(AuthorizationTest, RefusesAWrongKeyAnotherAccountAndChangedRequests) {
  const auto unchanged = [](HttpRequest&) {};
  EXPECT_EQ(code_of(send_changed(unchanged, "acct1", Secret("d3Jvbmc="))), "AuthenticationFailed");
  // Signed for another account, the whole path is one of that account's.
  EXPECT_EQ(code_of(send_changed(unchanged, "other", kSecondKey)), "ShareNotFound");
  const Response missing = send_changed(unchanged, "nobody", kKey);
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(code_of(missing), "AccountNotFound");
  EXPECT_THAT(missing.body, ::testing::HasSubstr("no storage account 'nobody'"));
  EXPECT_EQ(send_changed([](HttpRequest& r) { r.headers.set("x-ms-meta-a", "b"); }).status, 403);
  EXPECT_EQ(send_changed([](HttpRequest& r) { r.method = "DELETE"; }).status, 403);
  EXPECT_EQ(send_changed([](HttpRequest& r) { r.url.add_query("comp", "list"); }).status, 403);
  EXPECT_EQ(get("f.txt"), "hello");
}

TEST_F(AuthorizationTest, RefusesDatesFurtherThanAQuarterOfAnHourAway) {
  for (const int minutes : {-16, 16}) {
    HttpRequest request{"GET", Url::parse("http://127.0.0.1:10011/acct1/share1/f.txt"), {}, {}};
    signing::sign_with_shared_key(request, "acct1", kKey, clock_->now() + std::chrono::minutes(minutes));
    const Response response = api_.handle(to_received(request));
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(code_of(response), "AuthenticationFailed");
    EXPECT_THAT(response.body, testing::HasSubstr("<AuthenticationErrorDetail>"));
  }
  HttpRequest undated{"GET", Url::parse("http://127.0.0.1:10011/acct1/share1/f.txt"), {}, {}};
  undated.headers.set("Authorization", "SharedKey acct1:AAAA");
  EXPECT_EQ(api_.handle(to_received(undated)).status, 403);
}

TEST_F(AuthorizationTest, ReadsWithAReadSasButDoesNotWrite) {
  for (const std::string& sas :
       {sign_share(share_token("r")), sign_file(share_token("r")), sign_account(account_token("r"))}) {
    EXPECT_EQ(read_with(sas).status, 200);
    const Response write = write_with(sas);
    EXPECT_EQ(write.status, 403);
    EXPECT_EQ(code_of(write), "AuthorizationPermissionMismatch");
  }
  EXPECT_EQ(get("f.txt"), "hello");
}

TEST_F(AuthorizationTest, WritesWithAWriteSas) {
  EXPECT_EQ(write_with(sign_share(share_token("w"))).status, 201);
  EXPECT_EQ(get("f.txt"), "Jello");
}

TEST_F(AuthorizationTest, RefusesAnExpiredOrEarlySas) {
  SasToken expired = share_token("r");
  expired.expiry = time(std::chrono::minutes(0));
  EXPECT_EQ(code_of(read_with(sign_share(expired))), "AuthenticationFailed");
  SasToken early = share_token("r");
  early.start = time(std::chrono::minutes(6));
  EXPECT_EQ(read_with(sign_share(early)).status, 403);
  early.start = time(std::chrono::minutes(4));
  EXPECT_EQ(read_with(sign_share(early)).status, 200);
  SasToken endless = share_token("r");
  endless.expiry.clear();
  EXPECT_EQ(read_with(sign_share(endless)).status, 403);
}

TEST_F(AuthorizationTest, TellsTheTimesOfASasThatIsNotValidNow) {
  const auto detail = [&](const SasToken& token) {
    const std::string body = read_with(sign_share(token)).body;
    const auto begin = body.find("<AuthenticationErrorDetail>");
    return begin == std::string::npos ? "" : body.substr(begin + 27, body.find("</Auth") - begin - 27);
  };
  SasToken token = share_token("r");
  token.expiry = "2018-06-07T21:00:00Z";
  EXPECT_EQ(detail(token),
            "Signed expiry time [Thu, 07 Jun 2018 21:00:00 GMT] must be after signed start time "
            "[Thu, 07 Jun 2018 21:16:21 GMT]");
  token.start = "2018-06-07T20:00:00Z";
  EXPECT_EQ(detail(token),
            "Signature not valid in the specified time frame: Start [Thu, 07 Jun 2018 20:00:00 GMT] - Expiry "
            "[Thu, 07 Jun 2018 21:00:00 GMT] - Current [Thu, 07 Jun 2018 21:16:21 GMT]");
  token.expiry.clear();
  EXPECT_EQ(detail(token), "se is mandatory. Cannot be empty");
}

TEST_F(AuthorizationTest, HoldsASasToItsProtocolAndAddresses) {
  SasToken https_only = share_token("r");
  https_only.protocols = "https";
  EXPECT_EQ(code_of(read_with(sign_share(https_only))), "AuthorizationProtocolMismatch");
  SasToken elsewhere = share_token("r");
  elsewhere.ip_range = "10.0.0.1-10.0.0.9";
  EXPECT_EQ(code_of(read_with(sign_share(elsewhere))), "AuthorizationSourceIPMismatch");
  elsewhere.ip_range = "127.0.0.0-127.0.0.1";
  EXPECT_EQ(read_with(sign_share(elsewhere)).status, 200);
}

TEST_F(AuthorizationTest, HoldsAFileSasToItsFile) {
  const std::string sas = sign_file(share_token("rwd"));
  create_file_with("g.txt", "other");
  EXPECT_EQ(send_unsigned("GET", "/acct1/share1/g.txt?" + sas).status, 403);
  EXPECT_EQ(send_unsigned("GET", "/acct1/share1?restype=directory&comp=list&" + sas).status, 403);
  EXPECT_EQ(send_unsigned("PUT", "/acct1/share1/f.txt?restype=directory&" + sas).status, 403);
}

TEST_F(AuthorizationTest, HoldsAShareSasToItsShareAndToFilesAndDirectories) {
  const std::string sas = sign_share(share_token("rcwdl"));
  send("PUT", "/acct1/share2?restype=share");
  EXPECT_EQ(send_unsigned("GET", "/acct1/share2?restype=directory&comp=list&" + sas).status, 403);
  EXPECT_EQ(send_unsigned("GET", "/acct1/share1?restype=directory&comp=list&" + sas).status, 200);
  EXPECT_EQ(send_unsigned("DELETE", "/acct1/share1?restype=share&" + sas).status, 403);
  EXPECT_EQ(send_unsigned("GET", "/acct1/?comp=list&" + sas).status, 403);
}

TEST_F(AuthorizationTest, LetsACreateSasMakeNewFilesOnly) {
  const std::string sas = sign_share(share_token("c"));
  const Headers headers = {{"x-ms-type", "file"}, {"x-ms-content-length", "1"}};
  EXPECT_EQ(send_unsigned("PUT", "/acct1/share1/new.txt?" + sas, headers).status, 201);
  EXPECT_EQ(code_of(send_unsigned("PUT", "/acct1/share1/f.txt?" + sas, headers)), "AuthorizationPermissionMismatch");
  EXPECT_EQ(get("f.txt"), "hello");
}

TEST_F(AuthorizationTest, HoldsAnAccountSasToServiceTypeAndPermission) {
  SasToken blobs = account_token("rl");
  blobs.services = "b";
  EXPECT_EQ(code_of(read_with(sign_account(blobs))), "AuthorizationServiceMismatch");
  EXPECT_EQ(code_of(read_with(sign_account(account_token("r", "s")))), "AuthorizationResourceTypeMismatch");
  EXPECT_EQ(read_with(sign_account(account_token("r", "o"))).status, 200);
  EXPECT_EQ(send_unsigned("GET", "/acct1/?comp=list&" + sign_account(account_token("l", "s"))).status, 200);
  EXPECT_EQ(send_unsigned("GET", "/acct1/?comp=list&" + sign_account(account_token("r", "s"))).status, 403);
  EXPECT_EQ(send_unsigned("DELETE", "/acct1/share1?restype=share&" + sign_account(account_token("r", "c"))).status,
            403);
}

TEST_F(AuthorizationTest, RefusesAForgedOrMovedSas) {
  EXPECT_EQ(read_with(sign_share(share_token("r")) + "&x=1").status, 200);
  EXPECT_EQ(send_unsigned("GET", "/other/share1/f.txt?" + sign_share(share_token("r"))).status, 403);
  SasToken token = sign_service_sas(share_token("r"), SasService::File, {"acct1", "share1"}, kKey);
  token.permissions = "rw";
  EXPECT_EQ(write_with(token.to_query()).status, 403);
  token = sign_service_sas(share_token("r"), SasService::Blob, {"acct1", "share1"}, kKey);
  EXPECT_EQ(read_with(token.to_query()).status, 403);
}

TEST_F(AuthorizationTest, DoesNothingBeforeTheSignatureHolds) {
  for (const char* target : {"/acct1/share9?restype=share", "/acct1/share1/d?restype=directory"}) {
    EXPECT_EQ(send_unsigned("PUT", target).status, 401);
  }
  EXPECT_FALSE(std::filesystem::exists(share_folder() / "d"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "files" / "acct1" / "share9"));
}

TEST_F(AuthorizationTest, TakesTheAccountFromTheHostToo) {
  HttpRequest request{"GET", Url::parse("https://acct1.file.example.com/share1/f.txt"), {}, {}};
  signing::sign_with_shared_key(request, "acct1", kKey, clock_->now());
  EXPECT_EQ(read_body(api_.handle(to_received(request))), "hello");
}

TEST_F(AuthorizationTest, AnswersWithTheVersionOfTheSasWhereTheRequestNamesNone) {
  SasToken token = share_token("r");
  token.version = "2021-12-02";
  EXPECT_EQ(read_with(sign_share(token)).headers.get("x-ms-version"), "2021-12-02");
  EXPECT_TRUE(read_with(sign_share(token)).headers.contains("x-ms-lease-state"));
}

TEST_F(AuthorizationTest, AcceptsSharedKeyLite) {
  HttpRequest request{"GET", Url::parse("http://127.0.0.1:10011/acct1/share1?restype=share&comp=metadata"), {}, {}};
  request.headers.set("x-ms-date", format_http_date(clock_->now()));
  const signing::SignedParts parts{request.method, request.url.path(), request.url.query(), request.headers};
  const auto text = signing::shared_key_lite_string_to_sign(parts, "acct1");
  request.headers.set("Authorization", "SharedKeyLite acct1:" + signing::shared_key_signature(text, kKey));
  EXPECT_EQ(api_.handle(to_received(request)).status, 200);
}

TEST_F(AuthorizationTest, AllowsNoSasToSeeOrChangePolicies) {
  const std::string sas = sign_account(account_token("rwdlc"));
  EXPECT_EQ(send_unsigned("GET", "/acct1/share1?restype=share&comp=acl&" + sas).status, 403);
  EXPECT_EQ(send_unsigned("PUT", "/acct1/share1?restype=share&comp=acl&" + sas).status, 403);
}

TEST_F(AuthorizationTest, LetsASasOverrideHeadersButNotSplitThem) {
  SasToken token = share_token("r");
  token.content_disposition = "attachment; filename=x.txt";
  EXPECT_EQ(read_with(sign_share(token)).headers.get("Content-Disposition"), "attachment; filename=x.txt");
  token.content_disposition = "a\r\nSet-Cookie: b";
  EXPECT_EQ(read_with(sign_share(token)).status, 400);
}

}  // namespace
}  // namespace batchai::server::files::test
