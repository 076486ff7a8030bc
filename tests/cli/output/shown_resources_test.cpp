#include "cli/cli_fixture.hpp"

#include <set>

// What people see of resources: every command that has columns of its own, in every format that a script may read.
namespace batchai::cli::test {
namespace {

using batchai::test::json_response;

const char* const kInGroup = "/resourceGroups/g/providers/Microsoft.BatchAI/workspaces";

struct Shown {
  /// As `cluster list`.
  std::string command;
  std::vector<std::string> options;
  std::string method;
  std::string url;
  std::string body;
  Headers headers = {};
};

std::string list_of(const std::string& items) { return R"({"value":[)" + items + "]}"; }

std::string resource(const std::string& path, const std::string& type, const std::string& name,
                     const std::string& properties) {
  return R"({"id":"/subscriptions/sub)" + path + R"(","name":")" + name + R"(","type":"Microsoft.BatchAI/)" + type +
         R"(","properties":)" + properties + "}";
}

std::string workspace(const std::string& name, const std::string& state) {
  return R"({"id":"/subscriptions/sub)" + std::string(kInGroup) + "/" + name + R"(","name":")" + name +
         R"(","type":"Microsoft.BatchAI/workspaces","location":"eastus","tags":{"owner":"vision"},"properties":{
         "creationTime":"2018-06-21T17:15:18.288Z","provisioningState":")" +
         state + R"(","provisioningStateTransitionTime":"2018-06-21T17:15:19Z"}})";
}

std::string cluster(const std::string& name, const std::string& state, int nodes) {
  const std::string count = std::to_string(nodes);
  return resource(kInGroup + ("/w/clusters/" + name), "workspaces/clusters", name,
                  R"({
      "vmSize":"STANDARD_NC6","vmPriority":"dedicated","allocationState":"steady","provisioningState":")" +
                      state + R"(",
      "creationTime":"2018-06-21T17:15:18.288Z","currentNodeCount":)" +
                      count + R"(,
      "scaleSettings":{"manual":{"targetNodeCount":)" +
                      count + R"(,"nodeDeallocationOption":"requeue"}},
      "userAccountSettings":{"adminUserName":"demo"},
      "nodeStateCounts":{"idleNodeCount":)" +
                      count + R"(,"runningNodeCount":0,"preparingNodeCount":0,
                         "unusableNodeCount":0,"leavingNodeCount":0}})");
}

std::string experiment(const std::string& name) {
  return resource(kInGroup + ("/w/experiments/" + name), "workspaces/experiments", name,
                  R"({"creationTime":"2018-06-21T17:15:18.288Z","provisioningState":"succeeded"})");
}

std::string job(const std::string& name, const std::string& state, const std::string& info) {
  return resource(kInGroup + ("/w/experiments/e/jobs/" + name), "workspaces/experiments/jobs", name,
                  R"({"cluster":{"id":"/subscriptions/sub)" + std::string(kInGroup) + R"(/w/clusters/nc6"},
      "nodeCount":2,"toolType":"cntk","executionState":")" +
                      state + R"(","provisioningState":"succeeded",
      "creationTime":"2018-06-21T17:15:18.288Z","schedulingPriority":"normal","executionInfo":)" +
                      info + R"(,
      "cntkSettings":{"pythonScriptFilePath":"train.py","processCount":2},
      "constraints":{"maxWallClockTime":"P7D"},"stdOutErrPathPrefix":"$AZ_BATCHAI_MOUNT_ROOT/afs"})");
}

std::string file_server(const std::string& name) {
  return resource(kInGroup + ("/w/fileServers/" + name), "workspaces/fileServers", name, R"({
      "vmSize":"STANDARD_D2","provisioningState":"succeeded","creationTime":"2018-06-21T17:15:18.288Z",
      "sshConfiguration":{"publicIPsToAllow":["*"],"userAccountSettings":{"adminUserName":"me"}},
      "dataDisks":{"diskCount":2,"diskSizeInGB":10,"storageAccountType":"Standard_LRS","cachingType":"none"},
      "mountSettings":{"mountPoint":"/mnt/data","fileServerPublicIP":"1.2.3.4","fileServerInternalIP":"10.0.0.4"}})");
}

std::string group(const std::string& name) {
  return R"({"id":"/subscriptions/sub/resourceGroups/)" + name + R"(","name":")" + name +
         R"(","type":"Microsoft.Resources/resourceGroups","location":"eastus","tags":{"owner":"vision"},
         "properties":{"provisioningState":"Succeeded"}})";
}

std::string provider() {
  return R"({"id":"/subscriptions/sub/providers/Microsoft.BatchAI","namespace":"Microsoft.BatchAI",
      "registrationState":"Registered","resourceTypes":[{"resourceType":"workspaces","locations":["East US"],
      "apiVersions":["2018-05-01"]}]})";
}

