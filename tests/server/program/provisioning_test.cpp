#include "server/program/provisioning.hpp"

#include "server/arm/storage_account_document.hpp"
#include "server/faults/fault.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_store.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

/// Starts of a service over a store and a data folder, seen through the resource manager.
class Provisioning : public ::testing::Test {
 protected:
  Provisioned start() {
    return provision(store_, principals_, *clock_, options_, endpoints_,
                     [this](const std::string& text) { reports_.push_back(text); });
  }

  std::vector<Document> documents(const char* kind) {
    std::vector<Document> found;
    store_.read([&](Transaction& transaction) { found = transaction.list(kind); });
    return found;
  }

  std::vector<std::string> account_names() {
    std::vector<std::string> names;
    for (const Document& account : documents("storageAccount")) {
      names.push_back(account.body.at("name"));
    }
    return names;
  }

  void erase(const std::string& key) {
    store_.write([&](Transaction& transaction) { transaction.erase(key); });
  }

  batchai::test::TemporaryFolder folder_;
  const std::filesystem::path endpoints_ = folder_.path() / "endpoints.json";
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  MemoryStore store_;
  Principals principals_{store_};
  ServerOptions options_;
  std::vector<std::string> reports_;
};

TEST_F(Provisioning, LocksTheAccountAndTagsItsGroup) {
  start();
  const Document account = documents("storageAccount").at(0);
  EXPECT_THROW(refuse_locked(account, "group"), ServiceFault);
  EXPECT_THAT(account.body.at("tags").dump(), HasSubstr("locked"));
  EXPECT_THAT(documents("resourceGroup").at(0).body.at("tags").dump(), HasSubstr("locked"));
  EXPECT_TRUE(reports_.empty());
}

TEST_F(Provisioning, LocksAnAccountThatIsOlderThanTheLock) {
  start();
  store_.write([](Transaction& transaction) {
    Document account = transaction.list("storageAccount").at(0);
    account.hidden.erase("locked");
    account.body["tags"] = {{"mine", "kept"}};
    transaction.put(account);
  });
  start();
  const Document account = documents("storageAccount").at(0);
  EXPECT_THROW(refuse_locked(account, "group"), ServiceFault);
  EXPECT_EQ(account.body.at("tags").at("mine"), "kept");
}

TEST_F(Provisioning, WritesNothingWhereNothingIsMissing) {
  start();
  const auto before = documents("storageAccount").at(0).changed;
  start();
  EXPECT_EQ(documents("storageAccount").at(0).changed, before);
}

TEST_F(Provisioning, MakesAnAccountAgainThatIsMissing) {
  const Provisioned first = start();
  erase(documents("storageAccount").at(0).key);
  erase(documents("resourceGroup").at(0).key);
  const Provisioned second = start();
  EXPECT_EQ(second.storage_account, first.storage_account);
  EXPECT_NE(second.storage_key, first.storage_key);
  EXPECT_THAT(account_names(), ElementsAre(first.storage_account));
  EXPECT_EQ(documents("resourceGroup").size(), 1U);
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("The storage account " + first.storage_account + " was missing.")));
}

TEST_F(Provisioning, EndsARemovalOfTheGroupThatBeganBeforeTheLock) {
  start();
  store_.write([](Transaction& transaction) {
    Document group = transaction.list("resourceGroup").at(0);
    group.body["properties"]["provisioningState"] = "Deleting";
    group.hidden["removal"] = "some operation";
    transaction.put(group);
  });
  start();
  const Document group = documents("resourceGroup").at(0);
  EXPECT_EQ(group.body.at("properties").at("provisioningState"), "Succeeded");
  EXPECT_FALSE(group.hidden.contains("removal"));
}

TEST_F(Provisioning, TakesOverWhatAServiceWithALostDatabaseHasLeft) {
  std::ofstream(endpoints_) << R"({"tenantId":"11111111-2222-3333-4444-555555555555",
      "subscriptionId":"0a0a0a0a-1111-2222-3333-444444444444","storageAccount":"batchaiold","clientId":"x"})";
  for (const char* place : {"files/batchaiold/share", "files/second/share", "blobs/third/data", "files/.deleted/x"}) {
    std::filesystem::create_directories(folder_.path() / place);
  }
  const Provisioned now = start();
  EXPECT_EQ(now.tenant_id, "11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(now.subscription_id, "0a0a0a0a-1111-2222-3333-444444444444");
  EXPECT_EQ(now.storage_account, "batchaiold");
  EXPECT_THAT(account_names(), UnorderedElementsAre("batchaiold", "second", "third"));
}

}  // namespace
}  // namespace batchai::server::test
