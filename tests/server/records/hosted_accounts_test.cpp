#include "server/records/hosted_accounts.hpp"

#include "batchai/core/http.hpp"
#include "support/memory_store.hpp"

#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

class HostedAccounts : public ::testing::Test {
 protected:
  void put(const std::string& group, const std::string& name, const std::string& key) {
    store_.write([&](Transaction& transaction) {
      transaction.put({.key = "/groups/" + group + "/" + to_lower(name),
                       .kind = "storageAccount",
                       .body = {{"name", name}},
                       .hidden = {{"key1", key}}});
    });
  }
  void erase(const std::string& group, const std::string& name) {
    store_.write([&](Transaction& transaction) { transaction.erase("/groups/" + group + "/" + name); });
  }
  std::string key_of(const std::string& name) const {
    const auto account = accounts_(name);
    return account ? account->keys.at(0).reveal() : "none";
  }

  MemoryStore store_;
  AccountResolver accounts_ = hosted_accounts(store_, "/data");
};

TEST_F(HostedAccounts, AreFoundInAnyCase) {
  put("g", "One", "a");
  put("g", "Two", "b");
  EXPECT_EQ(key_of("one"), "a");
  EXPECT_EQ(key_of("TWO"), "b");
  EXPECT_EQ(key_of("three"), "none");
  EXPECT_EQ(accounts_("One")->shares, "/data/files/one");
}

TEST_F(HostedAccounts, AreReadAnewEachTime) {
  put("g", "one", "a");
  EXPECT_EQ(key_of("one"), "a");
  put("g", "one", "renewed");
  EXPECT_EQ(key_of("one"), "renewed");
  erase("g", "one");
  EXPECT_EQ(key_of("one"), "none");
  put("other", "one", "b");
  EXPECT_EQ(key_of("one"), "b");
}

}  // namespace
}  // namespace batchai::server::test
