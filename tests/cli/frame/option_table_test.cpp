#include "cli/cli_fixture.hpp"
#include "cli/frame/az_options.hpp"
#include "cli/frame/parse.hpp"

#include <algorithm>

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string value_for(const OptionSpec& option) {
  if (!option.choices.empty()) {
    return std::string(option.choices.front());
  }
  return option.kind == OptionKind::Integer ? "7" : "value";
}

/// The words that give the option by one of its names, which the command has to take for that option and nothing else.
void expect_taken(const Selection& selection, const OptionSpec& option, const std::string& name) {
  std::vector<std::string> words{name};
  if (option.kind != OptionKind::Flag) {
    words.push_back(value_for(option));
  }
  const Arguments arguments = parse_arguments(selection.command->options, selection.path, words);
  EXPECT_TRUE(arguments.given(option.name)) << selection.path << " " << name;
  if (option.kind != OptionKind::Flag) {
    EXPECT_EQ(arguments.get(option.name), value_for(option)) << selection.path << " " << name;
  }
}

TEST(OptionTable, IsThatOfAz) {
  for (const CommandRow& row : az_commands()) {
    const Selection selection = select_command(command_tree(), global_options(), words_of(row.command));
    ASSERT_NE(selection.command, nullptr) << row.command;
    const std::vector<OptionSpec>& options = selection.command->options;
    for (const OptionRow& expected : row.options) {
      const std::string what = row.command + " --" + expected.name;
      const auto option =
          std::find_if(options.begin(), options.end(), [&](const OptionSpec& o) { return o.name == expected.name; });
      ASSERT_NE(option, options.end()) << what;
      EXPECT_EQ(option->short_name, expected.short_name) << what;
      // A list that is of more than az's needs fewer names.
      const bool may_be_wider = row.command == "job list" || row.command == "cluster list";
      EXPECT_EQ(option->required, expected.required && !may_be_wider) << what;
      EXPECT_EQ(option->default_value, expected.default_value) << what;
      expect_taken(selection, *option, "--" + expected.name);
      if (expected.short_name != '\0') {
        expect_taken(selection, *option, std::string("-") + expected.short_name);
      }
    }
  }
}

TEST(OptionTable, IdsStandOnlyWhereAzHasThem) {
  for (const CommandRow& row : az_commands()) {
    const Selection selection = select_command(command_tree(), global_options(), words_of(row.command));
    ASSERT_NE(selection.command, nullptr) << row.command;
    const bool wanted = std::any_of(row.options.begin(), row.options.end(), [](auto& o) { return o.name == "ids"; });
    const auto& options = selection.command->options;
    EXPECT_EQ(std::any_of(options.begin(), options.end(), [](auto& option) { return option.name == "ids"; }), wanted)
        << row.command;
  }
}

TEST(OptionTable, GlobalOptionsAreTakenByEveryCommand) {
  const std::vector<std::string> expected =
      words_of("output,o subscription verbose debug only-show-errors help,h raw profile no-color timeout dry-run");
  for (const std::string& text : expected) {
    const OptionRow row = read_option_row(text);
    const auto option = std::find_if(global_options().begin(), global_options().end(),
                                     [&](const OptionSpec& o) { return o.name == row.name; });
    ASSERT_NE(option, global_options().end()) << row.name;
    EXPECT_EQ(option->short_name, row.short_name) << row.name;
    EXPECT_EQ(option->default_value, row.default_value) << row.name;
  }
}

class OptionEffect : public CliTest {
 protected:
  OptionEffect() {
    variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
    variables_["AZURE_BATCHAI_STORAGE_KEY"] = "a2V5";
  }

  const std::string job_ = workspace_path() + "/experiments/e/jobs/j";
  const std::string cluster_ = workspace_path() + "/clusters/c";
  const std::vector<std::string> list_files_{"job", "file", "list", "-g", "g", "-w", "w", "-e", "e", "-j", "j"};

