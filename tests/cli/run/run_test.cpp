#include "cli/cli_fixture.hpp"
#include "cli/run/shell_words.hpp"
#include "core/private_file.hpp"

#include <array>
#include <regex>
#include <set>

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ShellWords, AreQuotedWhereTheyNeedIt) {
  EXPECT_EQ(shell_word("--lr=0.1"), "--lr=0.1");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("it's"), R"('it'\''s')");
  EXPECT_EQ(shell_word("$HOME"), "'$HOME'");
}

TEST(ShellWords, OfNodesExpandTheJobsVariablesAlone) {
  EXPECT_EQ(node_word("$AZ_BATCHAI_INPUT_DATA/x"), R"("$AZ_BATCHAI_INPUT_DATA/x")");
  EXPECT_EQ(node_word("--to=${AZ_BATCHAI_OUTPUT_MODEL}"), R"("--to=${AZ_BATCHAI_OUTPUT_MODEL}")");
  EXPECT_EQ(node_word(R"($AZ_BATCHAI_A "`$HOME` \)"), R"("$AZ_BATCHAI_A \"\`\$HOME\` \\")");
  EXPECT_EQ(node_word("$HOME"), "'$HOME'");
}

/// `run --dry-run`, which asks what is there and prints the rest.
class Run : public CliTest {
 protected:
  Run() {
    variables_["AZURE_STORAGE_ACCOUNT"] = "acct";
    variables_["AZURE_STORAGE_KEY"] = "a2V5";
    script_ = write_file("train.py", "print(1)");
  }

  static std::string run_workspace() { return "/resourceGroups/batchai/providers/Microsoft.BatchAI/workspaces/run"; }
  static std::string share_url(const std::string& share) {
    return "https://acct.file.core.windows.net/" + share + "?restype=share";
  }
  void on_cluster(const std::string& name, const HttpResponse& answer) {
    transport_->on("GET", url(run_workspace() + "/clusters/" + name), answer);
  }
  void on_experiment(const HttpResponse& answer) {
    transport_->on("GET", url(run_workspace() + "/experiments/run"), answer);
  }
  /// The account is all that there is.
  void on_nothing(const std::string& cluster = "nc6") {
    on_cluster(cluster, not_found(cluster));
    on_experiment(not_found("run"));
    transport_->on("HEAD",
                   "https://management.azure.com/subscriptions/sub/resourcegroups/batchai?api-version=2021-04-01",
                   empty_response(404));
    transport_->on("GET", share_url("run"), empty_response(404));
    on_job(not_found("job"));
  }
  void on_job(const HttpResponse& answer) {
    transport_->on("GET", url(run_workspace() + "/experiments/run/jobs/job"), answer);
  }
  /// All that a job needs.
  void on_place(const std::string& cluster = R"({"vmSize":"STANDARD_NC6"})") {
    on_cluster("nc6", json_response(200, R"({"name":"nc6","properties":)" + cluster + "}"));
    on_experiment(json_response(200, R"({"name":"run"})"));
    transport_->on("GET", share_url("run"), empty_response(200, {{"x-ms-share-quota", "5"}}));
  }
  template <class... Cluster>
  void on_all(const Cluster&... cluster) {
    on_place(cluster...);
    on_job(not_found("job"));
  }
  /// The job's folder, which has another name in each run, is `FOLDER` in what this gives.
  Outcome dry_run(const std::vector<std::string>& more) {
    std::vector<std::string> words{"run"};
    const auto rest = std::find(more.begin(), more.end(), "--");
    words.insert(words.end(), more.begin(), rest);
    words.insert(words.end(), {"-n", "job", "--dry-run"});
    words.insert(words.end(), rest, more.end());
    Outcome outcome = run(words);
    static const std::regex kFolder("job-[0-9]{8}-[0-9]{6}-[0-9a-f]{6}");
    outcome.out = std::regex_replace(outcome.out, kFolder, "FOLDER");
    return outcome;
  }
  /// The properties in the file of the job, of a run where everything is there.
  json properties(const std::vector<std::string>& more) {
    on_all();
    const Outcome outcome = dry_run(more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const std::size_t begin = outcome.out.find("<<'END'\n") + 8;
    const std::size_t end = outcome.out.find("\nEND\n", begin);
    return end == std::string::npos ? json() : json::parse(outcome.out.substr(begin, end - begin)).at("properties");
  }
  std::string command_line(const std::vector<std::string>& more) {
    return properties(more).value(json::json_pointer("/customToolkitSettings/commandLine"), "");
  }
  void expect_refused(const std::vector<std::string>& more, const std::string& message) {
    const Outcome outcome = dry_run(more);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr(message));
  }

  std::string script_;
};

TEST_F(Run, IsTheLongerCommands) {
  on_nothing();
  const Outcome outcome = dry_run({script_, "--", "--epochs", "3"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out,
            "batchai group create -n batchai -l eastus -o none\n"
            "batchai workspace create -g batchai -n run -o none\n"
            "batchai cluster create -g batchai -w run -n nc6 -s STANDARD_NC6 --min 0 --max 1 -u batchai "
            "--generate-ssh-keys -o none\n"
            "batchai experiment create -g batchai -w run -n run -o none\n"
            "batchai files share create run -o none\n"
            "batchai files upload " +
                script_ +
                " run/FOLDER/ -o none\n"
                "batchai job create -g batchai -w run -e run -n job -c nc6 -f - --stream -o none <<'END'\n"
                R"({
  "properties": {
    "nodeCount": 1,
    "customToolkitSettings": {
      "commandLine": "cd \"$AZ_BATCHAI_JOB_MOUNT_ROOT/run/FOLDER\" && python3 -u train.py --epochs 3"
    },
    "mountVolumes": {
      "azureFileShares": [
        {
          "accountName": "acct",
          "azureFileUrl": "https://acct.file.core.windows.net/run",
          "relativeMountPath": "run"
        }
      ]
    },
    "stdOutErrPathPrefix": "$AZ_BATCHAI_JOB_MOUNT_ROOT/run",
    "outputDirectories": [
      {
        "id": "MODEL",
        "pathPrefix": "$AZ_BATCHAI_JOB_MOUNT_ROOT/run"
      }
    ]
  }
}
END
batchai job file download -g batchai -w run -e run -j job -d MODEL --destination outputs/job -o none
)");
  EXPECT_EQ(outcome.err, "batchai: dry run: nothing was changed\n");
}

TEST_F(Run, MakesOnlyWhatIsMissing) {
  on_all();
  EXPECT_THAT(dry_run({script_}).out, ::testing::StartsWith("batchai files upload "));
}

TEST_F(Run, RefusesTheNameOfAJobThatIsThere) {
  on_place();
  on_job(json_response(200, R"({"name":"job"})"));
  const Outcome outcome = dry_run({script_});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "") << "nothing is uploaded";
  EXPECT_THAT(outcome.err, HasSubstr("a job with the same name already exists"));
}

