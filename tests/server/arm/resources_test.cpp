#include "server/arm/arm_fixture.hpp"
#include "server/arm/group_removal.hpp"
#include "signing/encoding.hpp"

namespace batchai::server::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Subscriptions : public ArmFixture {};
class ResourceGroups : public ArmFixture {};
class Providers : public ArmFixture {};
class StorageAccounts : public ArmFixture {
 protected:
  const std::string accounts_ = kBase + "/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts";
};

TEST_F(Subscriptions, AreOneWithItsTenantAndPlaces) {
  const auto list = json(send("GET", "/subscriptions"));
  ASSERT_EQ(list.at("value").size(), 1u);
  EXPECT_EQ(list.at("value")[0].at("subscriptionId"), kSub);
  EXPECT_EQ(list.at("value")[0].at("tenantId"), kTenant);
  EXPECT_EQ(list.at("count").at("value"), 1);
  EXPECT_EQ(json(send("GET", kBase)).at("state"), "Enabled");
  EXPECT_EQ(json(send("GET", "/tenants")).at("value")[0].at("tenantId"), kTenant);
  const auto places = json(send("GET", kBase + "/locations")).at("value");
  EXPECT_EQ(places[0].at("id"), kBase + "/locations/eastus");
  EXPECT_EQ(places[0].at("displayName"), "East US");
}

