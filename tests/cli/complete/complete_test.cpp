#include "cli/cli_fixture.hpp"
#include "cli/complete/completer.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kManagement = "https://management.azure.com/subscriptions/sub";

class Complete : public CliTest {
 protected:
  /// The candidates; what paths are wanted is left in `paths_`.
  std::vector<std::string> complete(const std::vector<std::string>& words) {
    std::vector<std::string> all{"__complete"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = run(all);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.err, "");
    std::istringstream lines(outcome.out);
    std::getline(lines, paths_);
    std::vector<std::string> candidates;
    for (std::string line; std::getline(lines, line);) {
      candidates.push_back(line.substr(0, line.find('\t')));
    }
    return candidates;
  }

  /// A page with two resources.
  static HttpResponse two(const std::string& first, const std::string& second) {
    return json_response(200, R"({"value":[{"name":")" + first + R"("},{"name":")" + second + R"("}]})");
  }

  std::string paths_;
  const std::vector<std::string> job_{"job", "show", "-g", "g", "-w", "w", "-e", "e", "-n"};
};

TEST_F(Complete, Groups) {
  EXPECT_THAT(complete({"c"}), ElementsAre("configure", "cluster", "completion"));
  EXPECT_THAT(complete({""}), Contains("job"));
  EXPECT_THAT(complete({}), Contains("job"));
  EXPECT_THAT(complete({"__"}), IsEmpty());
}

TEST_F(Complete, CommandsWordByWord) {
  EXPECT_THAT(complete({"job", "f"}), ElementsAre("file"));
  EXPECT_THAT(complete({"job", "file", ""}), ElementsAre("list", "stream", "download"));
  EXPECT_THAT(complete({"nonsense", ""}), IsEmpty());
  EXPECT_THAT(complete({"job", "nonsense", ""}), IsEmpty());
}

TEST_F(Complete, OptionsThatAreNotGivenYet) {
  EXPECT_THAT(complete({"job", "file", "list", "--e"}), ElementsAre("--experiment", "--expiry"));
  EXPECT_THAT(complete({"job", "file", "list", "-e", "x", "--e"}), ElementsAre("--expiry"));
  EXPECT_THAT(complete({"job", "list", "-"}), Contains("-w"));
  EXPECT_THAT(complete({"job", "list", ""}),
              ElementsAre("--resource-group", "--workspace", "--experiment", "--all", "--cluster", "--state", "--since",
                          "--top", "--watch", "--interval"));
  EXPECT_THAT(complete({"cluster", "node", "exec", "-L", "1:h:1", "--add"}), ElementsAre("--address"));
  EXPECT_THAT(complete({"--out"}), ElementsAre("--output"));
}

TEST_F(Complete, Choices) {
  EXPECT_THAT(complete({"group", "list", "-o", "y"}), ElementsAre("yaml", "yamlc"));
  EXPECT_THAT(complete({"group", "list", "--output=t"}), ElementsAre("--output=table", "--output=tsv"));
  EXPECT_THAT(complete({"job", "list", "--state", "running,q"}), ElementsAre("running,queued"));
  EXPECT_THAT(complete({"job", "list", "--state=queued,f"}), ElementsAre("--state=queued,failed"));
  EXPECT_THAT(complete({"cluster", "create", "--vm-priority", ""}), ElementsAre("dedicated", "lowpriority"));
  EXPECT_THAT(complete({"-o", "js"}), ElementsAre("json", "jsonc"));
}

TEST_F(Complete, PathsAreLeftToTheShell) {
  EXPECT_THAT(complete({"job", "create", "-f", ""}), IsEmpty());
  EXPECT_EQ(paths_, "files");
  complete({"cluster", "create", "-k", ""});
  EXPECT_EQ(paths_, "files");
  complete({"job", "file", "download", "--destination", ""});
  EXPECT_EQ(paths_, "folders");
  complete({"job", "file", "stream", "-f", ""});
  EXPECT_EQ(paths_, "none") << "that file is not here";
}

