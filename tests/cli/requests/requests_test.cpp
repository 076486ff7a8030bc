#include "cli/cli_fixture.hpp"
#include "cli/requests/admin_account.hpp"
#include "cli/requests/image.hpp"
#include "cli/requests/scale.hpp"

#include <sys/stat.h>

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* kAccounts =
    "https://management.azure.com/subscriptions/sub/providers/Microsoft.Storage/storageAccounts?api-version=2022-09-01";

class ClusterCreate : public CliTest {
 protected:
  const std::string cluster_ = workspace_path() + "/clusters/c";

  std::vector<std::string> words(const std::vector<std::string>& more) const {
    std::vector<std::string> all{"cluster", "create", "-g", "g", "-w", "w", "-n", "c"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  void expect_absent() { transport_->on("GET", url(cluster_), not_found("c")); }

  /// The body that the program sends, as JSON.
  json body(const std::vector<std::string>& more) {
    expect_absent();
    std::string sent;
    transport_->on_call("PUT", url(cluster_), [&](const HttpRequest& request, const CallContext&) {
      sent = request.body;
      return json_response(
          200, R"({"id":")" + id(cluster_) +
                   R"(","name":"c","properties":{"vmSize":"STANDARD_NC6","provisioningState":"succeeded"}})");
    });
    const Outcome outcome = run(words(more));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return json::parse(sent);
  }

  void expect_refused(const std::vector<std::string>& more, const std::string& message) {
    expect_absent();
    const Outcome outcome = run(words(more));
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(message));
  }
};

TEST_F(ClusterCreate, BuildsTheBodyFromOptions) {
  variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
  variables_["AZURE_BATCHAI_STORAGE_KEY"] = "a2V5";
  EXPECT_EQ(body({"-s",
                  "Standard_NC6",
                  "-t",
                  "1",
                  "-u",
                  "me",
                  "-p",
                  "pw",
                  "--afs-name",
                  "share",
                  "--bfs-name",
                  "data",
                  "--image",
                  "ubuntults",
                  "--vm-priority",
                  "lowpriority",
                  "--setup-task",
                  "apt",
                  "--setup-task-output",
                  "$AZ_BATCHAI_MOUNT_ROOT/afs"}),
            json::parse(R"({"properties": {
              "vmSize": "Standard_NC6", "vmPriority": "lowpriority",
              "scaleSettings": {"manual": {"targetNodeCount": 1, "nodeDeallocationOption": "requeue"}},
              "virtualMachineConfiguration": {"imageReference":
                {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "16.04-LTS"}},
              "userAccountSettings": {"adminUserName": "me", "adminUserPassword": "pw"},
              "nodeSetup": {
                "setupTask": {"commandLine": "apt", "stdOutErrPathPrefix": "$AZ_BATCHAI_MOUNT_ROOT/afs"},
                "mountVolumes": {
                  "azureFileShares": [{"accountName": "acct", "relativeMountPath": "afs", "fileMode": "0777",
                    "directoryMode": "0777", "azureFileUrl": "https://acct.file.core.windows.net/share",
                    "credentials": {"accountKey": "a2V5"}}],
                  "azureBlobFileSystems": [{"accountName": "acct", "containerName": "data",
                    "relativeMountPath": "bfs", "credentials": {"accountKey": "a2V5"}}]}}}})"));
}

TEST_F(ClusterCreate, OptionsAreStrongerThanTheConfigFile) {
  const std::string file = write_file("cluster.json", R"({"$schema": "x", "location": "eastus", "properties": {
      "vmSize": "STANDARD_D1", "remark": 1, "scaleSettings": {"autoScale": {"minimumNodeCount": 0, "maximumNodeCount": 2}},
      "userAccountSettings": {"adminUserName": "cfg", "adminUserPassword": "pw"},
      "nodeSetup": {"setupTask": {"commandLine": "old", "stdOutErrPathPrefix": "p",
                                  "environmentVariables": [{"name": "A", "value": "1"}]}}}})");
  const json sent = body({"-f", file, "-s", "STANDARD_NC6", "--setup-task", "new", "--setup-task-output", "q"});
  EXPECT_EQ(sent, json::parse(R"({"properties": {
      "vmSize": "STANDARD_NC6", "scaleSettings": {"autoScale": {"minimumNodeCount": 0, "maximumNodeCount": 2}},
      "userAccountSettings": {"adminUserName": "cfg", "adminUserPassword": "pw"},
      "nodeSetup": {"setupTask": {"commandLine": "new", "stdOutErrPathPrefix": "q"}}}})"));
}

