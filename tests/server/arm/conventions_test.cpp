#include "server/arm/arm_fixture.hpp"

#include <algorithm>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kWorkspaces = kBase + "/resourceGroups/RG1/providers/Microsoft.BatchAI/workspaces";

class Conventions : public ArmFixture {};

TEST_F(Conventions, NeedATokenAndSayWhereToGetOne) {
  const Response response = send_bare("GET", "/subscriptions?api-version=2019-11-01", {});
  expect_fault(response, 401, "AuthenticationFailed");
  EXPECT_THAT(response.headers.get("WWW-Authenticate"),
              StartsWith("Bearer authorization_uri=\"https://127.0.0.1:8443/" + kTenant +
                         "\", error=\"invalid_token\", error_description=\""));
  EXPECT_EQ(response.headers.get("x-ms-failure-cause"), "gateway");
  EXPECT_EQ(principal_, "");
}

TEST_F(Conventions, RefuseTokensThatAreNotForThem) {
  const std::string path = "/subscriptions?api-version=2019-11-01";
  expect_fault(send_bare("GET", path, {{"Authorization", "Bearer " + token("https://storage.azure.com")}}), 401,
               "InvalidAuthenticationTokenAudience");
  expect_fault(send_bare("GET", path, {{"Authorization", "Bearer rubbish"}}), 401, "InvalidAuthenticationToken");
  expect_fault(send_bare("GET", path, {{"Authorization", "Basic " + token()}}), 401, "AuthenticationFailed");
  const std::string good = token();
  clock_->advance(std::chrono::hours(2));
  expect_fault(send_bare("GET", path, {{"Authorization", "bearer " + good}}), 401, "ExpiredAuthenticationToken");
}

TEST_F(Conventions, TellWhoAsked) {
  send("GET", "/subscriptions");
  EXPECT_EQ(principal_, owner_.app_id);
}

TEST_F(Conventions, JudgeApiVersions) {
  const Headers headers = {{"Authorization", "Bearer " + token()}};
  make_group();
  expect_fault(send_bare("GET", "/subscriptions", headers), 400, "MissingApiVersionParameter");
  expect_fault(send_bare("GET", "/subscriptions?api-version=tomorrow", headers), 400, "InvalidApiVersionParameter");
  EXPECT_EQ(send_bare("GET", "/subscriptions?API-Version=2016-06-01-preview", headers).status, 200);
  const Response wrong = send_bare("GET", kWorkspaces + "/w?api-version=2018-03-01", headers);
  expect_fault(wrong, 400, "NoRegisteredProviderFound");
  EXPECT_THAT(wrong.body, HasSubstr("'2018-05-01'"));
  expect_fault(send_bare("GET", kWorkspaces + "/w?api-version=2018-05-01", headers), 404, "WorkspaceNotFound");
  EXPECT_EQ(send_bare("GET", kBase + "/providers/Microsoft.BatchAI?api-version=2021-04-01", headers).status, 200);
}

TEST_F(Conventions, NameWhatIsUnknownInAPath) {
  make_group();
  expect_fault(send("GET", kBase + "/resourceGroups/RG1/providers/Microsoft.BatchAI/things/x"), 404,
               "InvalidResourceType");
  expect_fault(send("GET", kBase + "/resourceGroups/RG1/providers/Microsoft.Nothing/things/x"), 404,
               "InvalidResourceNamespace");
  expect_fault(send("GET", "/nothing/here"), 404, "NotFound");
  expect_fault(send("GET", "/subscriptions/" + kTenant), 404, "SubscriptionNotFound");
  expect_fault(send("GET", "/subscriptions/abc/resourcegroups"), 400, "InvalidSubscriptionId");
  expect_fault(send("PUT", kBase + "/resourceGroups/none/providers/Microsoft.BatchAI/workspaces/w"), 404,
               "ResourceGroupNotFound");
}

TEST_F(Conventions, TellWhichMethodsThereAre) {
  const Response response = send("DELETE", "/subscriptions");
  expect_fault(response, 405, "MethodNotAllowed");
  EXPECT_EQ(response.headers.get("Allow"), "GET");
}

TEST_F(Conventions, ShowFaultsOfHandlersWithTargetAndDetails) {
  make_group();
  const Response response = send("GET", kWorkspaces + "/w");
  const auto error = json(response).at("error");
  EXPECT_EQ(error.at("target"), "workspace");
  EXPECT_EQ(error.at("details"), nlohmann::json::parse(R"([{"code":"Detail","message":"more"}])"));
  EXPECT_FALSE(response.headers.contains("x-ms-failure-cause"));
}