TEST_F(Complete, JobsOfTheExperimentOnTheLine) {
  transport_->on("GET", url(workspace_path() + "/experiments/e/jobs"), two("train", "test"));
  auto words = job_;
  words.emplace_back("tr");
  EXPECT_THAT(complete(words), ElementsAre("train"));
}

TEST_F(Complete, OptionsMayBeWrittenInAnyForm) {
  transport_->on("GET", url(workspace_path() + "/experiments/e/jobs"), two("train", "test"));
  EXPECT_THAT(complete({"job", "delete", "-yg", "g", "--workspace=w", "-ee", "--name="}),
              ElementsAre("--name=train", "--name=test"));
}

TEST_F(Complete, DefaultsStandForWhatIsNotTyped) {
  variables_["BATCHAI_DEFAULTS_GROUP"] = "g";
  write_file("config/profiles/mine.ini", "[defaults]\nworkspace = w\n");
  transport_->on("GET", url(workspace_path() + "/clusters"), two("nc6", "nc12"));
  EXPECT_THAT(complete({"job", "create", "--profile", "mine", "-c", ""}), ElementsAre("nc6", "nc12"));
}

TEST_F(Complete, DefaultsAndTheirValues) {
  EXPECT_THAT(complete({"configure", "--defaults", ""}), Contains("workspace="));
  EXPECT_THAT(complete({"configure", "--defaults", "group=g", "c"}), ElementsAre("cluster="));
  EXPECT_THAT(complete({"configure", "--defaults", "output=y"}), ElementsAre("output=yaml", "output=yamlc"));
  transport_->on("GET", std::string(kManagement) + "/resourcegroups?api-version=2021-04-01", two("g", "other"));
  EXPECT_THAT(complete({"configure", "--defaults", "group="}), ElementsAre("group=g", "group=other"));
  transport_->on("GET", url(workspace_path() + "/clusters"), two("nc6", "nc12"));
  EXPECT_THAT(complete({"configure", "--defaults", "group=g", "workspace=w", "cluster="}),
              ElementsAre("cluster=nc6", "cluster=nc12"));
}

TEST_F(Complete, RunsInItsOwnPlace) {
  complete({"run", ""});
  EXPECT_EQ(paths_, "files");
  EXPECT_THAT(complete({"run", "--py"}), ElementsAre("--pytorch"));
  transport_->on("GET", url("/resourceGroups/batchai/providers/Microsoft.BatchAI/workspaces/run/clusters"),
                 two("nc6", "nc12"));
  EXPECT_THAT(complete({"run", "x.py", "-c", ""}), ElementsAre("nc6", "nc12"));
  EXPECT_THAT(complete({"run", "x.py", "--", "--py"}), IsEmpty()) << "those are the script's";
}

TEST_F(Complete, NamesOfEveryKind) {
  transport_->on("GET", std::string(kManagement) + "/resourcegroups?api-version=2021-04-01", two("g", "other"));
  EXPECT_THAT(complete({"group", "show", "-n", ""}), ElementsAre("g", "other"));
  transport_->on("GET", url("/resourceGroups/g/providers/Microsoft.BatchAI/workspaces"), two("w", "v"));
  EXPECT_THAT(complete({"workspace", "show", "-g", "g", "-n", ""}), ElementsAre("w", "v"));
  transport_->on("GET", url("/providers/Microsoft.BatchAI/workspaces"), two("w", "v"));
  EXPECT_THAT(complete({"job", "list", "-w", ""}), ElementsAre("w", "v"));
  transport_->on("GET", url(workspace_path() + "/experiments"), two("e", "f"));
  EXPECT_THAT(complete({"job", "list", "-g", "g", "-w", "w", "-e", ""}), ElementsAre("e", "f"));
  transport_->on("GET", url(workspace_path() + "/fileServers"), two("nfs", "other"));
  EXPECT_THAT(complete({"cluster", "create", "-g", "g", "-w", "w", "--nfs", "n"}), ElementsAre("nfs"));
}

