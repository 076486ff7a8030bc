#include "batchai/arm/client.hpp"
#include "support/client_call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {
namespace {

using testing::HasSubstr;

const std::string kGroups =
    std::string(kEndpoint) + "/subscriptions/" + kSubscription + "/resourcegroups?api-version=2021-04-01";

/// Walks over the groups when the first page has this link to the next.
void list_with_link(ScriptedClient<ArmClient>& scripted, const std::string& link) {
  const nlohmann::json page = {{"value", nlohmann::json::array()}, {"nextLink", link}};
  scripted.transport->on("GET", kGroups, json_response(200, page.dump()));
  scripted.client.resource_groups().list().to_vector();
}

TEST(Channel, FollowsTheNextLinkAsItIsAndOverEmptyPages) {
  ScriptedClient<ArmClient> scripted;
  const std::string second = std::string(kEndpoint) + "/odd//path?$skiptoken=a%2Fb&api-version=x";
  const std::string third = std::string(kEndpoint) + "/third";
  scripted.transport->on("GET", kGroups,
                         json_response(200, R"({"value": [{"name": "a"}], "nextLink": ")" + second + "\"}"));
  scripted.transport->on("GET", second, json_response(200, R"({"value": [], "nextLink": ")" + third + "\"}"));
  scripted.transport->on("GET", third, json_response(200, R"({"value": [{"name": "b"}]})"));
  EXPECT_EQ(names_of(scripted.client.resource_groups().list()), nlohmann::json({"a", "b"}));
}

TEST(Channel, FetchesNothingBeforeTheListIsRead) {
  ScriptedClient<ArmClient> scripted;
  const auto list = scripted.client.resource_groups().list();
  EXPECT_TRUE(scripted.transport->requests().empty());
}

TEST(Channel, DoesNotFollowALinkToAnotherPlace) {
  for (const char* link : {"https://evil.example/next", "http://management.azure.com/next",
                           "https://management.azure.com:444/next", "https://management.azure.com.evil.example/",
                           "https://management.azure.com@evil.example/next", "/relative", "not a link"}) {
    ScriptedClient<ArmClient> scripted;
    EXPECT_THROW(list_with_link(scripted, link), ProtocolError) << link;
    EXPECT_EQ(scripted.transport->requests().size(), 1U) << link;
  }
}

TEST(Channel, SaysWhereAForbiddenLinkLeads) {
  ScriptedClient<ArmClient> scripted;
  try {
    list_with_link(scripted, "https://evil.example/next?sig=1");
    FAIL() << "nothing was thrown";
  } catch (const ProtocolError& error) {
    EXPECT_STREQ(error.what(),
                 "answer of the service: nextLink leads to https://evil.example, away from "
                 "https://management.azure.com; it is not followed");
  }
}

TEST(Channel, RefusesASuccessfulAnswerThatIsNotTheDocument) {
  for (const char* body : {"", "<html>", "[]", R"({"displayName": 1})"}) {
    ScriptedClient<ArmClient> scripted;
    scripted.transport->on("GET", std::string(kEndpoint) + "/subscriptions/s1?api-version=2019-11-01",
                           json_response(200, body));
    EXPECT_THROW(scripted.client.subscriptions().get("s1"), ProtocolError) << body;
  }
}

TEST(Channel, SendsNothingWithoutASubscription) {
  ScriptedClient<ArmClient> scripted("", kEndpoint);
  EXPECT_THROW(scripted.client.resource_groups().get("group"), InvalidArgument);
  scripted.transport->on("GET", std::string(kEndpoint) + "/subscriptions?api-version=2019-11-01",
                         json_response(200, R"({"value": []})"));
  EXPECT_TRUE(scripted.client.subscriptions().list().to_vector().empty());
}

TEST(Channel, TakesHttpOnThisMachineOnly) {
  ScriptedClient<ArmClient> local(kSubscription, "http://127.0.0.1:10010");
  local.transport->on("GET", "http://127.0.0.1:10010/tenants?api-version=2019-11-01",
                      json_response(200, R"({"value": []})"));
  EXPECT_TRUE(local.client.subscriptions().list_tenants().to_vector().empty());
  for (const char* endpoint : {"http://management.azure.com", "ftp://x", "", "https://x/?a=b"}) {
    EXPECT_THROW((ScriptedClient<ArmClient>(kSubscription, endpoint)), InvalidArgument) << endpoint;
  }
}

TEST(Channel, KeepsThePathOfTheEndpoint) {
  ScriptedClient<ArmClient> scripted(kSubscription, "https://gateway.example/azure/");
  scripted.transport->on("GET", "https://gateway.example/azure/tenants?api-version=2019-11-01",
                         json_response(200, R"({"value": []})"));
  EXPECT_TRUE(scripted.client.subscriptions().list_tenants().to_vector().empty());
}

TEST(Channel, RefusesTextThatIsNotUtf8) {
  ScriptedClient<ArmClient> scripted;
  EXPECT_THROW(scripted.client.resource_groups().create_or_update("group", {.location = "\xFF"}), InvalidArgument);
  EXPECT_TRUE(scripted.transport->requests().empty());
}

TEST(Channel, RefusesNamesBeforeSending) {
  ScriptedClient<ArmClient> scripted;
  EXPECT_THROW(scripted.client.resource_groups().get(".."), InvalidArgument);
  EXPECT_THROW(scripted.client.providers().get("a/b"), InvalidArgument);
  EXPECT_THROW(scripted.client.storage_accounts().list_keys("group", "Not-Valid"), InvalidArgument);
  EXPECT_THROW(scripted.client.subscriptions().get("../tenants"), InvalidArgument);
  EXPECT_TRUE(scripted.transport->requests().empty());
}

}  // namespace
}  // namespace batchai::test
