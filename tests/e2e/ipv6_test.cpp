#include "e2e/service.hpp"
#include "support/socket_server.hpp"

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::StartsWith;

class OverIpv6 : public ServiceTest {
 protected:
  void SetUp() override {
    if (!has_ipv6()) {
      GTEST_SKIP() << "this machine has no IPv6";
    }
    start_service({"--host", "::1"});
  }
  std::string endpoint(const char* member) const { return endpoints().at(member).get<std::string>(); }
  std::string account() const { return endpoint("storageAccount"); }

  std::string cat(const std::vector<std::string>& more = {}) const {
    const ProcessResult result = batchai(std::vector<std::string>{"files", "cat", "share/f"} + more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }
};

TEST_F(OverIpv6, TheLocalServiceRunsAJobWhoseOutputComesBack) {
  EXPECT_THAT(endpoint("managementEndpoint"), StartsWith("https://[::1]:"));
  EXPECT_THAT(endpoint("filesEndpoint"), StartsWith("https://[::1]:"));
  prepare_cluster();
  submit("hello", "echo over six");
  EXPECT_EQ(wait_for_job("hello"), 0);
  const ProcessResult streamed =
      batchai({"job", "file", "stream", "-f", "stdout.txt", "-g", "rg", "-w", "ws", "-e", "e", "-j", "hello"});
  EXPECT_EQ(streamed.exit_code, 0) << streamed.err;
  EXPECT_EQ(streamed.out, "over six\n");
}

TEST_F(OverIpv6, FilesAreReachedByProfileConnectionStringEnvironmentAndSignedUrl) {
  batchai_ok({"files", "share", "create", "-n", "share"});
  batchai_ok({"files", "upload", write_file("f", "content").string(), "share/f"});
  EXPECT_EQ(cat(), "content");
  const std::string connection = "AccountName=" + account() + ";AccountKey=" + endpoint("storageKey") +
                                 ";FileEndpoint=" + endpoint("filesEndpoint") + "/" + account();
  EXPECT_EQ(cat({"--connection-string", connection}), "content");
  const std::string url = batchai_json({"files", "url", "share/f"}).get<std::string>();
  EXPECT_THAT(url, StartsWith("https://[::1]:"));

  environment_.insert({{"BATCHAI_FILES_ENDPOINT", endpoint("filesEndpoint")},
                       {"BATCHAI_RESOURCE_MANAGER_ENDPOINT", endpoint("managementEndpoint")},
                       {"AZURE_AUTHORITY_HOST", endpoint("managementEndpoint")},
                       {"AZURE_TENANT_ID", endpoint("tenantId")},
                       {"AZURE_CLIENT_ID", endpoint("clientId")},
                       {"AZURE_CLIENT_SECRET", endpoint("clientSecret")},
                       {"AZURE_SUBSCRIPTION_ID", endpoint("subscriptionId")},
                       {"AZURE_STORAGE_ACCOUNT", account()},
                       {"AZURE_STORAGE_KEY", endpoint("storageKey")},
                       {"BATCHAI_CA_BUNDLE", endpoint("caBundle")}});
  EXPECT_EQ(cat(), "content");
  EXPECT_EQ(batchai({"group", "list"}).exit_code, 0);
}

TEST_F(OverIpv6, AProxyIsNotAskedForThisMachine) {
  environment_["HTTPS_PROXY"] = "http://[::1]:9";
  EXPECT_EQ(batchai({"group", "list"}).exit_code, 0);
}

}  // namespace
}  // namespace batchai::test
