#include "cli/frame/other_words.hpp"

#include "cli/cli_fixture.hpp"
#include "cli/frame/parse.hpp"

// Words of az, kubectl, Slurm and gh.
namespace batchai::cli::test {
namespace {

using ::testing::HasSubstr;

using OtherWords = CliTest;

TEST_F(OtherWords, AreAnsweredWithOurs) {
  struct Case {
    std::vector<std::string> words;
    std::string ours;
  };
  for (const auto& [words, ours] : std::vector<Case>{{{"vm", "list"}, "batchai cluster node list"},
                                                     {{"cloud", "set", "-n", "x"}, "batchai account set -n PROFILE"},
                                                     {{"batchai", "job", "list"}, "leave the second 'batchai' out"},
                                                     {{"squeue"}, "batchai job list -A"},
                                                     {{"sinfo"}, "batchai status"},
                                                     {{"ps"}, "batchai job list -A"},
                                                     {{"top"}, "batchai status"},
                                                     {{"logs", "-f", "j"}, "batchai job logs"},
                                                     {{"describe", "j"}, "batchai job describe"},
                                                     {{"scancel", "7"}, "batchai job terminate"},
                                                     {{"VM", "create"}, "batchai cluster resize"}}) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("unknown command '" + words.front() + "'"));
    EXPECT_THAT(outcome.err, HasSubstr(ours));
  }
}

TEST_F(OtherWords, AreNoneWhereAWordIsOnlyMistyped) {
  EXPECT_THAT(run({"storage", "file", "uplaod"}).err, HasSubstr("did you mean 'upload'?"));
  EXPECT_EQ(hint_for_other("clutser"), "");
  EXPECT_EQ(hint_for_other("vmx"), "");
}

/// The commands in quotes in a hint.
std::vector<std::string> commands_in(const std::string& hint) {
  std::vector<std::string> commands;
  const std::string begin = "'batchai ";
  for (std::size_t at = hint.find(begin); at != std::string::npos; at = hint.find(begin, at + 1)) {
    const std::size_t first = at + begin.size();
    commands.push_back(hint.substr(first, hint.find('\'', first) - first));
  }
  return commands;
}

TEST_F(OtherWords, HintsNameCommandsThatThereAre) {
  for (const char* words : {"vm",
                            "cloud",
                            "config",
                            "rest",
                            "monitor",
                            "cp",
                            "cluster-info",
                            "describe",
                            "events",
                            "exec",
                            "get",
                            "logs",
                            "ps",
                            "scale",
                            "sacct",
                            "sbatch",
                            "scancel",
                            "sinfo",
                            "sprio",
                            "squeue",
                            "top",
                            "auth",
                            "resource",
                            "storage account",
                            "storage blob",
                            "storage file url",
                            "storage file delete-batch"}) {
    const auto commands = commands_in(hint_for_other(words));
    EXPECT_FALSE(commands.empty()) << words;
    for (const std::string& command : commands) {
      EXPECT_NE(select_command(command_tree(), global_options(), words_of(command)).command, nullptr) << command;
    }
  }
}

}  // namespace
}  // namespace batchai::cli::test
