#include "cli/cli_fixture.hpp"

#include <algorithm>

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::HasSubstr;
using ::testing::Not;

using Words = std::vector<std::string>;

/// Wrong calls that need no service to be found wrong.
class BadInput : public CliTest {
 protected:
  const Words cluster_{"-g", "g", "-w", "w", "-n", "c"};
  const std::string cluster_id_ = id(workspace_path() + "/clusters/c");

  static Words plus(Words left, const Words& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
  }

  /// Exit code 2, one line that begins so, and nothing else.
  void expect_refused(const Words& words, const std::string& message) {
    const Outcome outcome = run(words);
    const std::string call = ::testing::PrintToString(words);
    EXPECT_EQ(outcome.exit_code, 2) << call;
    EXPECT_EQ(outcome.out, "") << call;
    EXPECT_TRUE(outcome.err.starts_with("batchai: error: " + message)) << call << "\n" << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << call << "\n" << outcome.err;
    EXPECT_THAT(outcome.err, Not(HasSubstr("[options]"))) << "no usage text for " << call;
    EXPECT_THAT(transport_->requests(), ::testing::IsEmpty()) << call;
  }

  Words show(const Words& more) const { return plus({"cluster", "show"}, more); }
};

TEST_F(BadInput, Words) {
  expect_refused({"clutser"}, "unknown command 'clutser'; did you mean 'cluster'?");
  expect_refused({"jobs", "list"}, "unknown command 'jobs'; did you mean 'job'?");
  expect_refused({"cluster", "shwo"}, "unknown command 'cluster shwo'; did you mean 'show'?");
  expect_refused({"job", "file", "downlaod"}, "unknown command 'job file downlaod'; did you mean 'download'?");
  expect_refused({"completion", "tcsh"}, "unknown command 'completion tcsh' (see");
  expect_refused({"cluster", "node"}, "'cluster node' needs a command: list, exec");
  expect_refused({"group", "list", "extra"}, "unexpected argument 'extra'");
  expect_refused({"--verbose"}, "no command given");
  expect_refused({"--verison"}, "unknown option '--verison'; did you mean '--version'? (see 'batchai --help')");
}