TEST_F(ClusterCreate, PlaceholdersAndMissingCredentialsAreFilledIn) {
  variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
  variables_["AZURE_BATCHAI_STORAGE_KEY"] = "a2V5";
  const std::string file = write_file("cluster.json", R"({"properties": {"vmSize": "S",
      "scaleSettings": {"manual": {"targetNodeCount": 0}},
      "userAccountSettings": {"adminUserName": "u", "adminUserPassword": "p"},
      "nodeSetup": {"mountVolumes": {
        "azureFileShares": [{"azureFileUrl": "https://<AZURE_BATCHAI_STORAGE_ACCOUNT>.file.core.windows.net/logs",
                             "relativeMountPath": "logs"}],
        "azureBlobFileSystems": [{"accountName": "<AZURE_BATCHAI_STORAGE_ACCOUNT>", "containerName": "data",
                                  "relativeMountPath": "data",
                                  "credentials": {"accountKey": "<AZURE_BATCHAI_STORAGE_KEY>"}}]}}}})");
  const json volumes = body({"-f", file})["properties"]["nodeSetup"]["mountVolumes"];
  const json& share = volumes["azureFileShares"][0];
  EXPECT_EQ(share["accountName"], "acct");
  EXPECT_EQ(share["azureFileUrl"], "https://acct.file.core.windows.net/logs");
  EXPECT_EQ(share["credentials"]["accountKey"], "a2V5");
  EXPECT_EQ(volumes["azureBlobFileSystems"][0]["accountName"], "acct");
  EXPECT_EQ(volumes["azureBlobFileSystems"][0]["credentials"]["accountKey"], "a2V5");
}