TEST_F(Run, NamesJobsDifferentlyWithinASecond) {
  std::set<std::string> names;
  constexpr int kRuns = 100;
  for (int i = 0; i < kRuns; ++i) {
    on_place();
    const std::string out = run({"run", script_, "--dry-run"}).out;
    const std::size_t begin = out.find(" -n ") + 4;
    names.insert(out.substr(begin, out.find(' ', begin) - begin));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kRuns));
  EXPECT_THAT(*names.begin(), ::testing::MatchesRegex("train-[0-9]+-[0-9]+-[0-9a-f]+"));
}

TEST_F(Run, TakesItsPlaceFromTheSettings) {
  for (const auto& [name, value] : std::map<std::string, std::string>{{"GROUP", "g"},
                                                                      {"WORKSPACE", "w"},
                                                                      {"EXPERIMENT", "e"},
                                                                      {"CLUSTER", "c"},
                                                                      {"SHARE", "mine"},
                                                                      {"VM_SIZE", "Standard_D3"},
                                                                      {"MAX_NODES", "4"},
                                                                      {"LOCATION", "westus"},
                                                                      {"IMAGE", "debian:12"}}) {
    variables_["BATCHAI_DEFAULTS_" + name] = value;
  }
  transport_->on("GET", url(workspace_path() + "/clusters/c"), not_found("c"));
  transport_->on("GET", url(workspace_path() + "/experiments/e"), not_found("e"));
  transport_->on("HEAD", "https://management.azure.com/subscriptions/sub/resourcegroups/g?api-version=2021-04-01",
                 empty_response(404));
  transport_->on("GET", share_url("mine"), empty_response(404));
  transport_->on("GET", url(workspace_path() + "/experiments/e/jobs/job"), not_found("job"));
  const Outcome outcome = dry_run({script_});
  const std::string& out = outcome.out;
  EXPECT_THAT(out, HasSubstr("group create -n g -l westus ")) << outcome.err;
  EXPECT_THAT(out, HasSubstr("cluster create -g g -w w -n c -s Standard_D3 --min 0 --max 4 "));
  EXPECT_THAT(out, HasSubstr("share create mine "));
  EXPECT_THAT(out, HasSubstr(R"("image": "debian:12")"));
}

