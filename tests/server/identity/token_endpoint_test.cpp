#include "server/identity/identity_fixture.hpp"
#include "server/identity/token_error.hpp"
#include "signing/encoding.hpp"
#include "signing/jwt.hpp"

#include <gmock/gmock.h>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class TokenEndpoint : public IdentityFixture {
 protected:
  nlohmann::json granted(const std::string& path, const std::string& body, const Headers& headers = {}) {
    const Response response = send("POST", path, body, headers);
    EXPECT_EQ(response.status, 200) << response.body;
    return nlohmann::json::parse(response.body);
  }

  void expect_error(const std::string& path, const std::string& body, int status, const std::string& error, int code) {
    const Response response = send("POST", path, body);
    EXPECT_EQ(response.status, status);
    const auto json = nlohmann::json::parse(response.body);
    EXPECT_EQ(json.at("error"), error);
    EXPECT_EQ(json.at("error_codes"), nlohmann::json::array({code}));
    EXPECT_THAT(json.at("error_description").get<std::string>(), StartsWith("AADSTS" + std::to_string(code) + ": "));
    EXPECT_THAT(response.body, ::testing::Not(HasSubstr("client_secret=")));
    EXPECT_THAT(response.body, ::testing::Not(HasSubstr(kSecret)));
  }

  const std::string v1_ = std::string("/") + kTenant + "/oauth2/token";
  const std::string v2_ = std::string("/") + kTenant + "/oauth2/v2.0/token";
};

TEST_F(TokenEndpoint, GrantsATokenOfTheRequestedAudience) {
  const auto json = granted(v2_, form());
  EXPECT_EQ(json.at("token_type"), "Bearer");
  EXPECT_EQ(json.at("expires_in"), 3599);
  EXPECT_FALSE(json.contains("resource"));
  const auto token = signing::Jwt::parse(json.at("access_token").get<std::string>());
  ASSERT_TRUE(token);
  EXPECT_TRUE(signing::verify_jwt(*token, test_signing_key().key.public_key()));
  EXPECT_EQ(token->header_text("alg"), "RS256");
  EXPECT_EQ(token->header_text("kid"), "test-key");
  EXPECT_EQ(token->claim_text("aud"), "https://management.azure.com");
  EXPECT_EQ(token->claim_text("iss"), std::string("https://sts.windows.net/") + kTenant + "/");
  EXPECT_EQ(token->claim_text("tid"), kTenant);
  EXPECT_EQ(token->claim_text("appid"), principal_.app_id);
  EXPECT_EQ(token->claim_text("oid"), principal_.object_id);
  EXPECT_EQ(token->claim_text("sub"), principal_.object_id);
  EXPECT_EQ(token->claim_text("appidacr"), "1");
  EXPECT_EQ(token->claim_number("exp").value() - token->claim_number("iat").value(), 3599);
  EXPECT_EQ(token->claim_number("iat").value() - token->claim_number("nbf").value(), 300);
}