TEST_F(ClusterCreate, ANamedAccountsKeyIsLookedUpAndTheEnvironmentsKeyIgnored) {
  variables_["AZURE_BATCHAI_STORAGE_KEY"] = "not this one";
  expect_absent();
  std::string sent;
  transport_->on_call("GET", kAccounts, [](const HttpRequest&, const CallContext&) {
    return json_response(
        200,
        R"({"value":[{"id":"/subscriptions/sub/resourceGroups/sg/providers/Microsoft.Storage/storageAccounts/acct","name":"acct"}]})");
  });
  transport_->on("POST",
                 "https://management.azure.com/subscriptions/sub/resourceGroups/sg/providers/Microsoft.Storage/"
                 "storageAccounts/acct/listKeys?api-version=2022-09-01",
                 json_response(200, R"({"keys":[{"keyName":"key1","value":"bG9va2Vk"}]})"));
  transport_->on_call("PUT", url(cluster_), [&](const HttpRequest& request, const CallContext&) {
    sent = request.body;
    return json_response(200, R"({"name":"c","properties":{"provisioningState":"succeeded"}})");
  });
  const Outcome outcome =
      run(words({"-s", "S", "-t", "1", "-p", "pw", "--afs-name", "share", "--storage-account-name", "acct"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(
      json::parse(sent)["properties"]["nodeSetup"]["mountVolumes"]["azureFileShares"][0]["credentials"]["accountKey"],
      "bG9va2Vk");
}

/// The settings of `files` have the key of an account that the subscription does not show.
class MountKeyOfFiles : public ClusterCreate {
 protected:
  MountKeyOfFiles() { describe_account(""); }

  void describe_account(const std::string& more) {
    variables_["AZURE_STORAGE_CONNECTION_STRING"] = "AccountName=acct;AccountKey=a2V5" + more;
  }
  void expect(const HttpResponse& accounts) {
    expect_absent();
    transport_->on("GET", kAccounts, accounts);
  }
  void create() {
    outcome_ = run(words({"-s", "S", "-t", "1", "-p", "pw", "--afs-name", "share", "--storage-account-name", "acct"}));
  }
  /// The key that is sent.
  std::string key_sent(const HttpResponse& accounts) {
    std::string key;
    expect(accounts);
    transport_->on_call("PUT", url(cluster_), [&](const HttpRequest& request, const CallContext&) {
      const json shares = json::parse(request.body)["properties"]["nodeSetup"]["mountVolumes"]["azureFileShares"];
      key = shares[0]["credentials"]["accountKey"];
      return json_response(200, R"({"name":"c","properties":{"provisioningState":"succeeded"}})");
    });
    create();
    return key;
  }
  static HttpResponse no_accounts() { return json_response(200, R"({"value":[]})"); }
  static HttpResponse refusal(int status) {
    return json_response(status, R"({"error":{"code":"Refused","message":"the list is refused"}})");
  }

  Outcome outcome_;
};

TEST_F(MountKeyOfFiles, IsTakenWhereTheSubscriptionDoesNotShowTheAccount) {
  EXPECT_EQ(key_sent(no_accounts()), "a2V5") << outcome_.err;
  EXPECT_EQ(key_sent(refusal(403)), "a2V5") << outcome_.err;
  variables_["BATCHAI_FILES_ENDPOINT"] = "https://127.0.0.1:1";
  describe_account(";FileEndpoint=https://127.0.0.1:1/acct/");
  EXPECT_EQ(key_sent(no_accounts()), "a2V5") << outcome_.err;
}

TEST_F(MountKeyOfFiles, IsNotForAnAccountOfThatNameElsewhere) {
  describe_account(";EndpointSuffix=core.chinacloudapi.cn");
  expect(no_accounts());
  create();
  EXPECT_EQ(outcome_.exit_code, 3);
  EXPECT_THAT(outcome_.err, HasSubstr("cannot find the storage account 'acct'"));
  describe_account("");
  variables_["BATCHAI_FILES_ENDPOINT"] = "https://127.0.0.1:1";
  expect(no_accounts());
  create();
  EXPECT_EQ(outcome_.exit_code, 3);
}

TEST_F(MountKeyOfFiles, IsNotTakenWhereTheSubscriptionCannotBeAsked) {
  expect(refusal(400));
  create();
  EXPECT_EQ(outcome_.exit_code, 1);
  EXPECT_THAT(outcome_.err, HasSubstr("the list is refused"));
}

TEST_F(ClusterCreate, AFileServerIsResolvedAndMounted) {
  const std::string server = workspace_path() + "/fileServers/nfs";
  expect_absent();
  transport_->on("GET", url(server), json_response(200, R"({"id":")" + id(server) + R"(","name":"nfs"})"));
  std::string sent;
  transport_->on_call("PUT", url(cluster_), [&](const HttpRequest& request, const CallContext&) {
    sent = request.body;
    return json_response(200, R"({"name":"c","properties":{"provisioningState":"succeeded"}})");
  });
  EXPECT_EQ(run(words({"-s", "S", "-t", "1", "-p", "pw", "--nfs", "nfs"})).exit_code, 0);
  EXPECT_EQ(json::parse(sent)["properties"]["nodeSetup"]["mountVolumes"]["fileServers"],
            json::parse(R"([{"fileServer": {"id": ")" + id(server) +
                        R"("}, "relativeMountPath": "nfs", "mountOptions": "rw"}])"));
}

TEST_F(ClusterCreate, RefusesAClusterThatExists) {
  transport_->on("GET", url(cluster_), json_response(200, R"({"name":"c"})"));
  expect_error(words({"-s", "S", "-t", "1"}), 1,
               "batchai: error: the cluster 'c' already exists\n"
               "batchai: hint: see 'batchai cluster show -g g -w w -n c'");
}

