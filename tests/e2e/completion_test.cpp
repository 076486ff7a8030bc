#include "e2e/service.hpp"

#include <chrono>
#include <sstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using Words = std::vector<std::string>;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Loads the script as people do, and calls its function as bash does when Tab is pressed.
constexpr const char* kPressTab = R"(
  source <("$PROGRAM" completion bash) || exit 1
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
  _batchai "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
  ((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
)";

class Completion : public ServiceTest {
 protected:
  /// What bash would offer. `words` are as bash takes them apart: `--output`, `=`, `js`.
  Words press_tab(const Words& words) {
    std::map<std::string, std::string> environment = environment_;
    environment["PROGRAM"] = BATCHAI_PROGRAM;
    const ProcessResult result = run_process(
        Words{"bash", "--norc", "--noprofile", "-c", kPressTab, "bash", BATCHAI_PROGRAM} + words, environment);
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.err, "");
    std::istringstream lines(result.out);
    Words offered;
    for (std::string line; std::getline(lines, line);) {
      offered.push_back(line);
    }
    return offered;
  }
};

TEST_F(Completion, OffersWhatExistsInTheService) {
  start_service();
  prepare_cluster();
  submit("train-1", "true");
  submit("train-2", "true");
  const Words in_experiment{"-g", "rg", "-w", "ws", "-e", "e"};
  EXPECT_THAT(press_tab(Words{"job", "show"} + in_experiment + Words{"-n", ""}), ElementsAre("train-1", "train-2"));
  EXPECT_THAT(press_tab(Words{"job", "file", "list"} + in_experiment + Words{"-j", "train-2"}), ElementsAre("train-2"));
  EXPECT_THAT(press_tab({"group", "show", "-n", "r"}), ElementsAre("rg"));
  EXPECT_THAT(press_tab({"cluster", "show", "-g", "rg", "-w", ""}), ElementsAre("ws"));
  EXPECT_THAT(press_tab({"cluster", "show", "-g", "rg", "--workspace", "=", "ws", "-n", ""}), ElementsAre("c"));
  EXPECT_THAT(press_tab({"job", "list", "-g", "rg", "-w", "ws", "--experiment", "="}), ElementsAre("e"));
  EXPECT_THAT(press_tab({"files", "list", "sh"}), ElementsAre("share/"));
  environment_["BATCHAI_DEFAULTS_GROUP"] = "rg";
  environment_["BATCHAI_DEFAULTS_WORKSPACE"] = "ws";
  environment_["BATCHAI_DEFAULTS_EXPERIMENT"] = "e";
  EXPECT_THAT(press_tab({"job", "delete", "--name", "'train-1"}), ElementsAre("train-1"));
}

TEST_F(Completion, OffersCommandsOptionsAndChoicesWithoutAService) {
  EXPECT_THAT(press_tab({"clu"}), ElementsAre("cluster"));
  EXPECT_THAT(press_tab({"job", "file", ""}), ElementsAre("list", "stream", "download"));
  EXPECT_THAT(press_tab({"job", "file", "list", "--ex"}), ElementsAre("--experiment", "--expiry"));
  EXPECT_THAT(press_tab({"group", "list", "-o", "js"}), ElementsAre("json", "jsonc"));
  EXPECT_THAT(press_tab({"group", "list", "--output", "=", "js"}), ElementsAre("json", "jsonc"))
      << "bash replaces only what is behind =";
  EXPECT_THAT(press_tab({"account", "show", "--profile", ""}), IsEmpty());
}

TEST_F(Completion, OffersPaths) {
  const std::string file = write_file("job file.json", "{}").string();
  const std::string begin = file.substr(0, file.size() - 5);
  EXPECT_THAT(press_tab({"job", "create", "-f", begin}), ElementsAre(file));
  std::filesystem::create_directory(folder_.path() / "job folder");
  EXPECT_THAT(press_tab({"job", "file", "download", "--destination", (folder_.path() / "job").string()}),
              ElementsAre((folder_.path() / "job folder").string()));
}

TEST_F(Completion, IsQuickAndSilentWhenNobodyAnswers) {
  start_service();
  prepare_cluster();
  kill_service();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(press_tab({"job", "list", "-g", "rg", "-w", ""}), IsEmpty());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20))
      << "two seconds, and what a busy machine adds";
}

/// zsh and fish are tried where they are there.
class CompletionScript : public Completion, public ::testing::WithParamInterface<const char*> {};

TEST_P(CompletionScript, IsUnderstoodByItsShell) {
  const std::string shell = GetParam();
  const std::string script = batchai({"completion", shell}).out;
  const auto file = write_file("script", script);
  const ProcessResult there = run_process({"sh", "-c", "command -v " + shell});
  if (there.exit_code != 0) {
    GTEST_SKIP() << shell << " is not installed (tests/run.sh --with-peers)";
  }
  const ProcessResult result = run_process({shell, "-n", file.string()});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
}

INSTANTIATE_TEST_SUITE_P(Shells, CompletionScript, ::testing::Values("bash", "zsh", "fish"),
                         [](const auto& shell) { return std::string(shell.param); });

}  // namespace
}  // namespace batchai::test