TEST_F(Complete, SharesAndPlacesInThem) {
  variables_["AZURE_STORAGE_ACCOUNT"] = "acct";
  variables_["AZURE_STORAGE_KEY"] = "a2V5";
  for (int i = 0; i < 3; ++i) {
    transport_->on("GET", "https://acct.file.core.windows.net/?comp=list",
                   {.status = 200,
                    .body = "<EnumerationResults><Shares><Share><Name>share</Name><Properties/></Share></Shares>"
                            "</EnumerationResults>"});
  }
  EXPECT_THAT(complete({"files", "share", "show", "-n", ""}), ElementsAre("share"));
  EXPECT_THAT(complete({"files", "list", "sh"}), ElementsAre("share/"));
  EXPECT_THAT(complete({"files", "upload", "a.txt", ""}), ElementsAre("share/"));
  EXPECT_EQ(paths_, "files");
}

TEST_F(Complete, ProfilesWithoutTheNetwork) {
  write_file("config/profiles/local.ini", "[profile]\n");
  EXPECT_THAT(complete({"account", "show", "--profile", ""}), ElementsAre("local"));
  EXPECT_THAT(complete({"account", "set", "-n", "l"}), ElementsAre("local"));
}

TEST_F(Complete, AsksNothingForANewName) {
  EXPECT_THAT(complete({"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", ""}), IsEmpty());
  EXPECT_THAT(complete({"job", "show", "-n", ""}), IsEmpty()) << "and nothing where it is not said where";
  EXPECT_THAT(transport_->requests(), IsEmpty());
}

TEST_F(Complete, FailuresAreSilent) {
  auto words = job_;
  words.emplace_back("");
  transport_->on("GET", url(workspace_path() + "/experiments/e/jobs"), not_found("The workspace"));
  EXPECT_THAT(complete(words), IsEmpty());
  variables_.erase("BATCHAI_ACCESS_TOKEN");
  EXPECT_THAT(complete(words), IsEmpty()) << "nobody is signed in";
  write_file("config/profiles/broken.ini", "nonsense\n");
  words.insert(words.begin() + 2, {"--profile", "broken"});
  EXPECT_THAT(complete(words), IsEmpty());
}

TEST_F(Complete, NobodyWaitsLongerThanTwoSeconds) {
  transport_->on_call("GET", url(workspace_path() + "/experiments/e/jobs"),
                      [&](const HttpRequest&, const CallContext& context) {
                        EXPECT_EQ(context.deadline, clock_->steady_now() + std::chrono::seconds(2));
                        return json_response(503, "{}", {{"Retry-After", "30"}});
                      });
  auto words = job_;
  words.emplace_back("");
  EXPECT_THAT(complete(words), IsEmpty());
}

TEST_F(Complete, NamesThatAreNoLinesAreLeftOut) {
  transport_->on("GET", url(workspace_path() + "/experiments/e/jobs"), two("a\\nfiles", "ok"));
  auto words = job_;
  words.emplace_back("");
  EXPECT_THAT(complete(words), ElementsAre("ok"));
}

TEST_F(Complete, NamesThatSteerATerminalAreLeftOut) {
  transport_->on("GET", url(workspace_path() + "/experiments/e/jobs"), two("a\u009b2J\u202eb", "ok"));
  auto words = job_;
  words.emplace_back("");
  EXPECT_THAT(complete(words), ElementsAre("ok"));
}

TEST_F(Complete, ScriptsArePrintedWithoutAnyConfiguration) {
  variables_.clear();
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Outcome outcome = run({"completion", shell});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, ::testing::HasSubstr("__complete"));
    EXPECT_THAT(outcome.out, ::testing::HasSubstr(std::string("for ") + shell));
  }
}

}  // namespace
}  // namespace batchai::cli::test