TEST_F(ResourceGroups, AreMadeOnceAndChangedLater) {
  const std::string path = kBase + "/resourcegroups/My-RG";
  const Response made = send("PUT", path, R"({"location":"East US","tags":{"a":"1"}})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(json(made).at("id"), kBase + "/resourceGroups/My-RG");
  EXPECT_EQ(json(made).at("location"), "eastus");
  EXPECT_EQ(json(made).at("properties").at("provisioningState"), "Succeeded");
  const Response changed = send("PUT", kBase + "/resourcegroups/my-rg", R"({"location":"eastus","tags":{"b":"2"}})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(json(changed).at("name"), "My-RG");
  EXPECT_EQ(json(changed).at("tags"), nlohmann::json({{"b", "2"}}));
  EXPECT_EQ(json(send("PATCH", path, R"({"tags":{"c":"3"}})")).at("tags"), nlohmann::json({{"c", "3"}}));
  EXPECT_EQ(json(send("PATCH", path, "{}")).at("tags"), nlohmann::json({{"c", "3"}}));
  EXPECT_EQ(json(send("GET", path)).at("tags"), nlohmann::json({{"c", "3"}}));
  EXPECT_EQ(json(send("GET", kBase + "/resourcegroups?$filter=")).at("value").size(), 1u);
}

TEST_F(ResourceGroups, TellWhetherTheyExist) {
  EXPECT_EQ(send("HEAD", kBase + "/resourcegroups/RG1").status, 404);
  make_group();
  EXPECT_EQ(send("HEAD", kBase + "/resourcegroups/rg1").status, 204);
}

TEST_F(ResourceGroups, AreRefusedWithAReason) {
  const std::string path = kBase + "/resourcegroups/";
  expect_fault(send("PUT", path + "a", "not json"), 400, "InvalidRequestContent");
  expect_fault(send("PUT", path + "a", "[]"), 400, "InvalidRequestContent");
  expect_fault(send("PUT", path + "a", "{}"), 400, "LocationRequired");
  expect_fault(send("PUT", path + "a", R"({"location":7})"), 400, "InvalidRequestContent");
  expect_fault(send("PUT", path + "a", R"({"location":"atlantis"})"), 400, "LocationNotAvailableForResourceType");
  expect_fault(send("PUT", path + "a", R"({"location":"eastus","tags":{"a":1}})"), 400, "InvalidTags");
  expect_fault(send("PUT", path + "a.", R"({"location":"eastus"})"), 400, "InvalidResourceName");
  expect_fault(send("PUT", path + "a%20b", R"({"location":"eastus"})"), 400, "InvalidResourceName");
  expect_fault(send("PUT", path + std::string(91, 'a'), R"({"location":"eastus"})"), 400, "InvalidResourceName");
  expect_fault(send("GET", path + "a"), 404, "ResourceGroupNotFound");
  expect_fault(send("PATCH", path + "a", "{}"), 404, "ResourceGroupNotFound");
  expect_fault(send("DELETE", path + "a"), 404, "ResourceGroupNotFound");
  expect_fault(send("GET", kBase + "/resourcegroups?$filter=tagName%20ne%20'a'"), 400, "InvalidFilterInQueryString");
  expect_fault(send("GET", kBase + "/resourcegroups?$filter=resourceType%20eq%20'a'"), 400,
               "InvalidFilterInQueryString");
  expect_fault(send("GET", kBase + "/resourcegroups?$filter=tagName%20eq%20'a'%20and"), 400,
               "InvalidFilterInQueryString");
  expect_fault(send("GET", kBase + "/resourcegroups?$top=0"), 400, "InvalidTopInQueryString");
  make_group();
  expect_fault(send("PUT", path + "RG1", R"({"location":"westus"})"), 409, "InvalidResourceGroupLocation");
}

TEST_F(ResourceGroups, AreFilteredByTag) {
  const std::string path = kBase + "/resourcegroups";
  send("PUT", path + "/a", R"({"location":"eastus","tags":{"team":"vision","x":"it's"}})");
  send("PUT", path + "/b", R"({"location":"westus","tags":{"team":"speech","other":"vision"}})");
  make_group("c");
  const auto names = [&](const std::string& query) {
    std::string found;
    const auto list = json(send("GET", path + "?" + query));
    for (const auto& group : list.at("value")) {
      found += group.at("name").get<std::string>();
    }
    return found;
  };
  EXPECT_EQ(names("$filter="), "abc");
  EXPECT_EQ(names("$filter=tagName%20eq%20'team'"), "ab");
  EXPECT_EQ(names("$filter=tagname%20eq%20'team'%20and%20tagvalue%20eq%20'vision'"), "a");
  EXPECT_EQ(names("$filter=tagName%20eq%20'x'%20and%20tagValue%20eq%20'it''s'"), "a");
  EXPECT_EQ(names("$filter=location%20eq%20'East%20US'"), "ac");
  EXPECT_EQ(names("$top=2"), "ab");
}

TEST_F(ResourceGroups, GoWithEverythingInThem) {
  make_group();
  make_group("RG2");
  ASSERT_EQ(make_account("inside").status, 200);
  ASSERT_EQ(make_account("outside", "RG2").status, 200);
  const Response removed = send("DELETE", kBase + "/resourcegroups/rg1");
  EXPECT_EQ(removed.status, 202);
  EXPECT_EQ(removed.headers.get("Retry-After"), "1");
  const std::string location = removed.headers.get("Location");
  EXPECT_THAT(location, StartsWith("https://127.0.0.1:8443" + kBase + "/operationresults/"));
  EXPECT_THAT(location, EndsWith("?api-version=2021-04-01"));
  const std::string target = location.substr(std::string("https://127.0.0.1:8443").size());
  EXPECT_EQ(send_bare("GET", target, {{"Authorization", "Bearer " + token()}}).status, 200);
  EXPECT_EQ(send("HEAD", kBase + "/resourcegroups/rg1").status, 404);
  EXPECT_THAT(removed_data_, ::testing::ElementsAre("inside"));
  const auto left = json(send("GET", kBase + "/providers/Microsoft.Storage/storageAccounts")).at("value");
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].at("name"), "outside");
}

TEST_F(ResourceGroups, StayWhileJobsInThemAreBeingStopped) {
  make_group();
  make_account("inside");
  busy_.insert(to_lower(kBase + "/resourceGroups/RG1"));
  const Response removed = send("DELETE", kBase + "/resourcegroups/RG1");
  const std::string target = removed.headers.get("Location").substr(std::string("https://127.0.0.1:8443").size());
  const Headers headers = {{"Authorization", "Bearer " + token()}};
  const Response running = send_bare("GET", target, headers);
  EXPECT_EQ(running.status, 202);
  EXPECT_EQ(running.headers.get("Location"), removed.headers.get("Location"));
  EXPECT_EQ(json(send("GET", kBase + "/resourcegroups/RG1")).at("properties").at("provisioningState"), "Deleting");
  expect_fault(send("PUT", kBase + "/resourcegroups/RG1", R"({"location":"eastus"})"), 409,
               "ResourceGroupBeingDeleted");
  EXPECT_EQ(send("DELETE", kBase + "/resourcegroups/RG1").headers.get("Location"), removed.headers.get("Location"));
  EXPECT_TRUE(removed_data_.empty());
  busy_.clear();
  EXPECT_EQ(send_bare("GET", target, headers).status, 200);
  EXPECT_EQ(send_bare("GET", target, headers).status, 200);
  EXPECT_EQ(send("HEAD", kBase + "/resourcegroups/RG1").status, 404);
}

/// Notes the end of each write.
class NotingStore final : public Store {
 public:
  NotingStore(Store& inner, std::vector<std::string>& events) : inner_(inner), events_(events) {}

  void write(const std::function<void(Transaction&)>& work) override {
    inner_.write(work);
    events_.push_back("written");
  }
  void read(const std::function<void(Transaction&)>& work) override { inner_.read(work); }

 private:
  Store& inner_;
  std::vector<std::string>& events_;
};

// Who is told earlier looks at what is about to change, and nobody tells it again.
TEST_F(ResourceGroups, TellOfTheirRemovalWhenItIsStored) {
  make_group();
  std::vector<std::string> events;
  NotingStore store(store_, events);
  const GroupRemoval removal({.store = store,
                              .clock = clock_,
                              .management_url = options_.management_url,
                              .files_url = options_.files_url,
                              .subscription_id = kSub,
                              .tenant_id = kTenant,
                              .remove_group_contents =
                                  [&events](Transaction&, const std::string&, Timestamp) {
                                    events.push_back("marked");
                                    return false;
                                  },
                              .group_contents_changed = [&events] { events.push_back("told"); },
                              .remove_account_data = {}});
  removal.start(kSub, "RG1");
  EXPECT_THAT(events, ::testing::ElementsAre("written", "marked", "written", "told"));
}

TEST_F(ResourceGroups, AnswerThoughOneOfThemCannotBeRemoved) {
  make_group("RG1");
  make_group("RG2");
  make_account("account1", "RG1");
  make_account("account2", "RG2");
  on_data_removal_ = [](const std::string& account) {
    if (account == "account1") {
      throw std::runtime_error("the disk is on fire");
    }
  };
  const Response removed = send("DELETE", kBase + "/resourcegroups/RG1");
  ASSERT_EQ(removed.status, 202);
  const std::string target = removed.headers.get("Location").substr(std::string("https://127.0.0.1:8443").size());
  const Headers headers = {{"Authorization", "Bearer " + token()}};
  EXPECT_EQ(send_bare("GET", target, headers).status, 202);
  EXPECT_EQ(json(send("GET", kBase + "/resourcegroups")).at("value").size(), 2u);
  EXPECT_EQ(send("GET", kBase + "/resourcegroups/RG2").status, 200);
  EXPECT_EQ(send("PUT", kBase + "/resourcegroups/RG3", R"({"location":"eastus"})").status, 201);
  EXPECT_EQ(send("DELETE", kBase + "/resourcegroups/RG2").status, 202);
  EXPECT_EQ(send("HEAD", kBase + "/resourcegroups/RG2").status, 404);
  on_data_removal_ = {};
  EXPECT_EQ(send_bare("GET", target, headers).status, 200);
  EXPECT_EQ(send("HEAD", kBase + "/resourcegroups/RG1").status, 404);
}

TEST_F(ResourceGroups, AreNotTakenForTheirPredecessors) {
  // While one request removes RG1, another finishes RG2, and both are made anew before the first goes on.
  for (const std::string name : {"1", "2"}) {
    make_group("RG" + name);
    make_account("account" + name, "RG" + name);
    busy_.insert(to_lower(kBase + "/resourceGroups/RG" + name));
    EXPECT_EQ(send("DELETE", kBase + "/resourcegroups/RG" + name).status, 202);
  }
  busy_.clear();
  on_data_removal_ = [this](const std::string&) {
    store_.write([](Transaction& transaction) {
      for (Document& group : transaction.list("resourceGroup")) {
        group.body["properties"]["provisioningState"] = "Succeeded";
        group.hidden.erase("removal");
        transaction.put(group);
      }
    });
  };
  for (const std::string name : {"RG1", "RG2"}) {
    EXPECT_EQ(json(send("GET", kBase + "/resourcegroups/" + name)).at("properties").at("provisioningState"),
              "Succeeded");
  }
  EXPECT_THAT(removed_data_, ::testing::ElementsAre("account1"));
  EXPECT_EQ(json(send("GET", kBase + "/providers/Microsoft.Storage/storageAccounts")).at("value").size(), 2u);
}

TEST_F(ResourceGroups, StayUntilAnAccountThatCameLateIsGoneToo) {
  make_group();
  make_account("account1");
  on_data_removal_ = [this](const std::string&) {
    on_data_removal_ = {};
    make_account("account2");
  };
  EXPECT_EQ(send("DELETE", kBase + "/resourcegroups/RG1").status, 202);
  EXPECT_EQ(send("GET", kBase + "/resourcegroups/RG1").status, 404);
  EXPECT_THAT(removed_data_, ::testing::Contains("account2"));
  EXPECT_TRUE(json(send("GET", kBase + "/providers/Microsoft.Storage/storageAccounts")).at("value").empty());
}

TEST_F(ResourceGroups, WithTheAccountOfTheServiceAreLocked) {
  make_group();
  make_account("builtin");
  make_account("other");
  store_.write([](Transaction& transaction) {
    for (Document& account : transaction.list("storageAccount")) {
      if (account.body.at("name") == "builtin") {
        lock_account(account);
        transaction.put(account);
      }
    }
  });
  const Response refused = send("DELETE", kBase + "/resourcegroups/rg1");
  expect_fault(refused, 409, "ScopeLocked");
  EXPECT_THAT(refused.body, HasSubstr("storageAccounts/builtin"));
  EXPECT_THAT(refused.body, HasSubstr("batchai files share delete"));
  EXPECT_EQ(json(send("GET", kBase + "/resourcegroups/RG1")).at("properties").at("provisioningState"), "Succeeded");
  const std::string accounts = kBase + "/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/";
  expect_fault(send("DELETE", accounts + "builtin"), 409, "ScopeLocked");
  EXPECT_TRUE(removed_data_.empty());
  EXPECT_THAT(json(send("GET", accounts + "builtin")).at("tags").dump(), HasSubstr("locked"));
  EXPECT_EQ(send("DELETE", accounts + "other").status, 200);
}

TEST_F(ResourceGroups, KnowNoForeignOperation) {
  expect_fault(send("GET", kBase + "/operationresults/nothing"), 404, "OperationNotFound");
}

TEST_F(ResourceGroups, RefuseBodiesOfTooManyOrTooDeepValues) {
  for (const char* open : {"[", "{\"a\":"}) {
    std::string deep = "{\"tags\":";
    for (int i = 0; i < 100'000; ++i) {
      deep += open;
    }
    EXPECT_EQ(send("PUT", kBase + "/resourceGroups/rg1", deep).status, 400) << open;
  }
  std::string wide = "{\"tags\":[0";
  for (int i = 0; i < 300'000; ++i) {
    wide += ",[]";
  }
  const Response answer = send("PUT", kBase + "/resourceGroups/rg1", wide + "]}");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("more than 250000 values"));
}

