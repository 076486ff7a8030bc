#include "batchai/arm/client.hpp"
#include "support/client_call.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {
namespace {

using nlohmann::json;
using Call = ClientCall<ArmClient>;

const std::string kInSubscription = std::string("/subscriptions/") + kSubscription;
const std::string kGroup = kInSubscription + "/resourcegroups/my.group";
const std::string kAccounts = kInSubscription + "/resourceGroups/my.group/providers/Microsoft.Storage/storageAccounts";
const std::string kResources = "?api-version=2021-04-01";
const std::string kStorage = "?api-version=2022-09-01";
const std::string kSubscriptions = "?api-version=2019-11-01";
const char* const kTwo = R"({"value": [{"name": "a"}, {"name": "b"}]})";
const json kTwoNames = {"a", "b"};

std::vector<Call> subscription_calls() {
  return {
      {.name = "SubscriptionsList",
       .method = "GET",
       .target = "/subscriptions" + kSubscriptions,
       .answer = R"({"value": [{"subscriptionId": "s1", "displayName": "One"}], "count": {"value": 1}})",
       .run = [](const ArmClient& client) { return client.subscriptions().list().to_vector().at(0).display_name; },
       .result = "One"},
      {.name = "SubscriptionsGet",
       .method = "GET",
       .target = "/subscriptions/s1" + kSubscriptions,
       .answer = R"({"subscriptionId": "s1", "tenantId": "t1", "state": "Enabled"})",
       .run = [](const ArmClient& client) { return client.subscriptions().get("s1").tenant_id; },
       .result = "t1"},
      {.name = "TenantsList",
       .method = "GET",
       .target = "/tenants" + kSubscriptions,
       .answer = R"({"value": [{"tenantId": "t1"}]})",
       .run = [](const ArmClient& client) { return client.subscriptions().list_tenants().to_vector().at(0).tenant_id; },
       .result = "t1"},
  };
}

std::vector<Call> group_calls() {
  return {
      {.name = "GroupsCreateOrUpdate",
       .method = "PUT",
       .target = kGroup + kResources,
       .body = json::parse(R"({"location": "eastus"})"),
       .status = 201,
       .answer = R"({"name": "my.group", "properties": {"provisioningState": "Succeeded"}})",
       .run =
           [](const ArmClient& client) {
             return client.resource_groups()
                 .create_or_update("my.group", {.location = "eastus"})
                 .provisioning_state.value();
           },
       .result = "Succeeded"},
      {.name = "GroupsGet",
       .method = "GET",
       .target = kGroup + kResources,
       .answer = R"({"name": "my.group", "location": "eastus"})",
       .run = [](const ArmClient& client) { return client.resource_groups().get("my.group").location; },
       .result = "eastus"},
      {.name = "GroupsExists",
       .method = "HEAD",
       .target = kGroup + kResources,
       .status = 204,
       .run = [](const ArmClient& client) { return client.resource_groups().exists("my.group"); },
       .result = true},
      {.name = "GroupsList",
       .method = "GET",
       .target = kInSubscription + "/resourcegroups" + kResources,
       .answer = kTwo,
       .run = [](const ArmClient& client) { return names_of(client.resource_groups().list()); },
       .result = kTwoNames},
      {.name = "GroupsDelete",
       .method = "DELETE",
       .target = kGroup + kResources,
       .long_running = true,
       .run = [](const ArmClient& client) { return wait_for(client.resource_groups().start_remove("my.group")); },
       .result = "done"},
  };
}

std::vector<Call> provider_calls() {
  return {
      {.name = "ProvidersRegister",
       .method = "POST",
       .target = kInSubscription + "/providers/Microsoft.BatchAI/register" + kResources,
       .answer = R"({"namespace": "Microsoft.BatchAI", "registrationState": "Registering"})",
       .run =
           [](const ArmClient& client) {
             return client.providers().register_provider("Microsoft.BatchAI").registration_state.value();
           },
       .result = "Registering"},
      {.name = "ProvidersGet",
       .method = "GET",
       .target = kInSubscription + "/providers/Microsoft.BatchAI" + kResources,
       .answer = R"({"resourceTypes": [{"resourceType": "workspaces", "apiVersions": ["2018-05-01"]}]})",
       .run =
           [](const ArmClient& client) {
             return client.providers().get("Microsoft.BatchAI").resource_types.at(0).api_versions.at(0);
           },
       .result = "2018-05-01"},
      {.name = "ProvidersList",
       .method = "GET",
       .target = kInSubscription + "/providers" + kResources,
       .answer = R"({"value": [{"namespace": "Microsoft.BatchAI"}]})",
       .run = [](const ArmClient& client) { return client.providers().list().to_vector().at(0).provider_namespace; },
       .result = "Microsoft.BatchAI"},
  };
}

std::vector<Call> account_calls() {
  return {
      {.name = "AccountsList",
       .method = "GET",
       .target = kInSubscription + "/providers/Microsoft.Storage/storageAccounts" + kStorage,
       .answer = kTwo,
       .run = [](const ArmClient& client) { return names_of(client.storage_accounts().list()); },
       .result = kTwoNames},
      {.name = "AccountsListByGroup",
       .method = "GET",
       .target = kAccounts + kStorage,
       .answer = R"({"value": [{"properties": {"primaryLocation": "eastus",
                                               "primaryEndpoints": {"file": "https://a.file.core.windows.net/"}}}]})",
       .run =
           [](const ArmClient& client) {
             const StorageAccountResource account =
                 client.storage_accounts().list_by_group("my.group").to_vector().at(0);
             return *account.primary_location + " " + *account.primary_endpoints->file;
           },
       .result = "eastus https://a.file.core.windows.net/"},
      {.name = "AccountsListKeys",
       .method = "POST",
       .target = kAccounts + "/account1/listKeys" + kStorage,
       .answer = R"({"keys": [{"keyName": "key1", "value": "a2V5", "permissions": "FULL"}]})",
       .only_reads = true,
       .run =
           [](const ArmClient& client) {
             return client.storage_accounts().list_keys("my.group", "account1").at(0).value->reveal();
           },
       .result = "a2V5"},
      {.name = "AccountsRenewKey",
       .method = "POST",
       .target = kAccounts + "/account1/regenerateKey" + kStorage,
       .body = json::parse(R"({"keyName": "key2"})"),
       .answer = R"({"keys": [{"keyName": "key1", "value": "a2V5"}, {"keyName": "key2", "value": "bmV3"}]})",
       .run =
           [](const ArmClient& client) {
             return client.storage_accounts().renew_key("my.group", "account1", "key2").at(1).value->reveal();
           },
       .result = "bmV3"},
      {.name = "AccountsCheckName",
       .method = "POST",
       .target = kInSubscription + "/providers/Microsoft.Storage/checkNameAvailability" + kStorage,
       .body = json::parse(R"({"name": "Bad Name", "type": "Microsoft.Storage/storageAccounts"})"),
       .answer = R"({"nameAvailable": false, "reason": "AccountNameInvalid"})",
       .only_reads = true,
       .run = [](const ArmClient& client) { return *client.storage_accounts().check_name("Bad Name").reason; },
       .result = "AccountNameInvalid"},
      {.name = "AccountsCreateShare",
       .method = "PUT",
       .target = kAccounts + "/account1/fileServices/default/shares/data" + kStorage,
       .body = json::parse(R"({"properties": {}})"),
       .status = 201,
       .answer = R"({"name": "data"})",
       .run =
           [](const ArmClient& client) {
             client.storage_accounts().create_share("my.group", "account1", "data");
             return "done";
           },
       .result = "done"},
      {.name = "AccountsCreateContainer",
       .method = "PUT",
       .target = kAccounts + "/account1/blobServices/default/containers/data" + kStorage,
       .body = json::parse(R"({"properties": {}})"),
       .answer = R"({"name": "data"})",
       .run =
           [](const ArmClient& client) {
             client.storage_accounts().create_container("my.group", "account1", "data");
             return "done";
           },
       .result = "done"},
      {.name = "AccountsCreate",
       .method = "PUT",
       .target = kAccounts + "/account1" + kStorage,
       .body = json::parse(R"({"sku": {"name": "Standard_LRS"}, "kind": "Storage", "location": "eastus",
                               "properties": {"supportsHttpsTrafficOnly": true}})"),
       .answer = R"({"name": "account1"})",
       .long_running = true,
       .run =
           [](const ArmClient& client) {
             const StorageAccountCreateParameters parameters{.sku = {.name = "Standard_LRS"},
                                                             .kind = "Storage",
                                                             .location = "eastus",
                                                             .supports_https_traffic_only = true};
             return client.storage_accounts().start_create("my.group", "account1", parameters).wait().name;
           },
       .result = "account1"},
  };
}

