#include "cli/cli_fixture.hpp"

// What the command line refuses on its own, beside what the tests of single commands show.
namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::HasSubstr;

constexpr const char* kAccounts =
    "https://management.azure.com/subscriptions/sub/providers/Microsoft.Storage/storageAccounts?api-version=2022-09-01";
constexpr const char* kSubnet =
    "/subscriptions/sub/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/";

class Refusals : public CliTest {
 protected:
  const std::string cluster_ = workspace_path() + "/clusters/c";
  const std::string server_ = workspace_path() + "/fileServers/nfs";

  /// Runs `cluster create` with all that is needed, and `more`.
  Outcome create(const std::vector<std::string>& more) {
    std::vector<std::string> words{"cluster", "create", "-g", "g",  "-w", "w",  "-n",
                                   "c",       "-s",     "S",  "-u", "me", "-p", "pw"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  void expect_refused(const std::vector<std::string>& more, const std::string& message, int exit_code = 2) {
    transport_->on("GET", url(cluster_), not_found("The cluster"));
    const Outcome outcome = create(more);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("batchai: error: " + message)) << outcome.err;
  }
  void on_accounts(const std::string& accounts) {
    transport_->on("GET", kAccounts, json_response(200, R"({"value":[)" + accounts + "]}"));
  }
  static std::string account(const std::string& name) {
    return R"({"name":")" + name +
           R"(","id":"/subscriptions/sub/resourceGroups/sg/providers/Microsoft.Storage/storageAccounts/)" + name +
           "\"}";
  }
};

TEST_F(Refusals, OfNodeCounts) {
  expect_refused({}, "please provide the number of nodes");
  expect_refused({"--min", "0", "--max", "0"}, "please provide the number of nodes");
  expect_refused({"--min", "1"}, "--min and --max go together: give both or none");
  expect_refused({"-t", "1", "--max", "1"}, "--min and --max go together: give both or none");
  expect_refused({"--min", "3", "--max", "2"}, "--max must not be less than --min");
}

TEST_F(Refusals, OfImages) {
  expect_refused({"-t", "1", "-i", "Windows"},
                 "--image: unsupported alias 'Windows'; supported are UbuntuLTS and UbuntuDSVM");
  expect_refused({"-t", "1", "-i", "a:b:c"}, "--image: 'a:b:c' is neither an alias nor publisher:offer:sku:version");
  expect_refused({"-t", "1", "-i", ":b:c:d"}, "--image: the image's publisher must be provided");
  expect_refused({"-t", "1", "-i", "a::c:d"}, "--image: the image's offer must be provided");
  expect_refused({"-t", "1", "-i", "a:b::d"}, "--image: the image's sku must be provided");
  expect_refused({"-t", "1", "--custom-image", "/x"}, "--custom-image needs --image");
  expect_refused({"-t", "1", "-i", "UbuntuLTS", "--custom-image", "/x"},
                 "--custom-image: ill-formed custom image id '/x'");
}

TEST_F(Refusals, OfMountPaths) {
  variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
  variables_["AZURE_BATCHAI_STORAGE_KEY"] = "a2V5";
  expect_refused({"-t", "1", "--afs-name", "s", "--afs-mount-path", ""},
                 "--afs-mount-path: the relative mount path of the file share cannot be empty");
  expect_refused({"-t", "1", "--bfs-name", "s", "--bfs-mount-path", ""},
                 "--bfs-mount-path: the relative mount path of");
  transport_->on("GET", url(cluster_), not_found("The cluster"));
  transport_->on("GET", url(server_), json_response(200, R"({"name":"nfs"})"));
  EXPECT_THAT(create({"-t", "1", "--nfs", "nfs", "--nfs-mount-path", ""}).err,
              HasSubstr("--nfs-mount-path: the relative mount path of"));
}

TEST_F(Refusals, OfSubnets) {
  expect_refused({"-t", "1", "--subnet", "net"}, "--subnet: ill-formed subnet resource id 'net'");
  transport_->on("GET", url(cluster_), not_found("The cluster"));
  transport_->on(
      "GET", url(server_),
      json_response(200, R"({"name":"nfs","properties":{"subnet":{"id":")" + std::string(kSubnet) + R"(one"}}})"));
  const Outcome outcome = create({"-t", "1", "--nfs", "nfs", "--subnet", kSubnet + std::string("two")});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--subnet: the cluster and the file server it mounts must be in the same subnet"));
}