const char* const kNodes = R"({"value":[{"nodeId":"tvm-1","ipAddress":"10.0.0.5","port":50000},
                                        {"nodeId":"tvm-2","ipAddress":"10.0.0.5","port":50001}]})";
const char* const kFiles = R"({"value":[
    {"name":"stdout.txt","fileType":"file","downloadUrl":"https://acct.file.core.windows.net/s/stdout.txt?sig=x",
     "properties":{"lastModified":"2018-06-07T21:16:21Z","contentLength":1024}},
    {"name":"deep","fileType":"directory","properties":{}}]})";
const char* const kUsages = R"({"value":[
    {"currentValue":0,"limit":20,"unit":"Count","name":{"value":"Clusters","localizedValue":"Number of clusters"}},
    {"currentValue":6,"limit":24,"unit":"Count","name":{"value":"NC","localizedValue":"NC cores"}}]})";
const char* const kOperations = R"({"value":[{"name":"Microsoft.BatchAI/workspaces/read","origin":"user","display":{
    "provider":"Microsoft Batch AI","resource":"Workspace","operation":"Get","description":"Gets a workspace."}}]})";
const char* const kShares = R"(<EnumerationResults><Shares><Share><Name>data</Name><Properties>
    <Last-Modified>Thu, 21 Jun 2018 17:15:18 GMT</Last-Modified><Etag>"0x1"</Etag><Quota>5120</Quota></Properties>
    </Share><Share><Name>logs</Name><Properties><Quota>1</Quota></Properties></Share></Shares></EnumerationResults>)";
const char* const kEntries = R"(<EnumerationResults><Entries><File><Name>a.txt</Name><Properties>
    <Content-Length>1024</Content-Length><Last-Modified>Thu, 21 Jun 2018 17:15:18 GMT</Last-Modified></Properties>
    </File><Directory><Name>deep</Name><Properties/></Directory></Entries></EnumerationResults>)";

class ShownResources : public CliTest {
 protected:
  ShownResources() {
    variables_["AZURE_STORAGE_ACCOUNT"] = "acct";
    variables_["AZURE_STORAGE_KEY"] = "a2V5";
    write_file("config/profiles/first.ini",
               "[profile]\ntenant = t\nclient_id = app\nclient_secret = hidden\nsubscription = sub\n");
    write_file("config/profiles/second.ini", "[profile]\ntenant = t\nclient_id = other\ncloud = AzureChinaCloud\n");
  }

  static std::string management(const std::string& path, const std::string& version) {
    return "https://management.azure.com" + path + "?api-version=" + version;
  }

  static std::vector<Shown> batchai_resources() {
    const std::vector<std::string> in{"-g", "g", "-w", "w"};
    const std::vector<std::string> in_experiment{"-g", "g", "-w", "w", "-e", "e"};
    const auto with = [](std::vector<std::string> left, const std::vector<std::string>& right) {
      left.insert(left.end(), right.begin(), right.end());
      return left;
    };
    const std::string w = kInGroup + std::string("/w");
    const std::string jobs = w + "/experiments/e/jobs";
    const std::string done = R"({"startTime":"2018-06-21T17:16:18Z","endTime":"2018-06-21T17:20:18Z","exitCode":0})";
    return {
        {"workspace list",
         {},
         "GET",
         url("/providers/Microsoft.BatchAI/workspaces"),
         list_of(workspace("w", "succeeded") + "," + workspace("other", "deleting"))},
        {"workspace show", {"-g", "g", "-n", "w"}, "GET", url(w), workspace("w", "succeeded")},
        {"cluster list", in, "GET", url(w + "/clusters"),
         list_of(cluster("nc6", "succeeded", 2) + "," + cluster("old", "deleting", 0))},
        {"cluster show", with(in, {"-n", "nc6"}), "GET", url(w + "/clusters/nc6"), cluster("nc6", "succeeded", 2)},
        {"cluster node list", with(in, {"-c", "nc6"}), "POST", url(w + "/clusters/nc6/listRemoteLoginInformation"),
         kNodes},
        {"experiment list", in, "GET", url(w + "/experiments"), list_of(experiment("e") + "," + experiment("f"))},
        {"experiment show", with(in, {"-n", "e"}), "GET", url(w + "/experiments/e"), experiment("e")},
        {"job list", in_experiment, "GET", url(jobs),
         list_of(job("j", "succeeded", done) + "," + job("k", "queued", "null"))},
        {"job show", with(in_experiment, {"-n", "j"}), "GET", url(jobs + "/j"), job("j", "succeeded", done)},
        {"job file list", with(in_experiment, {"-j", "j"}), "POST",
         url(jobs + "/j/listOutputFiles") + "&outputdirectoryid=stdouterr&linkexpiryinminutes=60", kFiles},
        {"job node list", with(in_experiment, {"-j", "j"}), "POST", url(jobs + "/j/listRemoteLoginInformation"),
         kNodes},
        {"file-server list", in, "GET", url(w + "/fileServers"),
         list_of(file_server("nfs") + "," +
                 resource(w + "/fileServers/new", "workspaces/fileServers", "new",
                          R"({"vmSize":"STANDARD_D2","provisioningState":"creating"})"))},
        {"file-server show", with(in, {"-n", "nfs"}), "GET", url(w + "/fileServers/nfs"), file_server("nfs")},
        {"list-usages", {"-l", "eastus"}, "GET", url("/providers/Microsoft.BatchAI/locations/eastus/usages"), kUsages},
        {"operation list", {}, "GET", management("/providers/Microsoft.BatchAI/operations", "2018-05-01"), kOperations},
    };
  }