TEST_F(ClusterCreate, RefusesWhatIsMissing) {
  expect_refused({"-t", "1", "-p", "pw"}, "please provide the VM size");
  expect_refused({"-s", "S", "-p", "pw"}, "please provide the number of nodes");
  expect_refused({"-s", "S", "-t", "1"}, "neither an SSH key nor a password");
  expect_refused({"-s", "S", "-t", "1", "-p", "pw", "--afs-name", "s"}, "a volume needs the storage account");
  expect_refused({"-s", "S", "-t", "1", "-p", "pw", "--setup-task", "x"}, "--setup-task-output");
  expect_refused({"-s", "S", "-t", "1", "-p", "pw", "-k", "ssh-rsa nonsense"}, "SSH public key");
  for (const char* file : {"/nope/key", "id.pub", "/with blanks/id.pub"}) {
    expect_refused({"-s", "S", "-t", "1", "-k", file},
                   "batchai: error: -k/--ssh-key: there is no file '" + std::string(file) + "'\n");
  }
  expect_refused({"-s", "S", "-t", "1", "-p", "pw", "--subnet", "net"}, "ill-formed subnet resource id 'net'");
  variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
  expect_refused({"-s", "S", "-t", "1", "-p", "pw", "--afs-name", "s"}, "the storage account's key");
  expect_refused({"-s", "S", "-t", "1", "-p", "pw", "--afs-name", "s", "--afs-mount-path", ""},
                 "the relative mount path of the file share cannot be empty");
}

TEST_F(ClusterCreate, RefusesVolumesThatCannotBeCompleted) {
  const auto with_share = [&](const std::string& file_url) {
    return write_file("c.json",
                      R"({"properties": {"nodeSetup": {"mountVolumes": {"azureFileShares": [{"azureFileUrl": ")" +
                          file_url + R"(", "relativeMountPath": "a"}]}}}})");
  };
  expect_refused({"-f", with_share("")}, "azureFileUrl cannot be absent or empty");
  expect_refused({"-f", with_share("https://nodots/share")}, "ill-formed azureFileUrl 'https://nodots/share'");
  const std::string blob = write_file("b.json", R"({"properties": {"nodeSetup": {"mountVolumes": {
      "azureBlobFileSystems": [{"containerName": "c", "relativeMountPath": "a"}]}}}})");
  expect_refused({"-f", blob}, "ill-formed blob file system reference");
}

TEST_F(ClusterCreate, BrokenConfigFilesAreLocated) {
  const std::string broken = write_file("broken.json", "{\n  \"properties\": {\n    \"vmSize\": ,\n");
  expect_refused({"-f", broken}, broken + ":3:15: broken JSON");
  const std::string wrong = write_file("wrong.json", R"({"properties": {"vmSize": 6}})");
  expect_refused({"-f", wrong}, wrong + ": properties.vmSize: ");
  expect_refused({"-f", "/nowhere/c.json"}, "there is no config file '/nowhere/c.json'");
}

TEST_F(ClusterCreate, AReservedUserNameIsReplacedWithAWarning) {
  variables_["LOGNAME"] = "root";
  expect_absent();
  transport_->on_call("PUT", url(cluster_), [&](const HttpRequest& request, const CallContext&) {
    EXPECT_EQ(json::parse(request.body)["properties"]["userAccountSettings"]["adminUserName"], "azureuser");
    return json_response(200, R"({"name":"c","properties":{"provisioningState":"succeeded"}})");
  });
  const Outcome outcome = run(words({"-s", "S", "-t", "1", "-p", "pw"}));
  EXPECT_THAT(outcome.err, HasSubstr("warning: 'root' cannot be an administrator's name; using 'azureuser'"));
}

TEST_F(ClusterCreate, AGeneratedKeyIsStrongerThanTheConfigFiles) {
  const std::string file = write_file("cluster.json", R"({"properties": {"vmSize": "S",
      "scaleSettings": {"manual": {"targetNodeCount": 0}},
      "userAccountSettings": {"adminUserName": "u", "adminUserSshPublicKey": "ssh-rsa AAAAB3NzaC1yc2E="}}})");
  EXPECT_EQ(body({"-f", file})["properties"]["userAccountSettings"]["adminUserSshPublicKey"],
            "ssh-rsa AAAAB3NzaC1yc2E=");
  const std::string made =
      body({"-f", file, "--generate-ssh-keys"})["properties"]["userAccountSettings"]["adminUserSshPublicKey"];
  EXPECT_EQ(made + "\n", read(folder_ / "home" / ".ssh" / "id_rsa.pub"));
  EXPECT_EQ(body({"-f", file, "--generate-ssh-keys", "-k",
                  "ssh-rsa AAAAB3NzaC1yc2E= me"})["properties"]["userAccountSettings"]["adminUserSshPublicKey"],
            "ssh-rsa AAAAB3NzaC1yc2E= me");
}

