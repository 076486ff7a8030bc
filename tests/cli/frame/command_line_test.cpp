#include "cli/cli_fixture.hpp"
#include "cli/frame/suggest.hpp"

namespace batchai::cli::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using CommandLine = CliTest;

TEST_F(CommandLine, UnknownGroupGetsASuggestion) {
  expect_error({"clutser", "list"}, 2,
               "batchai: error: unknown command 'clutser'; did you mean 'cluster'?"
               " (see 'batchai --help')");
}

TEST_F(CommandLine, UnknownSubcommandGetsASuggestion) {
  expect_error({"cluster", "lst"}, 2,
               "batchai: error: unknown command 'cluster lst'; did you mean 'list'?"
               " (see 'batchai cluster --help')");
  expect_error({"job", "file", "steram"}, 2,
               "batchai: error: unknown command 'job file steram'; did you mean 'stream'?"
               " (see 'batchai job --help')");
}

TEST_F(CommandLine, WordsOfOtherProgramsAreTranslated) {
  expect_error({"files", "ls", "share"}, 2,
               "batchai: error: unknown command 'files ls'; did you mean 'list'? (see 'batchai files --help')");
  expect_error({"files", "rm", "share"}, 2,
               "batchai: error: unknown command 'files rm'; did you mean 'delete'? (see 'batchai files --help')");
  expect_error({"job", "cancel"}, 2,
               "batchai: error: unknown command 'job cancel'; did you mean 'terminate'? (see 'batchai job --help')");
}

TEST_F(CommandLine, HelpIsACommandToo) {
  EXPECT_EQ(run({"help"}).out, run({"--help"}).out);
  EXPECT_EQ(run({"help", "files", "upload"}).out, run({"files", "upload", "--help"}).out);
  EXPECT_EQ(run({"help", "files", "upload"}).exit_code, 0);
}

TEST_F(CommandLine, AGroupAloneNamesItsCommands) {
  expect_error({"job", "file"}, 2,
               "batchai: error: 'job file' needs a command: list, stream, download"
               " (see 'batchai job file --help')");
}

TEST_F(CommandLine, UnknownOptionGetsASuggestion) {
  expect_error({"cluster", "list", "--workspcae", "w"}, 2,
               "batchai: error: unknown option '--workspcae'; did you mean '--workspace'?"
               " (see 'batchai cluster list --help')");
}

TEST_F(CommandLine, MissingOptionsAreNamedTogether) {
  expect_error({"cluster", "show", "-g", "g"}, 2,
               "batchai: error: missing: -w/--workspace, -n/--name"
               " (see 'batchai cluster show --help')");
}

TEST_F(CommandLine, AnOptionWithoutValueIsNamed) {
  expect_error({"cluster", "list", "-g"}, 2,
               "batchai: error: option --resource-group needs a value"
               " (see 'batchai cluster list --help')");
}

TEST_F(CommandLine, AnExtraWordIsRefused) {
  expect_error({"group", "list", "extra"}, 2,
               "batchai: error: unexpected argument 'extra' (see 'batchai group list --help')");
}

TEST_F(CommandLine, ChoicesAndIntegersAreChecked) {
  expect_error({"group", "list", "-o", "xml"}, 2,
               "batchai: error: -o/--output: 'xml' is not one of json, jsonc, yaml, yamlc, table, wide, tsv, none");
  expect_error({"cluster", "resize", "-g", "g", "-w", "w", "-n", "c", "-t", "many"}, 2,
               "batchai: error: -t/--target: 'many' is not an integer");
  expect_error({"cluster", "resize", "-g", "g", "-w", "w", "-n", "c", "-t", "99999999999"}, 2,
               "batchai: error: -t/--target: '99999999999' is out of range");
  expect_error({"group", "list", "--timeout", "0"}, 2,
               "batchai: error: --timeout: 0 is not a number of seconds above 0");
}