TEST_F(Providers, AreRegisteredUntilSomeoneUnregistersThem) {
  const auto provider = json(send("GET", kBase + "/providers/microsoft.batchai"));
  EXPECT_EQ(provider.at("namespace"), "Microsoft.BatchAI");
  EXPECT_EQ(provider.at("id"), kBase + "/providers/Microsoft.BatchAI");
  EXPECT_EQ(provider.at("registrationState"), "Registered");
  EXPECT_THAT(provider.dump(), HasSubstr("\"workspaces/experiments/jobs\""));
  EXPECT_EQ(json(send("POST", kBase + "/providers/Microsoft.BatchAI/unregister")).at("registrationState"),
            "Unregistered");
  EXPECT_EQ(json(send("GET", kBase + "/providers/Microsoft.BatchAI")).at("registrationState"), "Unregistered");
  EXPECT_EQ(json(send("POST", kBase + "/providers/Microsoft.BatchAI/register")).at("registrationState"), "Registered");
  EXPECT_EQ(json(send("GET", kBase + "/providers")).at("value").size(), 4u);
  expect_fault(send("POST", kBase + "/providers/Microsoft.Nothing/register"), 404, "InvalidResourceNamespace");
}

TEST_F(StorageAccounts, AreMadeWithTwoRandomKeys) {
  make_group();
  const Response made = make_account("acct1");
  ASSERT_EQ(made.status, 200);
  const auto account = json(made);
  EXPECT_EQ(account.at("id"), kBase + "/resourceGroups/RG1/providers/Microsoft.Storage/storageAccounts/acct1");
  EXPECT_EQ(account.at("properties").at("primaryEndpoints").at("file"), "https://127.0.0.1:8444/acct1/");
  EXPECT_EQ(account.at("properties").at("primaryLocation"), "eastus");
  EXPECT_EQ(account.at("properties").at("creationTime"), "2018-06-07T21:16:21.0000000Z");
  const Response listed = send("POST", accounts_ + "/ACCT1/listKeys?$expand=kerb");
  const auto keys = json(listed).at("keys");
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0].at("keyName"), "key1");
  EXPECT_EQ(keys[0].at("permissions"), "FULL");
  EXPECT_EQ(signing::base64_decode(keys[0].at("value").get<std::string>()).value().size(), 64u);
  EXPECT_NE(keys[0].at("value"), keys[1].at("value"));
  EXPECT_THAT(made.body, ::testing::Not(HasSubstr(keys[0].at("value").get<std::string>())));
}