  static std::vector<Shown> other_resources() {
    const std::string files = "https://acct.file.core.windows.net/";
    const std::string list = "?restype=directory&comp=list&include=Timestamps%2CEtag";
    return {
        {"group list",
         {},
         "GET",
         management("/subscriptions/sub/resourcegroups", "2021-04-01"),
         list_of(group("g") + "," + group("other"))},
        {"group show", {"-n", "g"}, "GET", management("/subscriptions/sub/resourcegroups/g", "2021-04-01"), group("g")},
        {"provider list", {}, "GET", management("/subscriptions/sub/providers", "2021-04-01"), list_of(provider())},
        {"provider show",
         {"-n", "Microsoft.BatchAI"},
         "GET",
         management("/subscriptions/sub/providers/Microsoft.BatchAI", "2021-04-01"),
         provider()},
        {"storage account keys list",
         {"-n", "acct", "-g", "g"},
         "POST",
         management("/subscriptions/sub/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acct/listKeys",
                    "2022-09-01"),
         R"({"keys":[{"keyName":"key1","value":"a2V5MQ==","permissions":"FULL",
                      "creationTime":"2018-06-21T17:15:18Z"}]})"},
        {"files share list", {}, "GET", files + "?comp=list", kShares},
        {"files directory list", {"data/in"}, "GET", files + "data/in" + list, kEntries},
        {"files list", {"data/in"}, "GET", files + "data/in" + list, kEntries},
        {"files share show",
         {"-n", "data"},
         "GET",
         files + "data?restype=share",
         "",
         {{"x-ms-share-quota", "5120"}, {"ETag", "\"0x1\""}, {"Last-Modified", "Thu, 21 Jun 2018 17:15:18 GMT"}}},
        {"files show",
         {"data/a.txt"},
         "HEAD",
         files + "data/a.txt",
         "",
         {{"Content-Length", "1024"}, {"Last-Modified", "Thu, 21 Jun 2018 17:15:18 GMT"}}},
        {"account list", {}, "", "", ""},
        {"account show", {"--profile", "first"}, "", "", ""},
    };
  }

  static std::vector<Shown> all() {
    std::vector<Shown> shown = batchai_resources();
    const std::vector<Shown> others = other_resources();
    shown.insert(shown.end(), others.begin(), others.end());
    return shown;
  }

  std::string output_of(const Shown& shown, const std::string& format) {
    if (!shown.method.empty()) {
      transport_->on(shown.method, shown.url, json_response(200, shown.body, shown.headers));
    }
    std::vector<std::string> words = words_of(shown.command);
    words.insert(words.end(), shown.options.begin(), shown.options.end());
    words.insert(words.end(), {"-o", format});
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 0) << shown.command << "\n" << outcome.err;
    EXPECT_EQ(outcome.err, "") << shown.command;
    return outcome.out;
  }
};

TEST_F(ShownResources, ArePinnedInEveryFormat) {
  std::map<std::string, std::string> texts;
  for (const Shown& shown : all()) {
    std::string name = shown.command;
    std::replace(name.begin(), name.end(), ' ', '_');
    for (const char* format : {"json", "table", "tsv", "yaml"}) {
      texts.emplace(name + "." + format, output_of(shown, format));
    }
  }
  expect_folder(std::filesystem::path(BATCHAI_GOLDEN_DIR) / "shown", texts);
}

TEST_F(ShownResources, AreAllThatHaveColumns) {
  std::set<std::string> pinned;
  for (const Shown& shown : all()) {
    pinned.insert(shown.command);
  }
  for (const char* same : {"file list", "file show", "directory list", "share list", "share show"}) {
    pinned.insert(std::string("storage ") + same);  // those of `files`
  }
  pinned.insert("cluster file list");  // two services answer it: see the tests of resources
  for (const CommandGroup& group : command_tree()) {
    for (const CommandSpec& command : group.commands()) {
      const std::string name = std::string(group.name) + (command.name.empty() ? "" : " " + std::string(command.name));
      const bool shows = name.ends_with("list") || name.ends_with("show") || name.ends_with("usages");
      if (shows && !command.columns.empty()) {
        EXPECT_TRUE(pinned.contains(name)) << name << " has columns: pin what it shows here, too";
      }
    }
  }
}

}  // namespace
}  // namespace batchai::cli::test