TEST_F(CommandLine, VersionNeedsNoConfiguration) {
  variables_.clear();
  const Outcome outcome = run({"version"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("\"batchai\": \"0."));
  EXPECT_EQ(outcome.err, "");
}

TEST_F(CommandLine, HelpGoesToStandardOutput) {
  const Outcome all = run({"--help"});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_THAT(all.out, HasSubstr("Exit codes"));
  const Outcome group = run({"cluster", "--help"});
  EXPECT_THAT(group.out, HasSubstr("resize"));
  const Outcome command = run({"cluster", "create", "-h"});
  EXPECT_THAT(command.out, HasSubstr("-g, --resource-group GROUP"));
  EXPECT_THAT(command.out, HasSubstr("BATCHAI_DEFAULTS_GROUP"));
  EXPECT_EQ(command.err, "");
}

TEST_F(CommandLine, HelpOfEveryCommandCanBeMade) {
  width_ = 200;  // no summary is broken
  for (const CommandGroup& group : command_tree()) {
    for (const CommandSpec& command : group.commands()) {
      std::vector<std::string> words{std::string(group.name)};
      std::istringstream name{std::string(command.name)};
      for (std::string word; name >> word;) {
        words.push_back(word);
      }
      words.emplace_back("--help");
      const Outcome outcome = run(words);
      EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
      EXPECT_THAT(outcome.out, HasSubstr(std::string(command.summary.substr(0, 150))));
      // Parsing must take every description: a name declared twice would be refused.
      words.back() = "--no-such-option";
      EXPECT_THAT(run(words).err, HasSubstr("unknown option '--no-such-option'"));
    }
  }
}

TEST_F(CommandLine, ChoicesAreTakenInAnyCase) {
  const std::string groups = "https://management.azure.com/subscriptions/sub/resourcegroups?api-version=2021-04-01";
  const auto answer = [&] {
    transport_->on("GET", groups, batchai::test::json_response(200, R"({"value":[{"name":"g"}]})"));
  };
  answer();
  EXPECT_EQ(run({"group", "list", "-o", "TSV", "--query", "[].name"}).out, "g\n");
  answer();
  variables_["BATCHAI_DEFAULTS_OUTPUT"] = "Tsv";
  EXPECT_EQ(run({"group", "list", "--query", "[].name"}).out, "g\n");
}

TEST_F(CommandLine, GlobalOptionsMayStandInFront) {
  transport_->on("GET", "https://management.azure.com/subscriptions/sub/resourcegroups?api-version=2021-04-01",
                 batchai::test::json_response(200, R"({"value":[]})"));
  const Outcome outcome = run({"-o", "json", "--verbose", "group", "list"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "[]\n");
}

TEST_F(CommandLine, LongOptionsMayBeCutShort) {
  for (const auto& words : {std::vector<std::string>{"group", "show", "--resource", "g", "--out", "none"},
                            {"--out=none", "group", "show", "--resource=g", "--only-show-err"}}) {
    transport_->on("GET", "https://management.azure.com/subscriptions/sub/resourcegroups/g?api-version=2021-04-01",
                   batchai::test::json_response(200, R"({"name":"g"})"));
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_THAT(run({"group", "list", "--hel"}).out, HasSubstr("List"));
}

TEST_F(CommandLine, AnOptionThatCouldBeSeveralNamesThem) {
  expect_error({"group", "list", "--o", "json"}, 2, "batchai: error: '--o' can be any of --output, --only-show-errors");
  // The value of an option is no option.
  expect_error({"group", "list", "--query", "--o"}, 2,
               "batchai: error: --query: expected a digit behind '-'\n    --o\n    ^");
}

TEST_F(CommandLine, NobodySignedInNamesTwoWaysOut) {
  variables_.erase("BATCHAI_ACCESS_TOKEN");
  variables_.erase("AZURE_SUBSCRIPTION_ID");
  expect_error(
      {"group", "list"}, 4,
      "batchai: error: not signed in: no profile and no AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_CLIENT_SECRET\n"
      "batchai: hint: start a service on this machine with 'batchai local start', or sign in to one with "
      "'batchai login' or those variables");
}

TEST_F(CommandLine, HalfAnIdentityNamesTheMissingVariable) {
  variables_.erase("BATCHAI_ACCESS_TOKEN");
  variables_["AZURE_CLIENT_ID"] = "app";
  variables_["AZURE_TENANT_ID"] = "tenant";
  expect_error({"group", "list"}, 4,
               "batchai: error: AZURE_CLIENT_ID is set but none of AZURE_CLIENT_SECRET, "
               "AZURE_CLIENT_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN_FILE is\n"
               "batchai: hint: set it as well, or name a profile with --profile");
}

TEST(Suggest, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest("xyz", {"cluster", "job"}), "");
  EXPECT_EQ(nearest("wrkspace", {"workspace", "job"}), "workspace");
  EXPECT_EQ(nearest("exp", {"experiment", "job"}), "experiment");
}

}  // namespace
}  // namespace batchai::cli::test