TEST_F(BadInput, Options) {
  expect_refused({"group", "list", "--ouput", "json"}, "unknown option '--ouput'; did you mean '--output'?");
  expect_refused({"group", "show", "--resource-gruop", "g"},
                 "unknown option '--resource-gruop'; did you mean '--resource-group'?");
  expect_refused({"group", "list", "--frobnicate"}, "unknown option '--frobnicate' (see");
  expect_refused({"group", "list", "-Z"}, "unknown option '-Z'");
  expect_refused({"cluster", "list", "-g"}, "option --resource-group needs a value");
  expect_refused({"cluster", "list", "-g", "-w", "w"}, "option --resource-group needs a value");
  expect_refused(show({"--ids"}), "option --ids needs a value");
  expect_refused(show({"-g", "g"}), "missing: -w/--workspace, -n/--name");
  expect_refused({"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", "j"}, "please provide what the job runs");
  expect_refused({"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "-f", "f", "--command", "true"},
                 "-f/--config-file and --command both say what the job runs");
  expect_refused({"job", "file", "stream", "-g", "g", "-w", "w", "-e", "e", "-j", "j"}, "missing: -f/--file-name");
  expect_refused({"list-usages"}, "missing: -l/--location");
}

TEST_F(BadInput, OptionsThatExcludeEachOther) {
  expect_refused(show({"-n", "c", "--ids", cluster_id_}), "--ids: -n/--name cannot be given beside it");
  expect_refused({"job", "delete", "-y", "-g", "g", "--ids", cluster_id_},
                 "--ids: -g/--resource-group cannot be given");
}

TEST_F(BadInput, Values) {
  expect_refused(
      {"group", "list", "-o", "tabel"},
      "-o/--output: 'tabel' is not one of json, jsonc, yaml, yamlc, table, wide, tsv, none; did you mean 'table'?");
  expect_refused({"group", "list", "-o", ""}, "-o/--output: '' is not one of json");
  expect_refused(plus({"cluster", "create", "--vm-priority", "high"}, cluster_),
                 "--vm-priority: 'high' is not one of dedicated, lowpriority\n");
  expect_refused(plus({"cluster", "resize", "-t", "two"}, cluster_), "-t/--target: 'two' is not an integer");
  expect_refused(plus({"cluster", "resize", "-t", "99999999999"}, cluster_),
                 "-t/--target: '99999999999' is out of range");
  expect_refused(plus({"cluster", "resize", "-t", "-1"}, cluster_), "-t/--target, --min and --max cannot be negative");
  expect_refused({"group", "list", "--timeout", "soon"}, "--timeout: 'soon' is not an integer");
  expect_refused({"group", "list", "--timeout", "0"}, "--timeout: 0 is not a number of seconds above 0");
  const Words job{"-g", "g", "-w", "w", "-e", "e"};
  expect_refused(plus({"job", "wait", "-n", "j", "--interval", "0"}, job), "--interval: ");
  expect_refused(plus({"job", "file", "list", "-j", "j", "--expiry", "4"}, job),
                 "--expiry: the number of minutes has to be from 5 to 600");
  expect_refused(plus({"job", "file", "list", "-j", "j", "--expiry", "601"}, job), "--expiry: ");
  expect_refused({"cluster", "file", "list", "-g", "g", "-w", "w", "-c", "c", "--expiry", "0"}, "--expiry: ");
}

TEST_F(BadInput, ResourceIds) {
  expect_refused(show({"--ids", "nonsense"}), "--ids: 'nonsense' is not a resource id");
  expect_refused(show({"--ids", "/subscriptions/s/resourceGroups/g"}), "--ids: '/subscriptions/s/resourceGroups/g'");
  expect_refused(show({"--ids", id(workspace_path() + "/experiments/e")}), "--ids: ");
}

TEST_F(BadInput, NamesAgainstTheRules) {
  expect_refused({"workspace", "create", "-g", "g", "-n", "two words", "-l", "eastus"},
                 "workspace name 'two words' is not allowed: it has to be 1 to 64 letters, digits, dashes");
  expect_refused({"group", "create", "-n", "what?", "-l", "eastus"}, "resource group name 'what?' is not allowed");
  expect_refused({"cluster", "show", "-g", "g", "-w", "w", "-n", std::string(65, 'c')}, "cluster name '");
  expect_refused({"experiment", "create", "-g", "g", "-w", "w", "-n", "../e"}, "experiment name '../e'");
  expect_refused({"job", "show", "-g", "g", "-w", "w", "-e", "e", "-n", "j/k"}, "job name 'j/k'");
  expect_refused({"file-server", "show", "-g", "g", "-w", "w", "-n", "n n"}, "file server name 'n n'");
  expect_refused({"provider", "show", "-n", "Microsoft BatchAI"}, "provider namespace 'Microsoft BatchAI'");
}

TEST_F(BadInput, ProfilesAndConfiguration) {
  expect_refused({"group", "list", "--profile", "nobody"}, "there is no profile 'nobody'");
  variables_["BATCHAI_DEFAULTS_OUTPUT"] = "tabel";
  expect_refused({"group", "list"}, "-o/--output: 'tabel' is not one of");
  variables_.erase("BATCHAI_DEFAULTS_OUTPUT");
  variables_["BATCHAI_CLOUD"] = "MoonCloud";
  EXPECT_EQ(run({"group", "list"}).exit_code, 2);
}

TEST_F(BadInput, WordsBehindTwoDashesArePlaces) {
  variables_["AZURE_STORAGE_ACCOUNT"] = "acct";
  variables_["AZURE_STORAGE_KEY"] = "a2V5";
  expect_refused({"files", "cat", "--", "-share"}, "'-share' is a share: name a file in it");
  expect_refused({"files", "cat", "--", "share/a", "-r"}, "unknown option '-r'");
}

/// Config files are read when it is known that there is nothing of that name yet.
class BadConfigFile : public CliTest {
 protected:
  void expect_refused(const std::string& group, const std::string& path, const std::string& file,
                      const std::string& message) {
    transport_->on("GET", url(workspace_path() + path), not_found("it"));
    const Outcome outcome = run({group, "create", "-g", "g", "-w", "w", "-n", "x", "-f", file});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_TRUE(outcome.err.starts_with("batchai: error: " + message)) << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  }
};

TEST_F(BadConfigFile, CannotBeRead) {
  expect_refused("cluster", "/clusters/x", "/nowhere/c.json", "there is no config file '/nowhere/c.json'");
  expect_refused("file-server", "/fileServers/x", "/nowhere/f.json", "there is no config file '/nowhere/f.json'");
  expect_refused("cluster", "/clusters/x", folder_.string(), "config file: cannot read " + folder_.string());
}

TEST_F(BadConfigFile, HasAMemberOfAWrongType) {
  const std::string size = write_file("size.json", R"({"properties": {"vmSize": ["STANDARD_NC6"]}})");
  expect_refused("cluster", "/clusters/x", size, size + ": properties.vmSize: ");
  const std::string deep = write_file("deep.json", R"({"properties": {"nodeSetup": {"mountVolumes": {
      "azureFileShares": [{"relativeMountPath": "a"}, {"relativeMountPath": 6}]}}}})");
  expect_refused("cluster", "/clusters/x", deep,
                 deep + ": properties.nodeSetup.mountVolumes.azureFileShares[1].relativeMountPath: ");
  const std::string disks = write_file("disks.json", R"({"properties": {"dataDisks": {"diskCount": "two"}}})");
  expect_refused("file-server", "/fileServers/x", disks, disks + ": properties.dataDisks.diskCount: ");
  const std::string list = write_file("list.json", "[]");
  expect_refused("cluster", "/clusters/x", list, list + ": expected a JSON object");
}