TEST_F(Run, NamesClustersAfterTheirSize) {
  on_nothing("nc24rs_v3");
  const std::string out = dry_run({script_, "-s", "Standard_NC24rs_v3", "--nodes", "3"}).out;
  EXPECT_THAT(out, HasSubstr("-n nc24rs_v3 -s Standard_NC24rs_v3 --min 0 --max 3 "));
  EXPECT_THAT(out, HasSubstr(" -c nc24rs_v3 "));
}

TEST_F(Run, LetsItsClusterGrow) {
  const char* scale =
      R"({"vmSize":"STANDARD_NC6","scaleSettings":{"autoScale":{"minimumNodeCount":0,"maximumNodeCount":1}}})";
  on_all(scale);
  EXPECT_THAT(dry_run({script_, "--nodes", "3"}).out,
              HasSubstr("batchai cluster auto-scale -g batchai -w run -n nc6 --min 0 --max 3 -o none\n"));
  on_all(scale);
  EXPECT_THAT(dry_run({script_, "--nodes", "3", "-c", "nc6"}).out, Not(HasSubstr("auto-scale"))) << "not a named one";
  on_all(scale);
  variables_["BATCHAI_DEFAULTS_CLUSTER"] = "nc6";
  EXPECT_THAT(dry_run({script_, "--nodes", "3"}).out, Not(HasSubstr("auto-scale"))) << "nor one of the settings";
}

/// Another run has the lock for letting the cluster grow, and does not go on.
class RunBesideAStoppedOne : public Run {
 protected:
  RunBesideAStoppedOne() {
    on_place(R"({"vmSize":"STANDARD_NC6","scaleSettings":{"autoScale":{"minimumNodeCount":0,"maximumNodeCount":1}}})");
  }
  Outcome run_of_three_nodes(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"run", "--nodes", "3", "-n", "job"};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"--", "true"});
    return run(words);
  }

  const PrivateFileLock lock_of_the_other_{folder_ / "config" / "clusters"};
};