TEST_F(Refusals, OfStorageAccounts) {
  const std::vector<std::string> words{"-t", "1", "--afs-name", "s", "--storage-account-name", "acct"};
  transport_->on("GET", url(cluster_), not_found("The cluster"));
  on_accounts(account("other"));
  const Outcome absent = create(words);
  EXPECT_EQ(absent.exit_code, 3);
  EXPECT_THAT(absent.err, HasSubstr("cannot find the storage account 'acct' in the subscription"));
  transport_->on("GET", url(cluster_), not_found("The cluster"));
  on_accounts(account("acct"));
  transport_->on("POST",
                 "https://management.azure.com/subscriptions/sub/resourceGroups/sg/providers/Microsoft.Storage/"
                 "storageAccounts/acct/listKeys?api-version=2022-09-01",
                 json_response(200, R"({"keys":[]})"));
  const Outcome keyless = create(words);
  EXPECT_EQ(keyless.exit_code, 1);
  EXPECT_THAT(keyless.err, HasSubstr("cannot find a key of the storage account 'acct'"));
}

TEST_F(Refusals, NameWhereTheStorageAccountCanBeConfigured) {
  transport_->on("GET", url(cluster_), not_found("The cluster"));
  const Outcome outcome = create({"-t", "1", "--afs-name", "s"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("AZURE_BATCHAI_STORAGE_ACCOUNT"));
  EXPECT_THAT(outcome.err, HasSubstr("[batchai]"));
}

TEST_F(Refusals, OfSetupTasksAndMachines) {
  expect_refused({"-t", "1", "--setup-task", "x"}, "--setup-task needs --setup-task-output, where its logs go");
  expect_refused({"-t", "1", "-k", "ssh-rsa nonsense"}, "the SSH public key of the administrator is not valid");
  expect_refused({"-t", "1", "-u", ""}, "no name for the administrator");
}

TEST_F(Refusals, OfWhatExists) {
  transport_->on("GET", url(cluster_), json_response(200, R"({"name":"c"})"));
  const Outcome outcome = create({"-t", "1"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err,
            "batchai: error: the cluster 'c' already exists\n"
            "batchai: hint: see 'batchai cluster show -g g -w w -n c'\n");
}

TEST_F(Refusals, OfFileServersThatLackSomething) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows{
      {{"--disk-count", "1", "--disk-size", "1", "--storage-sku", "Standard_LRS"},
       "please provide the VM size (use -s"},
      {{"-s", "S", "--disk-size", "1", "--storage-sku", "Standard_LRS"},
       "please provide the number of disks (use --disk-"},
      {{"-s", "S", "--disk-count", "1", "--storage-sku", "Standard_LRS"},
       "please provide the size of the disks (use --"},
      {{"-s", "S", "--disk-count", "1", "--disk-size", "1"}, "please provide the storage SKU of the disks (use --stor"},
      {{"-s", "S", "--disk-count", "1", "--disk-size", "1", "--storage-sku", "Standard_LRS"},
       "the administrator has neither an SSH key nor a password (use -k/--ssh-key, -p/--password or"},
      {{"-s", "S", "--subnet", "net"}, "--subnet: ill-formed subnet resource id 'net'"}};
  for (const auto& [more, message] : rows) {
    transport_->on("GET", url(server_), not_found("The file server"));
    std::vector<std::string> words{"file-server", "create", "-g", "g", "-w", "w", "-n", "nfs"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 2) << message;
    EXPECT_TRUE(outcome.err.starts_with("batchai: error: " + message)) << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  }
}

TEST_F(Refusals, OfClustersThatAJobNames) {
  const std::string job = workspace_path() + "/experiments/e/jobs/j";
  const std::string file = write_file("job.json", R"({"properties":{"nodeCount":1,"stdOutErrPathPrefix":"p"}})");
  const std::vector<std::string> words{"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "-f", file, "-c"};
  const auto with_cluster = [&](const std::string& cluster) {
    transport_->on("GET", url(job), not_found("The job"));
    auto all = words;
    all.push_back(cluster);
    return all;
  };
  const Outcome ill_formed = run(with_cluster("/subscriptions/s/resourceGroups/g"));
  EXPECT_EQ(ill_formed.exit_code, 2);
  EXPECT_THAT(ill_formed.err, HasSubstr("--cluster: '/subscriptions/s/resourceGroups/g' is not the id of a cluster"));
  auto none = with_cluster("");
  none.resize(none.size() - 2);
  const Outcome unnamed = run(none);
  EXPECT_EQ(unnamed.exit_code, 2);
  EXPECT_EQ(unnamed.err,
            "batchai: error: please provide the cluster that runs the job (use -c/--cluster, or cluster in the config "
            "file)\n");
  const auto absent = with_cluster("c");
  transport_->on("GET", url(cluster_), not_found("The cluster"));
  EXPECT_EQ(run(absent).exit_code, 3);
}

}  // namespace
}  // namespace batchai::cli::test
