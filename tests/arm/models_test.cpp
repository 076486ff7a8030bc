#include "batchai/arm/models.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {
namespace {

using nlohmann::json;

/// Reads and writes; fails if anything is lost, or known members end up as unknown ones.
template <class T>
void expect_kept(const std::string& text) {
  const json document = json::parse(text);
  const T value = document.get<T>();
  EXPECT_EQ(json(value), document);
  EXPECT_EQ(value.unknown, UnknownMembers{});
}

TEST(ArmModels, KeepAllTheirMembers) {
  expect_kept<Subscription>(R"({"id": "/subscriptions/s", "subscriptionId": "s", "tenantId": "t",
                                "displayName": "Loop", "state": "Enabled"})");
  expect_kept<Tenant>(R"({"id": "/tenants/t", "tenantId": "t", "displayName": "T"})");
  expect_kept<ResourceGroup>(R"({"id": "/subscriptions/s/resourceGroups/g", "name": "g", "type": "T",
                                 "location": "eastus", "tags": {"a": "b"},
                                 "properties": {"provisioningState": "Succeeded"}})");
  expect_kept<Provider>(R"({"id": "i", "namespace": "Microsoft.BatchAI", "registrationState": "Registered",
                            "registrationPolicy": "RegistrationRequired",
                            "resourceTypes": [{"resourceType": "workspaces", "locations": ["East US"],
                                               "apiVersions": ["2018-05-01"]}]})");
  expect_kept<StorageAccountResource>(R"({"id": "i", "name": "n", "type": "t", "location": "eastus", "tags": {"a": "b"},
      "sku": {"name": "Standard_LRS", "tier": "Standard"}, "kind": "Storage",
      "properties": {"provisioningState": "Succeeded", "creationTime": "2021-04-20T02:12:47.2Z",
                     "primaryLocation": "eastus", "statusOfPrimary": "available", "supportsHttpsTrafficOnly": false,
                     "primaryEndpoints": {"file": "f", "blob": "b", "queue": "q", "table": "t"}}})");
  expect_kept<StorageAccountKeys>(R"({"keys": [{"keyName": "key1", "value": "a2V5", "permissions": "FULL",
                                                "creationTime": "2021-04-20T02:12:47Z"}]})");
  expect_kept<CheckNameResult>(R"({"nameAvailable": false, "reason": "AlreadyExists", "message": "taken"})");
}

TEST(ArmModels, KeepWhatTheyDoNotKnow) {
  const json document = json::parse(R"({"id": "i", "managedBy": "x", "properties": {"more": [1, {"a": null}]}})");
  EXPECT_EQ(json(document.get<ResourceGroup>()), document);
}

TEST(ArmModels, CompareStatesInAnyCase) {
  const auto group = json::parse(R"({"properties": {"provisioningState": "succeeded"}})").get<ResourceGroup>();
  EXPECT_EQ(group.provisioning_state, ArmState::kSucceeded);
}

TEST(ArmModels, SendLabelsAndPlaceOfAGroup) {
  const ResourceGroupCreateParameters parameters{.location = "eastus", .tags = {{"a", "b"}}};
  EXPECT_EQ(request_body(parameters), json::parse(R"({"location": "eastus", "tags": {"a": "b"}})"));
}

}  // namespace
}  // namespace batchai::test