TEST_F(BadConfigFile, LacksAMember) {
  const std::string target = write_file("target.json", R"({"properties": {"scaleSettings": {"manual": {}}}})");
  expect_refused("cluster", "/clusters/x", target,
                 target + ": properties.scaleSettings.manual.targetNodeCount: required, but missing");
  const std::string share = write_file("share.json", R"({"properties": {"nodeSetup": {"mountVolumes": {
      "azureFileShares": [{"azureFileUrl": "https://acct.file.core.windows.net/s"}]}}}})");
  expect_refused("cluster", "/clusters/x", share,
                 share + ": properties.nodeSetup.mountVolumes.azureFileShares[0].relativeMountPath: required, but ");
}

/// Of jobs; the cluster may come from an option.
class JobConfigFile : public CliTest {
 protected:
  Outcome create(const std::string& properties) {
    file_ = write_file("job.json", R"({"$schema": "x", "properties": {)" + properties + "}}");
    transport_->on("GET", url(workspace_path() + "/experiments/e/jobs/j"), not_found("j"));
    return run({"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "-c", "c", "-f", file_});
  }
  std::string file_;
};

TEST_F(JobConfigFile, NamesWhatIsMissing) {
  const Outcome outcome = create(R"("stdOutErrPathPrefix": "p", "customToolkitSettings": {"commandLine": "true"})");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err, "batchai: error: " + file_ + ": properties.nodeCount: required, but missing\n");
}

TEST_F(JobConfigFile, WarnsOfWhatIsUnknown) {
  const std::string properties = R"("stdOutErrPathPrefix": "p", "customToolkitSettings": {"commandLine": "true"},
      "_comment": "ours", "enviromentVariables": [], )";
  const Outcome misspelt = create(properties + R"("nodeCont": 1)");
  EXPECT_EQ(misspelt.exit_code, 2);
  const std::string warning = "batchai: warning: " + file_ + ": properties.";
  EXPECT_EQ(misspelt.err, warning +
                              "enviromentVariables is unknown and not sent; did you mean environmentVariables?\n" +
                              warning + "nodeCont is unknown and not sent; did you mean nodeCount?\n" +
                              "batchai: error: " + file_ + ": properties.nodeCount: required, but missing\n");
}

/// Addresses that a shell remembers.
class StaleEnvironment : public CliTest {
 protected:
  StaleEnvironment() {
    variables_["BATCHAI_RESOURCE_MANAGER_ENDPOINT"] = "https://127.0.0.1:1";
    for (int tries = 0; tries < 4; ++tries) {
      transport_->on_call("GET", "https://127.0.0.1:1/subscriptions/sub/resourcegroups?api-version=2021-04-01",
                          [](const HttpRequest&, const CallContext&) -> HttpResponse {
                            throw TransportError("https://127.0.0.1:1", "no connection could be made");
                          });
    }
  }
  void write_profile(const std::string& address) const {
    write_file("config/profiles/local.ini", "[profile]\nresource_manager = " + address + "\n");
  }
  void expect_hint(const std::string& hint) {
    expect_error(
        {"group", "list"}, 1,
        "batchai: error: no answer from https://127.0.0.1:1: no connection could be made\nbatchai: hint: " + hint);
  }
};

TEST_F(StaleEnvironment, IsToldWhereTheLocalServiceIsElsewhere) {
  write_profile("https://127.0.0.1:2/");
  expect_hint(
      "BATCHAI_RESOURCE_MANAGER_ENDPOINT names an old address of the local service, which was last started at "
      "https://127.0.0.1:2; run 'eval \"$(batchai local env)\"'");
}

TEST_F(StaleEnvironment, IsNoneWhereTheServiceHasStopped) {
  write_profile("https://127.0.0.1:1/");
  expect_hint("nothing answers there; start the local service with 'batchai local start'");
}

TEST_F(StaleEnvironment, IsNoneWithoutALocalService) {
  expect_hint("nothing answers there; start the local service with 'batchai local start'");
}

}  // namespace
}  // namespace batchai::cli::test