TEST_F(StorageAccounts, KeepTheirKeysWhenPutAgain) {
  make_group();
  make_account("acct1");
  const std::string keys = send("POST", accounts_ + "/acct1/listKeys").body;
  EXPECT_EQ(make_account("acct1").status, 200);
  EXPECT_EQ(send("POST", accounts_ + "/acct1/listKeys").body, keys);
}

TEST_F(StorageAccounts, ChangeTagsAndSkuAndNothingElse) {
  make_group();
  const auto made = json(make_account("first"));
  EXPECT_EQ(made.at("properties").at("encryption").at("keySource"), "Microsoft.Storage") << "az update reads it";
  const nlohmann::json wanted = {{"tags", {{"a", "1"}}},
                                 {"sku", {{"name", "Premium_LRS"}}},
                                 {"properties",
                                  {{"encryption", made.at("properties").at("encryption")},
                                   {"supportsHttpsTrafficOnly", false},
                                   {"accessTier", nullptr}}}};
  const Response changed = send("PATCH", accounts_ + "/first", wanted.dump());
  EXPECT_EQ(changed.status, 200) << changed.body;
  const auto shown = json(send("GET", accounts_ + "/first"));
  EXPECT_EQ(shown.at("tags").at("a"), "1");
  EXPECT_EQ(shown.at("sku").at("tier"), "Premium");
  expect_fault(send("PATCH", accounts_ + "/first", R"({"properties":{"supportsHttpsTrafficOnly":true}})"), 400,
               "PropertyChangeNotAllowed");
  expect_fault(send("PATCH", accounts_ + "/none", "{}"), 404, "ResourceNotFound");
}