  Outcome list_files(const std::vector<std::string>& more, const std::string& query) {
    transport_->on("POST", url(job_ + "/listOutputFiles") + query,
                   json_response(200, R"({"value":[{"name":"a","fileType":"file"}]})"));
    std::vector<std::string> words = list_files_;
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  /// The end of the first file's URL.
  std::string expiry_of_listed_files(const std::vector<std::string>& more) {
    transport_->on("GET", url(cluster_), json_response(200, R"({"name":"c","properties":{"nodeSetup":{
        "setupTask":{"commandLine":"x","stdOutErrPathPrefix":"$AZ_BATCHAI_MOUNT_ROOT/afs","stdOutErrPathSuffix":"s"},
        "mountVolumes":{"azureFileShares":[{"accountName":"acct","relativeMountPath":"afs",
          "azureFileUrl":"https://acct.file.core.windows.net/share"}]}}}})"));
    transport_->on_below("GET", "https://acct.file.core.windows.net/share/s",
                         {.status = 200,
                          .body = "<EnumerationResults><Entries><File><Name>a</Name><Properties><Content-Length>1"
                                  "</Content-Length></Properties></File></Entries></EnumerationResults>"});
    std::vector<std::string> words{"cluster", "file", "list", "-g", "g", "-w", "w", "-c", "c"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    listed_from_ = transport_->last_request().url.to_string();
    const std::string link = nlohmann::json::parse(outcome.out).at(0).at("download_url");
    const std::size_t begin = link.find("se=") + 3;
    return link.substr(begin, link.find('&', begin) - begin);
  }

  std::string listed_from_;
};

TEST_F(OptionEffect, FilesOfAJobAreThoseItPrintedWithUrlsForAnHour) {
  EXPECT_EQ(list_files({}, "&outputdirectoryid=stdouterr&linkexpiryinminutes=60").exit_code, 0);
  EXPECT_EQ(list_files({"-d", "MODEL", "-p", "deep/er", "--expiry", "5"},
                       "&outputdirectoryid=MODEL&directory=deep%2Fer&linkexpiryinminutes=5")
                .exit_code,
            0);
}

TEST_F(OptionEffect, FilesOfAClusterAreAllOfThemWithUrlsForAnHour) {
  const std::string hour = expiry_of_listed_files({});
  EXPECT_THAT(listed_from_, HasSubstr("/share/s?"));
  clock_->advance(std::chrono::minutes(50));
  EXPECT_EQ(expiry_of_listed_files({"--expiry", "10", "-p", "logs"}), hour);
  EXPECT_THAT(listed_from_, HasSubstr("/share/s/logs?"));
}

TEST_F(OptionEffect, AnIntervalIsKept) {
  const auto state = [](const char* name) {
    return json_response(200, std::string(R"({"name":"j","properties":{"executionState":")") + name +
                                  R"(","creationTime":"2018-06-07T21:16:00Z"}})");
  };
  transport_->on("GET", url(job_), state("queued"));
  transport_->on("GET", url(job_), state("running"));
  transport_->on("GET", url(job_), state("succeeded"));
  EXPECT_EQ(run({"job", "wait", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "--interval", "7"}).exit_code, 0);
  EXPECT_THAT(clock_->sleeps(), ElementsAre(std::chrono::seconds(7), std::chrono::seconds(7)));
}

TEST_F(OptionEffect, ASubscriptionOnTheCommandLineIsTheOneAsked) {
  transport_->on("GET", "https://management.azure.com/subscriptions/other/resourcegroups?api-version=2021-04-01",
                 json_response(200, R"({"value":[]})"));
  EXPECT_EQ(run({"group", "list", "--subscription", "other"}).exit_code, 0);
}

TEST_F(OptionEffect, NoWaitReturnsWhileTheServiceIsAtWork) {
  for (const auto& [group, path, where] : std::vector<std::tuple<std::string, std::string, std::vector<std::string>>>{
           {"cluster", cluster_, {"-w", "w", "-n", "c"}},
           {"experiment", workspace_path() + "/experiments/e", {"-w", "w", "-n", "e"}},
           {"job", job_, {"-w", "w", "-e", "e", "-n", "j"}},
           {"workspace", workspace_path(), {"-n", "w"}}}) {
    transport_->on("DELETE", url(path),
                   batchai::test::empty_response(202, {{"Location", "https://management.azure.com/operation"}}));
    std::vector<std::string> words{group, "delete", "-y", "--no-wait", "-g", "g"};
    words.insert(words.end(), where.begin(), where.end());
    EXPECT_EQ(run(words).exit_code, 0) << group;
  }
}

}  // namespace
}  // namespace batchai::cli::test
