#include "batchai/arm/client.hpp"
#include "batchai/batchai/client.hpp"
#include "support/client_call.hpp"
#include "support/variables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// What `batchai local env` prints, but for the storage account.
std::map<std::string, std::string> local_variables() {
  return {{"AZURE_TENANT_ID", "tenant"},
          {"AZURE_CLIENT_ID", "app"},
          {"AZURE_CLIENT_SECRET", "secret"},
          {"AZURE_SUBSCRIPTION_ID", kSubscription},
          {"AZURE_AUTHORITY_HOST", "http://127.0.0.1:10010"},
          {"BATCHAI_RESOURCE_MANAGER_ENDPOINT", "http://127.0.0.1:10010"}};
}

std::map<std::string, std::string> without(const std::string& name) {
  std::map<std::string, std::string> variables = local_variables();
  variables.erase(name);
  return variables;
}

std::string failure(const std::map<std::string, std::string>& environment) {
  const Variables variables(environment);
  try {
    Client::from_environment();
    return "made";
  } catch (const InvalidArgument& error) {
    return error.what();
  }
}

ClientOptions over(const std::shared_ptr<FakeTransport>& network) {
  network->on("POST", "http://127.0.0.1:10010/tenant/oauth2/v2.0/token",
              json_response(200, R"({"access_token": "token", "expires_in": 3600})"));
  return {.transport = network, .clock = std::make_shared<FakeClock>()};
}

TEST(FromEnvironment, TalksToTheServiceOfTheEnvironment) {
  const Variables variables(local_variables());
  const auto network = std::make_shared<FakeTransport>();
  const Client client = Client::from_environment(over(network));
  network->on("GET",
              std::string("http://127.0.0.1:10010/subscriptions/") + kSubscription +
                  "/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/ws?api-version=2018-05-01",
              json_response(200, R"({"name": "ws"})"));
  EXPECT_EQ(client.workspaces().get("g", "ws").name, "ws");
  EXPECT_EQ(network->last_request().headers.get("Authorization"), "Bearer token");
}

TEST(FromEnvironment, MakesAClientForTheResourcesAroundToo) {
  const Variables variables(without("AZURE_AUTHORITY_HOST"));
  const auto network = std::make_shared<FakeTransport>();
  const ArmClient client = ArmClient::from_environment(over(network));
  network->on(
      "GET",
      std::string("http://127.0.0.1:10010/subscriptions/") + kSubscription + "/resourcegroups/g?api-version=2021-04-01",
      json_response(200, R"({"name": "g"})"));
  EXPECT_EQ(client.resource_groups().get("g").name, "g");
}

TEST(FromEnvironment, SaysInOneSentenceWhichVariableIsNotSet) {
  for (const char* name : {"AZURE_SUBSCRIPTION_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"}) {
    EXPECT_EQ(
        failure(without(name)),
        std::string(name) + " is not set; for a service on this machine, 'eval \"$(batchai local env)\"' sets it");
  }
  EXPECT_THAT(failure({}), StartsWith("AZURE_SUBSCRIPTION_ID is not set"));
  EXPECT_THAT(failure({{"AZURE_SUBSCRIPTION_ID", kSubscription}, {"AZURE_CLIENT_SECRET", "x"}}),
              StartsWith("AZURE_TENANT_ID is not set"));
}

TEST(FromEnvironment, LeavesAMachineOfAzureItsOwnIdentity) {
  EXPECT_EQ(failure({{"AZURE_SUBSCRIPTION_ID", kSubscription}, {"AZURE_CLIENT_ID", "of a managed identity"}}), "made");
}

TEST(FromEnvironment, KnowsTheClouds) {
  {
    const Variables variables(std::map<std::string, std::string>{});
    EXPECT_EQ(ManagementOptions::from_environment().endpoint, "https://management.azure.com");
  }
  {
    const std::map<std::string, std::string> china{{"BATCHAI_CLOUD", "AzureChinaCloud"}};
    const Variables variables(china);
    EXPECT_EQ(ManagementOptions::from_environment().endpoint, "https://management.chinacloudapi.cn");
    EXPECT_THAT(ManagementOptions::from_environment().audience, HasSubstr("chinacloudapi.cn"));
  }
  EXPECT_THAT(failure({{"BATCHAI_CLOUD", "AzureMoon"}}), HasSubstr("AzureMoon"));
}

}  // namespace
}  // namespace batchai::test