TEST_F(StorageAccounts, RenewOneKeyAtATime) {
  make_group();
  make_account("acct1");
  const auto before = json(send("POST", accounts_ + "/acct1/listKeys")).at("keys");
  clock_->advance(std::chrono::hours(1));
  const auto after = json(send("POST", accounts_ + "/acct1/regenerateKey", R"({"keyName":"key2"})")).at("keys");
  EXPECT_EQ(after[0], before[0]);
  EXPECT_NE(after[1].at("value"), before[1].at("value"));
  EXPECT_EQ(after[1].at("creationTime"), "2018-06-07T22:16:21.0000000Z");
  expect_fault(send("POST", accounts_ + "/acct1/regenerateKey", R"({"keyName":"key3"})"), 400, "InvalidKeyName");
}

TEST_F(StorageAccounts, AreListedByGroup) {
  make_group();
  make_group("RG2");
  make_account("acct1");
  make_account("acct2", "RG2");
  EXPECT_EQ(json(send("GET", kBase + "/providers/Microsoft.Storage/storageAccounts")).at("value").size(), 2u);
  const auto one = json(send("GET", accounts_)).at("value");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].at("name"), "acct1");
  EXPECT_EQ(json(send("GET", accounts_ + "/acct1")).at("name"), "acct1");
}

TEST_F(StorageAccounts, HaveNamesThatAreFreeAndRight) {
  make_group();
  make_group("RG2");
  make_account("acct1");
  const std::string check = kBase + "/providers/Microsoft.Storage/checkNameAvailability";
  EXPECT_EQ(json(send("POST", check, R"({"name":"acct2"})")), nlohmann::json({{"nameAvailable", true}}));
  EXPECT_EQ(json(send("POST", check, R"({"name":"acct1"})")).at("reason"), "AlreadyExists");
  EXPECT_EQ(json(send("POST", check, R"({"name":"A"})")).at("reason"), "AccountNameInvalid");
  expect_fault(send("POST", check, "{}"), 400, "InvalidRequestContent");
  expect_fault(make_account("acct1", "RG2"), 409, "StorageAccountAlreadyTaken");
  expect_fault(make_account("Not-Right"), 400, "AccountNameInvalid");
  expect_fault(send("PUT", accounts_ + "/acct3", R"({"location":"eastus"})"), 400, "InvalidRequestContent");
  expect_fault(send("GET", accounts_ + "/acct3"), 404, "ResourceNotFound");
  expect_fault(send("POST", accounts_ + "/acct3/listKeys"), 404, "ResourceNotFound");
}

