#include "server/records/node_password.hpp"

#include "support/service_fixture.hpp"

#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

class NodePasswords : public ::testing::Test, public ServiceFixture {
 protected:
  std::string stored() {
    std::string text;
    store.read([&](Transaction& transaction) {
      for (const char* kind : {"cluster", "fileServer"}) {
        for (const Document& document : transaction.list(kind)) {
          text += document.body.dump() + document.hidden.dump();
        }
      }
    });
    return text;
  }
};

TEST_F(NodePasswords, AreNotStored) {
  create_cluster("c", manual(1));
  create_file_server("f");
  EXPECT_EQ(stored().find("hush-hush"), std::string::npos);
  EXPECT_NE(stored().find("adminUserName"), std::string::npos);
}

TEST_F(NodePasswords, MakeNoDifferenceToARepeatedCreation) {
  create_cluster("c", manual(1));
  auto body = cluster_body(manual(1));
  body["properties"]["userAccountSettings"]["adminUserPassword"] = "another";
  EXPECT_FALSE(create_cluster_from("c", body).operation);
}

TEST_F(NodePasswords, OfEarlierVersionsAreTakenOutOfTheStore) {
  create_cluster("c", manual(1));
  create_file_server("f");
  store.write([&](Transaction& transaction) {
    for (const char* kind : {"cluster", "fileServer"}) {
      for (Document document : transaction.list(kind)) {
        auto& properties = document.hidden["parameters"]["properties"];
        auto& account = std::string(kind) == "cluster" ? properties["userAccountSettings"]
                                                       : properties["sshConfiguration"]["userAccountSettings"];
        account["adminUserPassword"] = "hush-hush";
        transaction.put(document);
      }
    }
  });
  ASSERT_NE(stored().find("hush-hush"), std::string::npos);
  forget_node_passwords(store);
  EXPECT_EQ(stored().find("hush-hush"), std::string::npos);
  EXPECT_FALSE(create_cluster("c", manual(1)).operation) << "the same again is no change";
}

}  // namespace
}  // namespace batchai::server::test