TEST_F(ClusterCreate, DryRunShowsTheRequestWithoutSecrets) {
  expect_absent();
  const Outcome outcome = run(words({"-s", "S", "-t", "1", "-p", "hidden", "--dry-run"}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("PUT " + url(cluster_)));
  EXPECT_THAT(outcome.out, HasSubstr("\"adminUserPassword\": \"***\""));
  EXPECT_THAT(outcome.out, ::testing::Not(HasSubstr("hidden")));
}

TEST(Scale, FollowsTheTableOfNodeCounts) {
  const auto manual = [](int n) { return std::optional(manual_scale(n)); };
  const auto automatic = [](int min, int max, int initial) {
    return std::optional(ScaleSettings{.auto_scale = AutoScaleSettings{min, max, initial, {}}});
  };
  EXPECT_EQ(scale_from_counts({}, {}, {}), std::nullopt);
  EXPECT_EQ(scale_from_counts(0, {}, {}), manual(0));
  EXPECT_EQ(scale_from_counts(3, {}, {}), manual(3));
  EXPECT_EQ(scale_from_counts({}, 2, 2), manual(2));
  EXPECT_EQ(scale_from_counts({}, 0, 0), std::nullopt);
  EXPECT_EQ(scale_from_counts(2, 2, 2), manual(2));
  EXPECT_EQ(scale_from_counts(1, 2, 2), automatic(2, 2, 1));
  EXPECT_EQ(scale_from_counts({}, 0, 4), automatic(0, 4, 0));
  EXPECT_EQ(scale_from_counts(1, 0, 4), automatic(0, 4, 1));
  EXPECT_THROW(scale_from_counts({}, 1, {}), UsageError);
  EXPECT_THROW(scale_from_counts({}, 3, 1), UsageError);
}

TEST(Image, ReadsAliasesAndFourParts) {
  EXPECT_EQ(image_from_options("ubuntudsvm", {})->offer, "linux-data-science-vm-ubuntu");
  EXPECT_EQ(image_from_options("a:b:c:", {})->version, std::nullopt);
  EXPECT_EQ(image_from_options("a:b:c:1", {})->version, "1");
  EXPECT_THROW(image_from_options("a::c:1", {}), UsageError);
  EXPECT_THROW(image_from_options("a:b:c", {}), UsageError);
  EXPECT_THROW(image_from_options("Windows", {}), UsageError);
  EXPECT_THROW(image_from_options({}, "/subscriptions/s"), UsageError);
  EXPECT_THROW(image_from_options("UbuntuLTS", "/subscriptions/s"), UsageError);
}

using SshKeys = CliTest;

TEST_F(SshKeys, AreMadeOnceAndFitTogether) {
  const auto folder = folder_ / ".ssh";
  generate_ssh_keys(folder);
  const std::string made = read(folder / "id_rsa.pub");
  EXPECT_TRUE(is_ssh_public_key(made));
  struct stat info {};
  ASSERT_EQ(::stat((folder / "id_rsa").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  std::filesystem::remove(folder / "id_rsa.pub");
  generate_ssh_keys(folder);
  EXPECT_EQ(read(folder / "id_rsa.pub"), made);
}

TEST_F(SshKeys, AreRecognised) {
  EXPECT_FALSE(is_ssh_public_key("ssh-rsa"));
  EXPECT_FALSE(is_ssh_public_key("ssh-rsa AAAAB3NzaC1yc2E*"));
  EXPECT_FALSE(is_ssh_public_key("ssh-dss AAAAB3NzaC1yc2E="));
  EXPECT_TRUE(is_ssh_public_key("ssh-rsa AAAAB3NzaC1yc2E= someone@somewhere"));
}

}  // namespace
}  // namespace batchai::cli::test