TEST_F(Conventions, SendIdNameAndTypeFirstAndPropertiesLast) {
  const std::string group = send("PUT", kBase + "/resourceGroups/rg", R"({"location":"eastus"})").body;
  EXPECT_EQ(group,
            R"({"id":")" + kBase +
                R"(/resourceGroups/rg","name":"rg","type":"Microsoft.Resources/)"
                R"(resourceGroups","location":"eastus","tags":{},"properties":{"provisioningState":"Succeeded"}})");
  EXPECT_EQ(send("GET", kBase + "/resourceGroups").body, R"({"value":[)" + group + "]}");
}

TEST_F(Conventions, SendAnErrorsCodeFirst) {
  EXPECT_THAT(send("GET", kBase + "/resourceGroups/none").body,
              ::testing::StartsWith(R"({"error":{"code":"ResourceGroupNotFound","message":"Resource group 'none')"));
}

TEST_F(Conventions, AnswerHeadWithoutABody) {
  make_group();
  const Response response = send("HEAD", kWorkspaces + "/w");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "");
}

TEST_F(Conventions, KeepInternalFailuresToThemselves) {
  make_group();
  const Response response = send("GET", kWorkspaces + "/broken");
  expect_fault(response, 500, "InternalServerError");
  EXPECT_THAT(response.body, ::testing::Not(HasSubstr("fire")));
  EXPECT_EQ(failure_, "disk is on fire");
  EXPECT_TRUE(response.headers.contains("x-ms-request-id"));
}

TEST_F(Conventions, PutTheUsualHeadersOnEveryAnswer) {
  const Response response = send_bare("GET", "/subscriptions?api-version=2019-11-01",
                                      {{"Authorization", "Bearer " + token()},
                                       {"x-ms-correlation-request-id", "aaaaaaaa-0000-0000-0000-00000000000c"},
                                       {"x-ms-client-request-id", "mine"},
                                       {"x-ms-return-client-request-id", "true"}});
  EXPECT_EQ(response.headers.get("x-ms-request-id"), "99999999-0000-0000-0000-000000000001");
  EXPECT_EQ(response.headers.get("request-id"), "99999999-0000-0000-0000-000000000001") << "so Batch AI called it";
  EXPECT_EQ(response.headers.get("x-ms-correlation-request-id"), "aaaaaaaa-0000-0000-0000-00000000000c");
  EXPECT_EQ(response.headers.get("x-ms-routing-request-id"),
            "BATCHAI:20180607T211621Z:99999999-0000-0000-0000-000000000001");
  EXPECT_EQ(response.headers.get("x-ms-client-request-id"), "mine");
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-cache");
  EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff");
}

TEST_F(Conventions, EchoTheClientsIdOnlyWhenAsked) {
  const Response response =
      send_bare("GET", "/subscriptions?api-version=2019-11-01", {{"x-ms-client-request-id", "mine"}});
  EXPECT_FALSE(response.headers.contains("x-ms-client-request-id"));
}

TEST_F(Conventions, GiveHandlersTheHostThatClientsWereTold) {
  make_group();
  send_bare("GET", kWorkspaces + "/w?api-version=2018-05-01",
            {{"Authorization", "Bearer " + token()}, {"host", "evil.example"}});
  EXPECT_EQ(seen_host_, "127.0.0.1:8443");
}

TEST_F(Conventions, RefuseWritesBelowAnUnregisteredProvider) {
  make_group();
  EXPECT_EQ(send("POST", kBase + "/providers/microsoft.batchai/unregister").status, 200);
  const Response response = send("PUT", kWorkspaces + "/w", "{}");
  expect_fault(response, 409, "MissingSubscriptionRegistration");
  const std::string message = json(response).at("error").at("message");
  EXPECT_THAT(message, HasSubstr("'Microsoft.BatchAI'"));
  EXPECT_EQ(std::count(message.begin(), message.end(), '\''), 2) << "the SDK for Python registers what is in quotes";
  expect_fault(send("GET", kWorkspaces + "/w"), 404, "WorkspaceNotFound");
  EXPECT_EQ(send("POST", kBase + "/providers/Microsoft.BatchAI/register").status, 200);
  expect_fault(send("PUT", kWorkspaces + "/w", "{}"), 404, "WorkspaceNotFound");
}

TEST_F(Conventions, ServeMetadataWithoutATokenBehindADoubleSlash) {
  const auto document = json(send_bare("GET", "//metadata/endpoints?api-version=2015-01-01", {}));
  EXPECT_EQ(document.at("authentication").at("loginEndpoint"), "https://127.0.0.1:8443/adfs");
  EXPECT_EQ(document.at("authentication").at("audiences"), nlohmann::json::array({"https://127.0.0.1:8443/"}));
}

}  // namespace
}  // namespace batchai::server::test
