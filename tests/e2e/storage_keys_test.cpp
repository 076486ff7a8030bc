// Renewing the keys of the account that the service came with.
#include "batchai/core/transport.hpp"
#include "batchai/core/url.hpp"
#include "e2e/service.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;

class StorageKeysRenewed : public ServiceTest {
 protected:
  void SetUp() override { start_service(); }

  std::string key(std::size_t number) const {
    return batchai_json({"storage", "account", "keys", "list", "-n", account()}).at(number - 1).at("value");
  }
  void renew(const std::string& name) const {
    batchai_ok({"storage", "account", "keys", "renew", "-n", account(), "--key", name, "-y"});
  }
  std::string account() const { return endpoints().at("storageAccount"); }
  bool opens(const std::string& key) const {
    return batchai({"files", "share", "list", "--account-name", account(), "--account-key", key}).exit_code == 0;
  }
};

TEST_F(StorageKeysRenewed, BothWorkInTurn) {
  const std::string first = key(1);
  const std::string second = key(2);
  EXPECT_TRUE(opens(first));
  EXPECT_TRUE(opens(second));
  renew("secondary");
  EXPECT_FALSE(opens(second));
  EXPECT_TRUE(opens(first));
  EXPECT_EQ(endpoints().at("storageKey"), first);
  renew("key1");
  EXPECT_FALSE(opens(first));
  EXPECT_TRUE(opens(key(1)));
  EXPECT_TRUE(opens(key(2)));
  EXPECT_EQ(endpoints().at("storageKey"), key(1));
  EXPECT_THAT(batchai({"local", "env"}).out, HasSubstr(key(1)));
}

TEST_F(StorageKeysRenewed, ASignatureOfTheOldKeyIsVoid) {
  const auto transport = make_network_transport({.ca_bundle = endpoints().at("caBundle").get<std::string>()});
  const auto status_at = [&](const std::string& url) {
    return transport->send({.method = "GET", .url = Url::parse(url), .headers = {}, .body = {}}, {}).status;
  };
  batchai_ok({"files", "share", "create", "demo"});
  batchai_ok({"files", "upload", write_file("f", "text").string(), "demo/f"});
  const std::string signed_url = batchai_json({"files", "url", "demo/f"});
  EXPECT_EQ(status_at(signed_url), 200);
  renew("primary");
  EXPECT_EQ(status_at(signed_url), 403);
  batchai_ok({"local", "start"});  // the profile takes the new key
  EXPECT_EQ(status_at(batchai_json({"files", "url", "demo/f"})), 200);
}

TEST_F(StorageKeysRenewed, AJobThatRunsGoesOnAndOneThatStartsWithTheOldKeyFails) {
  prepare_cluster();
  submit("before", R"(while [ ! -e "$AZ_BATCHAI_MOUNT_ROOT/afs/go" ]; do sleep 0.05; done; echo done)");
  wait_for_state("before", "running");
  renew("key1");
  std::ofstream(share_folder() / "go");
  EXPECT_EQ(wait_for_job("before"), 0);
  EXPECT_THAT(log_of("before", "stdout.txt"), HasSubstr("done"));

  submit("after", "true");
  EXPECT_NE(wait_for_job("after"), 0);
  EXPECT_THAT(job_properties("after").dump(), HasSubstr("the account key is wrong, or has been renewed since"));
  const ProcessResult listed =
      batchai({"job", "file", "list", "-d", "stdouterr", "-j", "before", "-e", "e", "-g", "rg", "-w", "ws"});
  EXPECT_NE(listed.exit_code, 0);
  EXPECT_THAT(listed.err, HasSubstr("it was wrong, or has been renewed since"));
}

}  // namespace
}  // namespace batchai::test
