#include "server/identity/managed_identity.hpp"

#include "server/identity/identity_fixture.hpp"

#include <gmock/gmock.h>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;

class ManagedIdentity : public IdentityFixture {
 protected:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  ManagedIdentity() {
    router_.add(managed_identity_routes({options_.audiences, principal_.app_id}, tokens_, principals_));
  }

  Response get(Parameters parameters, Headers headers = {{"Metadata", "true"}}) {
    parameters.insert(parameters.begin(), {"api-version", "2018-02-01"});
    return send("GET", path_, "", std::move(headers), std::move(parameters));
  }

  void expect_refusal(const Response& response, const std::string& text) {
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(nlohmann::json::parse(response.body).at("error_description").get<std::string>(), HasSubstr(text));
    EXPECT_THAT(response.body, ::testing::Not(HasSubstr("access_token")));
  }

  const std::string path_ = "/metadata/identity/oauth2/token";
  const std::string resource_ = "https://management.azure.com";
};

TEST_F(ManagedIdentity, GivesATokenAsTheMetadataServiceDoes) {
  const auto body = nlohmann::json::parse(get({{"resource", resource_}}).body);
  EXPECT_EQ(body.at("client_id"), principal_.app_id);
  EXPECT_EQ(body.at("expires_in"), "3599");
  EXPECT_EQ(body.at("expires_on"), std::to_string(1'528'406'181 + 3599));
  EXPECT_EQ(body.at("resource"), resource_);
  EXPECT_EQ(tokens_.verify(body.at("access_token").get<std::string>(), {resource_}).app_id, principal_.app_id);
}

TEST_F(ManagedIdentity, TakesAFormAsTheAgentOfCloudShellDoes) {
  const Response response =
      send("POST", path_, "resource=https%3A%2F%2Fmanagement.core.windows.net%2F", {{"metadata", "True"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(nlohmann::json::parse(response.body).at("resource"), "https://management.core.windows.net/");
}

TEST_F(ManagedIdentity, NeedsTheHeaderThatPagesAndProxiesDoNotSend) {
  expect_refusal(get({{"resource", resource_}}, {}), "Required metadata header not specified");
  expect_refusal(get({{"resource", resource_}}, {{"Metadata", "true"}, {"X-Forwarded-For", "10.0.0.1"}}),
                 "Required metadata header not specified");
}

TEST_F(ManagedIdentity, IsThePrincipalThatIsAskedFor) {
  const Principal other = principals_.create("other");
  const auto body = nlohmann::json::parse(get({{"resource", resource_}, {"client_id", other.app_id}}).body);
  EXPECT_EQ(tokens_.verify(body.at("access_token").get<std::string>(), {resource_}).app_id, other.app_id);
  EXPECT_EQ(get({{"resource", resource_}, {"object_id", principal_.object_id}}).status, 200);
  expect_refusal(get({{"resource", resource_}, {"client_id", kTenant}}), "Identity not found");
  expect_refusal(get({{"resource", resource_}, {"object_id", kTenant}}), "Identity not found");
  expect_refusal(get({{"resource", resource_}, {"msi_res_id", "/subscriptions/s/x"}}), "Identity not found");
}

TEST_F(ManagedIdentity, KnowsOnlyItsAudiences) {
  expect_refusal(get({}), "audience");
  expect_refusal(get({{"resource", "https://vault.azure.net"}}), "https://vault.azure.net");
}

}  // namespace
}  // namespace batchai::server::test