TEST_F(RunBesideAStoppedOne, GivesUpAfterTheTimeout) {
  on_job(not_found("job"));
  const Outcome outcome = run_of_three_nodes({"--timeout", "2"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("gave up after 2 s (--timeout)"));
}

TEST_F(RunBesideAStoppedOne, EndsWithCtrlC) {
  CancellationSource source;
  interruption_ = source.token();
  transport_->on_call("GET", url(run_workspace() + "/experiments/run/jobs/job"),
                      [&](const HttpRequest&, const CallContext&) {
                        source.cancel();
                        return not_found("job");
                      });
  const Outcome outcome = run_of_three_nodes();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_THAT(outcome.err, HasSubstr("interrupted before the job was submitted"));
}

TEST_F(RunBesideAStoppedOne, DoesNotWaitForItForEver) {
  on_job(not_found("job"));
  on_cluster("nc6", json_response(403, R"({"error":{"code":"Denied","message":"looked at again"}})"));
  const Outcome outcome = run_of_three_nodes();
  EXPECT_THAT(outcome.err, HasSubstr("looked at again"));
}

TEST_F(Run, RefusesAnotherSizeThanTheClusterHas) {
  on_cluster("nc6", json_response(200, R"({"name":"nc6","properties":{"vmSize":"STANDARD_D2"}})"));
  on_experiment(json_response(200, R"({"name":"run"})"));
  expect_refused({script_, "-s", "STANDARD_NC6"}, "is there already, with nodes of STANDARD_D2");
}

TEST_F(Run, RunsScriptsByWhatTheyAreWrittenFor) {
  EXPECT_THAT(command_line({write_file("a b.sh", ""), "--", "it's"}),
              ::testing::EndsWith(R"(bash 'a b.sh' 'it'\''s')"));
  EXPECT_THAT(command_line({write_file("-lead.py", ""), "--", "-x"}), ::testing::EndsWith("python3 -u ./-lead.py -x"));
  EXPECT_EQ(command_line({"--", "echo", "$AZ_BATCHAI_NUM_GPUS", "$HOME"}), R"(echo "$AZ_BATCHAI_NUM_GPUS" '$HOME')");
  expect_refused({write_file("a.R", "")}, "neither a .py nor a .sh file");
}

TEST_F(Run, RunsCommandsInFolders) {
  write_file("src/main.py", "");
  write_file("src/.batchaiignore", "data/");
  const std::string folder = (folder_ / "src").string();
  EXPECT_THAT(command_line({folder, "--", "make", "-j2"}), ::testing::EndsWith("&& make -j2"));
  EXPECT_THAT(command_line({folder, "--", "main.py", "-x"}), ::testing::EndsWith("&& python3 -u main.py -x"));
  on_all();
  EXPECT_THAT(
      dry_run({folder, "--", "true"}).out,
      HasSubstr("batchai files upload -r " + folder + "/ run/FOLDER --ignore .git --ignore /outputs/ --ignore-file " +
                folder + "/.batchaiignore -o none\n"));
  expect_refused({folder}, "what is to be run in '" + folder + "' is not said");
}

TEST_F(Run, LeavesOutWhereItsOutputsGo) {
  write_file("src/main.py", "");
  const std::string folder = (folder_ / "src").string();
  const auto upload = [&](const std::string& destination) {
    on_all();
    const std::string out = dry_run({folder, "--destination", destination, "--", "true"}).out;
    const std::size_t begin = out.find("run/FOLDER ") + 11;
    return out.substr(begin, out.find(" -o ", begin) - begin);
  };
  const std::string always = "--ignore .git --ignore /outputs/";
  EXPECT_EQ(upload(folder + "/a/b*c/"), always + " --ignore '/a/b\\*c/'");
  EXPECT_EQ(upload(folder + "/.out"), always + " --ignore /.out/");
  EXPECT_EQ(upload(folder + "/outputs"), always);
  EXPECT_EQ(upload(folder), always);
  EXPECT_EQ(upload(folder + "/../elsewhere"), always);
}

TEST_F(Run, RefusesWhatIsNotThere) {
  expect_refused({}, "nothing to run");
  expect_refused({"nowhere.py"}, "there is no file 'nowhere.py'");
}

TEST_F(Run, WordsOfTheScriptBelongBehindTheDashes) {
  const Outcome outcome = run({"run", script_, "--epochs", "3"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("unknown option '--epochs' (what is not this program's own goes behind --)"));
  EXPECT_THAT(command_line({script_, "--", "--help", "--", "-o", "[x]"}),
              ::testing::EndsWith("train.py --help -- -o '[x]'"));
}

TEST_F(Run, GlobalOptionsMayStandInFront) {
  on_all();
  const Outcome outcome = run({"--dry-run", "run", script_, "-n", "job", "--", "--x"});
  EXPECT_THAT(outcome.out, HasSubstr("train.py --x\"")) << outcome.err;
}

TEST_F(Run, TakesInputsOutputsAndVariables) {
  const json job = properties({script_, "--input", "run/set", "--input", "TEST=other/a/b", "--output-id", "A",
                               "--output-id", "B", "--env", "LR=a=b", "--prepare", "pip install x"});
  EXPECT_EQ(job.at("inputDirectories"), json::parse(R"([{"id":"DATA","path":"$AZ_BATCHAI_JOB_MOUNT_ROOT/run/set"},
                                                        {"id":"TEST","path":"$AZ_BATCHAI_JOB_MOUNT_ROOT/other/a/b"}])"));
  EXPECT_EQ(job.at("mountVolumes").at("azureFileShares").size(), 2U) << "each share once";
  EXPECT_EQ(job.at("outputDirectories").size(), 2U);
  EXPECT_EQ(job.at("environmentVariables"), json::parse(R"([{"name":"LR","value":"a=b"}])"));
  EXPECT_EQ(job.at("jobPreparation").at("commandLine"),
            "cd \"$AZ_BATCHAI_JOB_MOUNT_ROOT/run/FOLDER\" && pip install x");
  expect_refused({script_, "--env", "X"}, "'X' is not NAME=VALUE");
  expect_refused({script_, "--input", "a", "--input", "b"}, "two inputs are called DATA");
}

TEST_F(Run, PathsOfInputsMayHoldEqualsSigns) {
  EXPECT_EQ(properties({script_, "--input", "data/year=2018/x"}).at("inputDirectories"),
            json::parse(R"([{"id":"DATA","path":"$AZ_BATCHAI_JOB_MOUNT_ROOT/data/year=2018/x"}])"));
}

TEST_F(Run, OfAVariableThatIsGivenTwiceTheLastValueCounts) {
  EXPECT_EQ(properties({script_, "--env", "A=1", "--env", "B=2", "--env", "A=3"}).at("environmentVariables"),
            json::parse(R"([{"name":"A","value":"3"},{"name":"B","value":"2"}])"));
}

TEST_F(Run, RefusesWhatTheServiceWouldRefuseBeforeItAsksForAnything) {
  for (const auto& [option, value, message] : std::vector<std::array<std::string, 3>>{
           {"-g", "a b", "resource group name 'a b' is not allowed"},
           {"-e", "a b", "experiment name 'a b' is not allowed"},
           {"-c", "a b", "cluster name 'a b' is not allowed"},
           {"--output-id", "A B", "--output-id: 'A B' is not allowed: an id has letters, digits and _"},
           {"--output-id", "stdouterr", "'stdouterr' is the id of the job's logs"},
           {"--input", "A B=share", "--input: 'A B' is not allowed"},
           {"--env", "1A=x", "--env: '1A' is not allowed"},
           {"--env", "A=\xff", "is not UTF-8"},
           {"--prepare", "\xff", "is not UTF-8"},
           {"--image", "\xff", "is not UTF-8"},
           {"--destination", script_, "--destination: '" + script_ + "' is not a folder"},
           {"--destination", script_ + "/below", "--destination: '" + script_ + "' is not a folder"}}) {
    SCOPED_TRACE(option + " " + value);
    expect_refused({script_, option, value}, message);
  }
  expect_refused({script_, "--output-id", "A", "--output-id", "A"}, "--output-id: A is given twice");
  const Outcome named = run({"run", script_, "-n", "a b"});
  EXPECT_EQ(named.exit_code, 2);
  EXPECT_THAT(named.err, HasSubstr("job name 'a b' is not allowed"));
}

TEST_F(Run, TakesAClusterOfAnotherWorkspaceByItsId) {
  const std::string cluster = workspace_path() + "/clusters/c";
  transport_->on("GET", url(cluster), json_response(200, R"({"name":"c","properties":{"vmSize":"STANDARD_D2"}})"));
  on_experiment(json_response(200, R"({"name":"run"})"));
  transport_->on("GET", share_url("run"), empty_response(200, {{"x-ms-share-quota", "5"}}));
  on_job(not_found("job"));
  const Outcome outcome = dry_run({script_, "-c", id(cluster)});
  EXPECT_THAT(outcome.out, HasSubstr(" -n job -c " + id(cluster) + " -f - ")) << outcome.err;

  transport_->on("GET", url(cluster), not_found("c"));
  EXPECT_EQ(dry_run({script_, "-c", id(cluster)}).exit_code, 3) << "none is made by its id";
}

TEST_F(Run, SeveralOutputsHaveFoldersOfTheirOwn) {
  on_all();
  const std::string out = dry_run({script_, "--output-id", "A", "--output-id", "B", "--destination", "there"}).out;
  EXPECT_THAT(out, HasSubstr("-d A --destination there/A "));
  EXPECT_THAT(out, HasSubstr("-d B --destination there/B "));
}

TEST_F(Run, StartsToolkits) {
  const std::string path = "$AZ_BATCHAI_JOB_MOUNT_ROOT/run/FOLDER/train.py";
  EXPECT_EQ(properties({script_, "--pytorch", "--nodes", "2", "--", "--x"}).at("pyTorchSettings"),
            (json{{"pythonScriptFilePath", path}, {"communicationBackend", "Gloo"}, {"commandLineArgs", "--x"}}));
  EXPECT_EQ(properties({script_, "--horovod", "--processes", "4"}).at("horovodSettings"),
            (json{{"pythonScriptFilePath", path}, {"processCount", 4}}));
  EXPECT_EQ(properties({script_, "--mpi", "--processes", "4"}).at("customMpiSettings"),
            (json{{"commandLine", "cd \"$AZ_BATCHAI_JOB_MOUNT_ROOT/run/FOLDER\" && python3 -u train.py"},
                  {"processCount", 4}}));
  EXPECT_EQ(properties({script_, "--tensorflow", "--nodes", "2", "--", "-x"}).at("tensorFlowSettings"),
            (json{{"pythonScriptFilePath", path},
                  {"masterCommandLineArgs", "-x"},
                  {"workerCommandLineArgs", "-x"},
                  {"parameterServerCommandLineArgs", "-x"}}));
  EXPECT_EQ(properties({script_, "--cntk"}).at("cntkSettings").at("languageType"), "Python");
  expect_refused({script_, "--mpi", "--pytorch"}, "--mpi and --pytorch name two toolkits");
  expect_refused({script_, "--processes", "2"}, "--processes needs a toolkit");
  expect_refused({"--pytorch", "--", "true"}, "--pytorch runs a Python script");
  expect_refused({script_, "--nodes", "0"}, "0 is not a number of nodes");
}

}  // namespace
}  // namespace batchai::cli::test
