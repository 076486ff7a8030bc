#include "server/identity/identity_fixture.hpp"

#include <gmock/gmock.h>

namespace batchai::server::test {
namespace {

class Discovery : public IdentityFixture {
 protected:
  nlohmann::json get(const std::string& path, std::vector<std::pair<std::string, std::string>> parameters = {}) {
    const Response response = send("GET", path, {}, {}, std::move(parameters));
    EXPECT_EQ(response.status, 200) << response.body;
    return nlohmann::json::parse(response.body);
  }
  const std::string base_ = "https://127.0.0.1:8443/" + std::string(kTenant);
};

TEST_F(Discovery, DescribesTheTenantInVersionTwo) {
  const auto json = get(std::string("/") + kTenant + "/v2.0/.well-known/openid-configuration");
  EXPECT_EQ(json.at("issuer"), base_ + "/v2.0");
  EXPECT_EQ(json.at("token_endpoint"), base_ + "/oauth2/v2.0/token");
  EXPECT_EQ(json.at("authorization_endpoint"), base_ + "/oauth2/v2.0/authorize");
  EXPECT_EQ(json.at("jwks_uri"), base_ + "/discovery/v2.0/keys");
}

TEST_F(Discovery, DescribesAdfsWithoutVersion) {
  const auto json = get("/adfs/.well-known/openid-configuration");
  EXPECT_EQ(json.at("issuer"), "https://127.0.0.1:8443/adfs");
  EXPECT_EQ(json.at("token_endpoint"), "https://127.0.0.1:8443/adfs/oauth2/token");
  EXPECT_EQ(json.at("jwks_uri"), "https://127.0.0.1:8443/adfs/discovery/keys");
}

TEST_F(Discovery, KnowsNoOtherTenant) {
  const Response response = send("GET", "/aaaaaaaa-2222-3333-4444-555555555555/v2.0/.well-known/openid-configuration");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(nlohmann::json::parse(response.body).at("error_codes"), nlohmann::json::array({90002}));
}

TEST_F(Discovery, PublishesTheKeyThatSignsTokens) {
  for (const char* path : {"/discovery/keys", "/discovery/v2.0/keys"}) {
    const auto keys = get(std::string("/") + kTenant + path).at("keys");
    ASSERT_EQ(keys.size(), 1u);
    EXPECT_EQ(keys[0].at("kid"), "test-key");
    EXPECT_EQ(keys[0].at("kty"), "RSA");
    const auto numbers = test_signing_key().key.public_key().numbers();
    EXPECT_EQ(keys[0].at("n"), numbers.n);
    EXPECT_EQ(keys[0].at("e"), numbers.e);
  }
}

TEST_F(Discovery, TellsWhichHostsAreOneAuthority) {
  const auto json =
      get("/common/discovery/instance",
          {{"api-version", "1.1"}, {"authorization_endpoint", "https://127.0.0.1/t1/oauth2/v2.0/authorize"}});
  EXPECT_EQ(json.at("tenant_discovery_endpoint"), "https://127.0.0.1:8443/t1/v2.0/.well-known/openid-configuration");
  EXPECT_EQ(json.at("api-version"), "1.1");
  EXPECT_EQ(json.at("metadata")[0].at("aliases"), nlohmann::json::array({"127.0.0.1:8443"}));
}

TEST_F(Discovery, RefusesAnInstanceThatIsNoUrl) {
  const Response response = send("GET", "/common/discovery/instance", {}, {}, {{"authorization_endpoint", "x"}});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(nlohmann::json::parse(response.body).at("error"), "invalid_instance");
}

}  // namespace
}  // namespace batchai::server::test