TEST_F(StorageAccounts, TakeTheirDataAlongWhenDeleted) {
  make_group();
  make_account("acct1");
  EXPECT_EQ(send("DELETE", accounts_ + "/acct1").status, 200);
  EXPECT_EQ(send("DELETE", accounts_ + "/acct1").status, 204);
  EXPECT_THAT(removed_data_, ::testing::ElementsAre("acct1"));
}

class Resources : public ArmFixture {
 protected:
  void SetUp() override {
    make_group();
    make_group("RG2");
    make_account("accounta");
    make_account("accountb", "RG2");
    store_.write([](Transaction& transaction) {
      const std::string id = kBase + "/resourceGroups/RG1/providers/Microsoft.BatchAI/workspaces/w";
      transaction.put(
          {.key = to_lower(id),
           .kind = "workspace",
           .parent = to_lower(kBase + "/resourceGroups/RG1"),
           .body = {{"id", id},
                    {"name", "w"},
                    {"type", "Microsoft.BatchAI/workspaces"},
                    {"location", "eastus"},
                    {"tags", {{"a", "1"}}},
                    {"properties", {{"provisioningState", "succeeded"}, {"creationTime", "2018-06-07T21:16:21Z"}}}}});
    });
  }

  std::vector<std::string> names(const std::string& path) {
    std::vector<std::string> found;
    const auto list = json(send("GET", kBase + path));
    for (const auto& each : list.at("value")) {
      found.push_back(each.at("name"));
    }
    return found;
  }
};

TEST_F(Resources, AreListedOverAllProviders) {
  EXPECT_THAT(names("/resources"), ::testing::ElementsAre("w", "accounta", "accountb"));
  EXPECT_THAT(names("/resources?$filter=&$expand=createdTime%2CchangedTime%2CprovisioningState"),
              ::testing::ElementsAre("w", "accounta", "accountb"));
  EXPECT_THAT(names("/resourcegroups/rg1/resources"), ::testing::ElementsAre("w", "accounta"));
  EXPECT_THAT(names("/resources?$filter=resourceType%20eq%20'microsoft.storage/storageaccounts'"),
              ::testing::ElementsAre("accounta", "accountb"));
  EXPECT_THAT(names("/resources?$filter=resourceGroup%20eq%20'rg2'%20and%20name%20eq%20'accountb'"),
              ::testing::ElementsAre("accountb"));
  EXPECT_THAT(names("/resources?$filter=tagName%20eq%20'a'%20and%20tagValue%20eq%20'1'"), ::testing::ElementsAre("w"));
  expect_fault(send("GET", kBase + "/resourceGroups/none/resources"), 404, "ResourceGroupNotFound");
}

TEST_F(Resources, ShowWhatAllHaveInCommon) {
  const auto plain = json(send("GET", kBase + "/resources")).at("value").at(0);
  EXPECT_EQ(plain.at("type"), "Microsoft.BatchAI/workspaces");
  EXPECT_EQ(plain.at("tags").at("a"), "1");
  EXPECT_FALSE(plain.contains("properties"));
  EXPECT_FALSE(plain.contains("createdTime"));
  const auto expanded = json(send("GET", kBase + "/resources?$expand=createdTime,provisioningState"));
  EXPECT_EQ(expanded.at("value").at(0).at("createdTime"), "2018-06-07T21:16:21Z");
  EXPECT_EQ(expanded.at("value").at(1).at("provisioningState"), "Succeeded");
  EXPECT_EQ(expanded.at("value").at(1).at("sku").at("name"), "Standard_LRS");
}

TEST_F(Resources, TellWhetherTheyExist) {
  const std::string accounts = kBase + "/resourceGroups/RG1/providers/Microsoft.Storage/storageAccounts/";
  const Response there = send("HEAD", accounts + "accounta");
  EXPECT_EQ(there.status, 204);
  EXPECT_EQ(there.body, "");
  EXPECT_EQ(send("HEAD", accounts + "accountz").status, 404);
  EXPECT_EQ(send("HEAD", accounts + "accounta/listKeys").status, 405);
}

}  // namespace
}  // namespace batchai::server::test
