#include "batchai/core/secret.hpp"
#include "batchai/core/time.hpp"
#include "batchai/core/transport.hpp"
#include "e2e/service.hpp"
#include "signing/jwt.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;

/// Requests as curl would send them: nothing of the client library but its transport.
class Unauthorized : public ServiceTest {
 protected:
  void SetUp() override {
    start_service();
    service_ = endpoints();
    transport_ = make_network_transport({.ca_bundle = service_.value("caBundle", "")});
  }

  std::string text(const char* name) const { return service_.at(name).get<std::string>(); }

  HttpResponse send(const std::string& method, const std::string& url, Headers headers, std::string body = {}) {
    return transport_->send(
        {.method = method, .url = Url::parse(url), .headers = std::move(headers), .body = std::move(body)}, {});
  }

  std::string group_url() const {
    Url url = Url::parse(text("managementEndpoint"));
    url.append_path("subscriptions/" + text("subscriptionId") + "/resourcegroups/sneaky");
    return url.add_query("api-version", "2021-04-01").to_string();
  }

  HttpResponse put_group(const std::string& token) {
    Headers headers = {{"Content-Type", "application/json"}};
    if (!token.empty()) {
      headers.set("Authorization", "Bearer " + token);
    }
    return send("PUT", group_url(), headers, R"({"location":"eastus"})");
  }

  std::string good_token() {
    Url url = Url::parse(text("managementEndpoint"));
    url.append_segment(text("tenantId")).append_path("oauth2/v2.0/token");
    const std::string form = "grant_type=client_credentials&client_id=" + text("clientId") +
                             "&scope=" + percent_encode("https://management.core.windows.net//.default") +
                             "&client_secret=" + percent_encode(text("clientSecret"));
    const auto answer = send("POST", url.to_string(), {{"Content-Type", "application/x-www-form-urlencoded"}}, form);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return nlohmann::json::parse(answer.body).at("access_token");
  }

  void expect_refused(const HttpResponse& answer, const std::string& code) {
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(nlohmann::json::parse(answer.body).at("error").at("code"), code);
    EXPECT_THAT(answer.headers.get("WWW-Authenticate"), HasSubstr("Bearer"));
    EXPECT_EQ(batchai({"group", "show", "-n", "sneaky"}).exit_code, 3) << "something was done";
  }

  nlohmann::json service_;
  std::shared_ptr<Transport> transport_;
};

TEST_F(Unauthorized, NoToken) { expect_refused(put_group(""), "AuthenticationFailed"); }

TEST_F(Unauthorized, ATokenWithAChangedByte) {
  std::string token = good_token();
  ASSERT_EQ(put_group(token).status, 201);
  batchai_ok({"group", "delete", "-n", "sneaky", "-y"});
  char& changed = token[token.rfind('.') + 20];
  changed = changed == 'A' ? 'B' : 'A';
  expect_refused(put_group(token), "InvalidAuthenticationToken");
}

TEST_F(Unauthorized, AnExpiredToken) {
  const auto token = signing::Jwt::parse(good_token());
  ASSERT_TRUE(token);
  std::ifstream file(data_folder() / "tls" / "token-signing.pem");
  const std::string pem((std::istreambuf_iterator<char>(file)), {});
  const auto key = signing::RsaPrivateKey::from_pem(Secret(pem));
  nlohmann::json claims = token->claims();
  for (const char* name : {"iat", "nbf", "exp"}) {
    claims[name] = claims.at(name).get<std::int64_t>() - 24 * 3600;
  }
  expect_refused(put_group(signing::sign_jwt(token->header(), claims, key)), "ExpiredAuthenticationToken");
}

TEST_F(Unauthorized, AFilesRequestWithAWrongSignature) {
  Url url = Url::parse(text("filesEndpoint"));
  url.append_path(text("storageAccount") + "/sneaky").add_query("restype", "share");
  Headers headers = {{"x-ms-version", "2018-11-09"},
                     {"x-ms-date", format_http_date(std::chrono::floor<Ticks>(std::chrono::system_clock::now()))}};
  EXPECT_EQ(send("PUT", url.to_string(), headers).status, 401);
  headers.set("Authorization", "SharedKey " + text("storageAccount") + ":" + std::string(43, 'A') + "=");
  const HttpResponse answer = send("PUT", url.to_string(), headers);
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.headers.get("x-ms-error-code"), "AuthenticationFailed");
  EXPECT_FALSE(std::filesystem::exists(data_folder() / "files" / text("storageAccount") / "sneaky"));
}

TEST_F(Unauthorized, AFilesRequestWithATokenForManagement) {
  Url url = Url::parse(text("filesEndpoint"));
  url.append_path(text("storageAccount") + "/sneaky").add_query("restype", "share");
  const Headers headers = {{"x-ms-version", "2022-11-02"},
                           {"x-ms-file-request-intent", "backup"},
                           {"Authorization", "Bearer " + good_token()}};
  const HttpResponse answer = send("PUT", url.to_string(), headers);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.headers.get("x-ms-error-code"), "InvalidAuthenticationInfo");
  EXPECT_EQ(answer.headers.get("WWW-Authenticate"), "Bearer authorization_uri=" + text("managementEndpoint") + "/" +
                                                        text("tenantId") +
                                                        "/oauth2/authorize resource_id=https://storage.azure.com");
  EXPECT_FALSE(std::filesystem::exists(data_folder() / "files" / text("storageAccount") / "sneaky"));
}

}  // namespace
}  // namespace batchai::test
