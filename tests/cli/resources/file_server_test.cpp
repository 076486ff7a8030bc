#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;

class FileServerCommands : public CliTest {
 protected:
  const std::string servers_ = workspace_path() + "/fileServers";
  const std::string server_ = servers_ + "/f";

  static std::vector<std::string> words(const std::string& command, const std::vector<std::string>& more) {
    std::vector<std::string> all{"file-server", command, "-g", "g", "-w", "w", "-n", "f"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  static std::string ready() {
    return R"({"id":")" + id(workspace_path() + "/fileServers/f") +
           R"(","name":"f","type":"Microsoft.BatchAI/workspaces/fileServers","properties":{
             "vmSize":"STANDARD_D2","provisioningState":"succeeded","creationTime":"2018-06-21T17:15:18.288Z",
             "sshConfiguration":{"publicIPsToAllow":["*"],"userAccountSettings":{"adminUserName":"me"}},
             "dataDisks":{"diskCount":2,"diskSizeInGB":10,"storageAccountType":"Standard_LRS","cachingType":"none"},
             "mountSettings":{"mountPoint":"/mnt/data","fileServerPublicIP":"1.2.3.4",
                              "fileServerInternalIP":"10.0.0.4"}}})";
  }

  /// The body that the program sends, as JSON.
  json body(const std::vector<std::string>& more) {
    transport_->on("GET", url(server_), not_found("f"));
    std::string sent;
    transport_->on_call("PUT", url(server_), [&](const HttpRequest& request, const CallContext&) {
      sent = request.body;
      return json_response(200, ready());
    });
    const Outcome outcome = run(words("create", more));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(json::parse(outcome.out)["mountSettings"]["mountPoint"], "/mnt/data");
    return json::parse(sent);
  }

  void expect_refused(const std::vector<std::string>& more, const std::string& message) {
    transport_->on("GET", url(server_), not_found("f"));
    const Outcome outcome = run(words("create", more));
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(message));
  }
};

TEST_F(FileServerCommands, CreateFromOptions) {
  const std::string subnet =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n";
  EXPECT_EQ(body({"-s", "Standard_DS2", "--disk-count", "2", "--disk-size", "10", "--storage-sku", "Premium_LRS",
                  "--caching-type", "readonly", "-u", "me", "-p", "pw", "--subnet", subnet}),
            json::parse(R"({"properties": {"vmSize": "Standard_DS2",
        "dataDisks": {"diskCount": 2, "diskSizeInGB": 10, "storageAccountType": "Premium_LRS",
                      "cachingType": "readonly"},
        "sshConfiguration": {"userAccountSettings": {"adminUserName": "me", "adminUserPassword": "pw"}},
        "subnet": {"id": ")" +
                        subnet + R"("}}})"));
}

TEST_F(FileServerCommands, OptionsAreStrongerThanTheConfigFile) {
  const std::string file = write_file("nfs.json", R"({"$schema": "x", "location": "eastus", "properties": {
      "vmSize": "STANDARD_D1", "dataDisks": {"diskCount": 1, "diskSizeInGB": 5, "storageAccountType": "Standard_LRS"},
      "sshConfiguration": {"publicIPsToAllow": ["10.0.0.0/8"],
                           "userAccountSettings": {"adminUserName": "cfg", "adminUserPassword": "pw"}}}})");
  EXPECT_EQ(body({"-f", file, "-s", "STANDARD_D2", "--disk-count", "4"}), json::parse(R"({"properties": {
      "vmSize": "STANDARD_D2", "dataDisks": {"diskCount": 4, "diskSizeInGB": 5, "storageAccountType": "Standard_LRS"},
      "sshConfiguration": {"publicIPsToAllow": ["10.0.0.0/8"],
                           "userAccountSettings": {"adminUserName": "cfg", "adminUserPassword": "pw"}}}})"));
}

TEST_F(FileServerCommands, CreateRefusesWhatIsMissing) {
  expect_refused({"-p", "pw"}, "please provide the VM size");
  expect_refused({"-s", "S", "-p", "pw"}, "please provide the number of disks");
  expect_refused({"-s", "S", "--disk-count", "0"}, "please provide the number of disks");
  expect_refused({"-s", "S", "--disk-count", "1"}, "please provide the size of the disks");
  expect_refused({"-s", "S", "--disk-count", "1", "--disk-size", "5"}, "please provide the storage SKU");
  const std::vector<std::string> disks{"-s",          "S", "--disk-count",  "1",
                                       "--disk-size", "5", "--storage-sku", "Standard_LRS"};
  expect_refused(disks, "neither an SSH key nor a password");
  expect_refused({"-s", "S", "--subnet", "net"}, "ill-formed subnet resource id 'net'");
}