std::vector<Call> all_calls() {
  std::vector<Call> all;
  for (const auto& group : {subscription_calls(), group_calls(), provider_calls(), account_calls()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

class ArmOperation : public testing::TestWithParam<Call> {};

TEST_P(ArmOperation, SendsItsRequestAndDecodesTheAnswer) { expect_request_and_result(GetParam()); }
TEST_P(ArmOperation, IsRepeatedAfterAFailureWhereThatIsHarmless) { expect_repeated_where_harmless(GetParam()); }
TEST_P(ArmOperation, ThrowsTheErrorOfTheService) { expect_service_error(GetParam()); }
TEST_P(ArmOperation, KeepsAnErrorThatIsNotJson) { expect_foreign_error(GetParam()); }

INSTANTIATE_TEST_SUITE_P(All, ArmOperation, testing::ValuesIn(all_calls()),
                         [](const auto& call) { return call.param.name; });

TEST(ResourceGroups, DoNotExistWhereTheServiceFindsNone) {
  ScriptedClient<ArmClient> scripted;
  scripted.transport->on("HEAD", kEndpoint + kGroup + kResources, empty_response(404));
  EXPECT_FALSE(scripted.client.resource_groups().exists("my.group"));
}

TEST(ResourceGroups, AreRemovedByFollowingTheLocation) {
  ScriptedClient<ArmClient> scripted;
  const Headers pending = {{"Location", kOperationUrl}, {"Retry-After", "3"}};
  scripted.transport->on("DELETE", kEndpoint + kGroup + kResources, empty_response(202, pending));
  scripted.transport->on("GET", kOperationUrl, empty_response(202, pending));
  scripted.transport->on("GET", kOperationUrl, empty_response(200));
  auto operation = scripted.client.resource_groups().start_remove("my.group");
  EXPECT_FALSE(operation.done());
  operation.wait();
  EXPECT_TRUE(operation.done());
}

TEST(StorageAccounts, AreCreatedByFollowingTheLocationToTheAccount) {
  ScriptedClient<ArmClient> scripted;
  scripted.transport->on("PUT", kEndpoint + kAccounts + "/account1" + kStorage,
                         empty_response(202, {{"Location", kOperationUrl}}));
  scripted.transport->on("GET", kOperationUrl, json_response(200, R"({"name": "account1"})"));
  auto operation = scripted.client.storage_accounts().start_create(
      "my.group", "account1", {.sku = {.name = "Standard_LRS"}, .kind = "Storage", .location = "eastus"});
  EXPECT_EQ(operation.wait().name, "account1");
}

}  // namespace
}  // namespace batchai::test