TEST_F(TokenEndpoint, GrantsByResourceWithTheMembersOfVersionOne) {
  const auto json = granted(v1_, form(kSecret, "resource=https%3A%2F%2Fmanagement.core.windows.net%2F"));
  EXPECT_EQ(json.at("expires_in"), 3599);
  EXPECT_EQ(json.at("resource"), "https://management.core.windows.net/");
  EXPECT_EQ(json.at("expires_on"), std::to_string(1'528'406'181 + 3599));
  EXPECT_EQ(json.at("not_before"), std::to_string(1'528'406'181 - 300));
}

TEST_F(TokenEndpoint, TrimsOneDefaultScopeAndNoSlash) {
  const auto json = granted(v2_, form(kSecret, "scope=https%3A%2F%2F127.0.0.1%3A8443%2F%2F.default"));
  const auto token = signing::Jwt::parse(json.at("access_token").get<std::string>());
  EXPECT_EQ(token->claim_text("aud"), "https://127.0.0.1:8443/");
}

TEST_F(TokenEndpoint, TakesAPlainScopeOrAResourceBelowAdfs) {
  granted("/adfs/oauth2/token", form(kSecret, "scope=https%3A%2F%2F127.0.0.1%3A8443%2F"));
  granted("/ADFS/oauth2/token", form(kSecret, "scope=https%3A%2F%2F127.0.0.1%3A8443%2F.default"));
  granted("/adfs/oauth2/token", form(kSecret, "resource=https%3A%2F%2F127.0.0.1%3A8443"));
}

TEST_F(TokenEndpoint, PassesOverWhatItDoesNotKnow) {
  granted(v2_, form() + "&client_info=1&claims=%7B%7D&x-client-SKU=MSAL.Python&x-client-current-telemetry=4%7C730");
  granted(v2_, form(), {{"Authorization", "Bearer " + signing::base64_encode("a:b")}});
}

TEST_F(TokenEndpoint, TakesTheSecretAsBasicCredentials) {
  const std::string basic = "Basic " + signing::base64_encode(principal_.app_id + ":right%7Esecret.value");
  granted(v2_, "grant_type=client_credentials&scope=https%3A%2F%2Fmanagement.azure.com%2F.default",
          {{"Authorization", basic}});
}

TEST_F(TokenEndpoint, ForbidsCachesToKeepATokenOrAnError) {
  for (const std::string& secret : {std::string(kSecret), std::string("wrong")}) {
    const Response response = send("POST", v2_, form(secret));
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store, no-cache");
    EXPECT_EQ(response.headers.get("Pragma"), "no-cache");
    EXPECT_EQ(response.headers.get("Content-Type"), "application/json; charset=utf-8");
    EXPECT_EQ(response.headers.get("x-ms-request-id"), "99999999-0000-0000-0000-000000000001");
  }
}

TEST_F(TokenEndpoint, RefusesAWrongSecret) {
  expect_error(v2_, form("wrong"), 401, "invalid_client", 7000215);
  expect_error(v2_, form(std::string(kSecret) + "x"), 401, "invalid_client", 7000215);
}

TEST_F(TokenEndpoint, TakesASecretUntilTheMomentOfItsExpiry) {
  clock_->advance(std::chrono::seconds(3599));
  EXPECT_EQ(send("POST", v2_, form()).status, 200);
  clock_->advance(std::chrono::seconds(1));
  expect_error(v2_, form(), 401, "invalid_client", 7000222);
}

TEST_F(TokenEndpoint, SlowsDownWhoKeepsTryingWrongSecrets) {
  const std::string path = std::string("/") + kTenant + "/oauth2/v2.0/token";
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(send("POST", path, form("wrong")).status, 401) << i;
  }
  for (const int pause : {1, 2, 4, 8, 16, 32, 60, 60}) {
    const Response refused = send("POST", path, form());
    EXPECT_EQ(refused.status, 429) << "also with the right one: nothing is learned from the answer";
    EXPECT_EQ(refused.headers.get("Retry-After"), std::to_string(pause));
    clock_->advance(std::chrono::seconds(pause));
    EXPECT_EQ(send("POST", path, form("wrong")).status, 401) << pause;
  }
  clock_->advance(std::chrono::seconds(60));
  EXPECT_EQ(send("POST", path, form()).status, 200);
  EXPECT_EQ(send("POST", path, form("wrong")).status, 401) << "a success makes a new beginning";
}

TEST_F(TokenEndpoint, ForgetsWrongSecretsAfterTenMinutes) {
  const std::string path = std::string("/") + kTenant + "/oauth2/v2.0/token";
  for (int i = 0; i < 4; ++i) {
    send("POST", path, form("wrong"));
  }
  clock_->advance(std::chrono::minutes(11));
  send("POST", path, form("wrong"));
  EXPECT_EQ(send("POST", path, form()).status, 200);
}

TEST_F(TokenEndpoint, RefusesAnExpiredSecretAndTakesANewOne) {
  clock_->advance(std::chrono::hours(2));
  expect_error(v2_, form(), 401, "invalid_client", 7000222);
  principals_.add_secret(principal_.app_id, Secret("newer"), clock_->now() + std::chrono::hours(1));
  granted(v2_, form("newer"));
}

TEST_F(TokenEndpoint, NamesWhatIsMissing) {
  const std::string id = "client_id=" + principal_.app_id;
  const std::string scope = "&scope=https%3A%2F%2Fmanagement.azure.com%2F.default";
  expect_error(v2_, id + scope, 400, "invalid_request", 900144);
  expect_error(v2_, "grant_type=client_credentials" + scope, 400, "invalid_request", 900144);
  expect_error(v2_, "grant_type=client_credentials&client_secret=x&" + id, 400, "invalid_request", 900144);
  expect_error(v2_, "grant_type=client_credentials&" + id + scope, 401, "invalid_client", 7000218);
}

TEST_F(TokenEndpoint, RefusesOtherGrants) {
  expect_error(v2_, "grant_type=password&username=u&password=p", 400, "unsupported_grant_type", 70003);
}

TEST_F(TokenEndpoint, RefusesUnknownApplicationsTenantsAndAudiences) {
  expect_error(v2_,
               "grant_type=client_credentials&client_id=nobody&client_secret=x"
               "&scope=https%3A%2F%2Fmanagement.azure.com%2F.default",
               400, "unauthorized_client", 700016);
  expect_error("/aaaaaaaa-2222-3333-4444-555555555555/oauth2/token", form(), 400, "invalid_request", 90002);
  expect_error("/common/oauth2/v2.0/token", form(), 400, "invalid_request", 900023);
  expect_error(std::string("/") + kTenant + "0/oauth2/v2.0/token", form(), 400, "invalid_request", 900023);
  expect_error("/adfs2/oauth2/token", form(), 400, "invalid_request", 900023);
  for (const char* audience : {"evil.example", "management.azure.com.evil.example", "management.azure.com%2Fx"}) {
    expect_error(v2_, form(kSecret, std::string("scope=https%3A%2F%2F") + audience + "%2F.default"), 400,
                 "invalid_resource", 500011);
  }
}

TEST_F(TokenEndpoint, RefusesScopesThatAreNotOneResource) {
  expect_error(v2_, form(kSecret, "scope=https%3A%2F%2Fmanagement.azure.com%2Fuser"), 400, "invalid_scope", 1002012);
  expect_error(v2_, form(kSecret, "scope=openid+profile"), 400, "invalid_scope", 70011);
}

TEST_F(TokenEndpoint, TellsTraceAndCorrelationAndTime) {
  const Response response =
      send("POST", v2_, form("wrong"), {{"client-request-id", "aaaaaaaa-0000-0000-0000-00000000000b"}});
  const auto json = nlohmann::json::parse(response.body);
  EXPECT_EQ(json.at("trace_id"), "99999999-0000-0000-0000-000000000001");
  EXPECT_EQ(json.at("correlation_id"), "aaaaaaaa-0000-0000-0000-00000000000b");
  EXPECT_EQ(json.at("timestamp"), "2018-06-07 21:16:21Z");
  EXPECT_EQ(json.at("error_uri"), "https://127.0.0.1:8443/error?code=7000215");
  EXPECT_THAT(json.at("error_description").get<std::string>(),
              HasSubstr("\r\nTrace ID: 99999999-0000-0000-0000-000000000001\r\nCorrelation ID: "
                        "aaaaaaaa-0000-0000-0000-00000000000b\r\nTimestamp: 2018-06-07 21:16:21Z"));
}

TEST_F(TokenEndpoint, SurvivesBytesThatAreNotUtf8) {
  const Response response = send("POST", v2_, "grant_type=%FF%FE");
  EXPECT_EQ(response.status, 400);
  EXPECT_TRUE(nlohmann::json::accept(response.body));
}

TEST_F(TokenEndpoint, StoresNoSecretInTheClear) {
  store_.read([this](Transaction& transaction) {
    const auto document = transaction.get("serviceprincipal/" + principal_.app_id);
    ASSERT_TRUE(document);
    EXPECT_THAT(document->hidden.dump() + document->body.dump(), ::testing::Not(HasSubstr(kSecret)));
    EXPECT_EQ(document->hidden.at("secrets").size(), 1u);
  });
}

}  // namespace
}  // namespace batchai::server::test