TEST_F(FileServerCommands, WaitUntilItCanBeMounted) {
  std::string creating = ready();
  creating.replace(creating.find("succeeded"), 9, "creating");
  transport_->on("GET", url(server_), json_response(200, creating));
  transport_->on("GET", url(server_), json_response(200, ready()));
  EXPECT_EQ(run(words("wait", {"--created"})).exit_code, 0);
}

TEST_F(FileServerCommands, DefaultsOfAzsOwnKeysAreTaken) {
  write_file("config/profiles/p.ini",
             "[profile]\nsubscription = sub\n[defaults]\ndefault_workspace_resource_group = "
             "g\ndefault_workspace_name = w\n");
  write_file("config/config.ini", "[core]\nprofile = p\n");
  transport_->on("GET", url(servers_), json_response(200, R"({"value":[]})"));
  EXPECT_EQ(run({"file-server", "list"}).exit_code, 0);
  EXPECT_EQ(run({"cluster", "list"}).exit_code, 2) << "they are those of file servers only";
}

TEST_F(FileServerCommands, ColumnsOfWhatIsNotKnownYetAreLeftOut) {
  transport_->on("GET", url(server_), json_response(200, R"({"id":")" + id(server_) + R"(","name":"f","properties":{
      "vmSize":"STANDARD_D2"}})"));
  EXPECT_EQ(run(words("show", {"-o", "table"})).out, "Name  Size\n----  -----------\nf     STANDARD_D2\n");
}

TEST_F(FileServerCommands, CreateRefusesOneThatExists) {
  transport_->on("GET", url(server_), json_response(200, ready()));
  expect_error(words("create", {"-s", "S"}), 1,
               "batchai: error: the file server 'f' already exists\n"
               "batchai: hint: see 'batchai file-server show -g g -w w -n f'");
}

TEST_F(FileServerCommands, CreateNeedNotWait) {
  transport_->on("GET", url(server_), not_found("f"));
  HttpResponse accepted = empty_response(202);
  accepted.headers.set("Azure-AsyncOperation", "https://management.azure.com/never-asked");
  transport_->on("PUT", url(server_), accepted);
  const Outcome outcome = run(words("create", {"-s", "S", "--disk-count", "1", "--disk-size", "5", "--storage-sku",
                                               "Standard_LRS", "-p", "pw", "--no-wait"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
}

TEST_F(FileServerCommands, ShowHasTheShapeOfAz) {
  transport_->on("GET", url(server_), json_response(200, ready()));
  expect_golden("file_server_show.json", run(words("show", {})).out);
}

TEST_F(FileServerCommands, ListAsATable) {
  const std::string creating = R"({"name":"new","properties":{"vmSize":"STANDARD_D2","provisioningState":"creating"}})";
  transport_->on("GET", url(servers_), json_response(200, R"({"value":[)" + ready() + "," + creating + "]}"));
  expect_golden("file_server_list.table", run({"file-server", "list", "-g", "g", "-w", "w", "-o", "table"}).out);
}

TEST_F(FileServerCommands, DeleteAsksFirst) {
  EXPECT_EQ(run(words("delete", {})).exit_code, 2);
  transport_->on("DELETE", url(server_), empty_response(204));
  EXPECT_EQ(run({"file-server", "delete", "-y", "--ids", id(server_)}).exit_code, 0);
}

class ProviderWide : public CliTest {};

TEST_F(ProviderWide, UsagesAsATable) {
  transport_->on("GET", url("/providers/Microsoft.BatchAI/locations/eastus/usages"), json_response(200, R"({"value":[
      {"unit":"Count","currentValue":0,"limit":20,"name":{"value":"Clusters","localizedValue":"Clusters"}},
      {"unit":"Count","currentValue":3,"limit":50,"name":{"value":"ActiveJobs","localizedValue":"Active Jobs"}}]})"));
  expect_golden("list_usages.table", run({"list-usages", "-l", "eastus", "-o", "table"}).out);
  EXPECT_EQ(run({"list-usages"}).exit_code, 2);
}

TEST_F(ProviderWide, OperationsAsJsonAndAsATable) {
  for (int times = 0; times < 2; ++times) {
    transport_->on("GET", "https://management.azure.com/providers/Microsoft.BatchAI/operations?api-version=2018-05-01",
                   json_response(200, R"({"value":[{"name":"Microsoft.BatchAI/workspaces/read","origin":"user,system",
                     "display":{"provider":"Microsoft Batch AI","resource":"Workspace","operation":"Read workspaces",
                                "description":"Lists workspaces or gets one"}}]})"));
  }
  const json shown = json::parse(run({"operation", "list"}).out);
  EXPECT_EQ(shown[0]["name"], "Microsoft.BatchAI/workspaces/read");
  EXPECT_EQ(shown[0]["display"]["operation"], "Read workspaces");
  expect_golden("operation_list.table", run({"operation", "list", "-o", "table"}).out);
}

}  // namespace
}  // namespace batchai::cli::test
