#include "batchai/batchai.hpp"
#include "support/fake_credential.hpp"
#include "support/fake_transport.hpp"
#include "support/socket_server.hpp"

#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;

/// Answers one request a connection, always the same, and remembers what was asked.
class OneAnswer {
 public:
  explicit OneAnswer(std::string body)
      : server_([this, body = std::move(body)](Peer& peer) {
          const std::string request = peer.read_request();
          {
            const std::lock_guard lock(mutex_);
            asked_ = request;
          }
          peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
                     "\r\n\r\n" + body);
        }) {}

  std::string url() const { return server_.url(); }
  std::string asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  mutable std::mutex mutex_;
  std::string asked_;
  SocketServer server_;
};

TEST(Library, ClientsWithoutATransportUseTheNetwork) {
  OneAnswer server(R"({"value": [{"name": "found"}]})");
  const auto credential = std::make_shared<FakeCredential>();
  const ManagementOptions here{.endpoint = server.url()};
  EXPECT_EQ(Client(credential, "sub", here).workspaces().list().to_vector().at(0).name, "found");
  EXPECT_EQ(ArmClient(credential, "sub", here).resource_groups().list().to_vector().at(0).name, "found");
  EXPECT_THAT(server.asked(), HasSubstr("/subscriptions/sub/resourcegroups"));
}

TEST(Library, SharesWithoutATransportUseTheNetwork) {
  OneAnswer server("<EnumerationResults><Shares><Share><Name>found</Name></Share></Shares></EnumerationResults>");
  const files::StorageAccount account{.name = "acct", .endpoint = files::custom_files_endpoint("acct", server.url())};
  EXPECT_EQ(files::ShareServiceClient(account).list().to_vector().at(0).name, "found");
  EXPECT_THAT(server.asked(), HasSubstr("GET /acct?comp=list"));
}

/// The lines of the contract, as they stand there.
class Lines : public testing::Test {
 protected:
  static constexpr const char* kWorkspace =
      "https://management.azure.com/subscriptions/sub/resourceGroups/group/providers/Microsoft.BatchAI/workspaces/ws";

  static std::string url(const std::string& rest) { return kWorkspace + rest + "?api-version=2018-05-01"; }

  std::shared_ptr<FakeTransport> network_ = std::make_shared<FakeTransport>();
};

TEST_F(Lines, TakeACredentialAndASubscription) {
  const std::string tenant = "11111111-2222-3333-4444-555555555555";
  const std::string client_id = "22222222-2222-3333-4444-555555555555";
  const std::string secret = "not a real one";
  const std::string subscription = "sub";
  auto credential = std::make_shared<batchai::ClientSecretCredential>(tenant, client_id, secret);
  batchai::Client client{credential, subscription};
  EXPECT_THROW(client.workspaces().get("group", "not a name"), InvalidArgument);
}

TEST_F(Lines, CreateAndList) {
  const batchai::Client client{std::make_shared<FakeCredential>(), "sub", {.client = {.transport = network_}}};
  network_->on("PUT", url(""), json_response(200, R"({"name": "ws"})"));
  client.workspaces().create("group", "ws", {.location = "eastus"});
  EXPECT_THAT(network_->last_request().body, HasSubstr("eastus"));

  const batchai::ClusterCreateParameters parameters{.vm_size = "STANDARD_NC6"};
  network_->on("PUT", url("/clusters/c"), json_response(200, R"({"name": "c"})"));
  auto cluster = client.clusters().start_create("group", "ws", "c", parameters).wait();
  EXPECT_EQ(cluster.name, "c");

  network_->on("POST", url("/experiments/exp/jobs/job/listOutputFiles") + "&outputdirectoryid=stdouterr",
               json_response(200, R"({"value": [{"name": "stderr.txt"}, {"name": "stdout.txt"}]})"));
  std::ostringstream out;
  for (const auto& file : client.jobs().list_output_files("group", "ws", "exp", "job", {.directory_id = "stdouterr"}))
    out << file.name << '\n';
  EXPECT_EQ(out.str(), "stderr.txt\nstdout.txt\n");
}

}  // namespace
}  // namespace batchai::test
