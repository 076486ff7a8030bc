#include "cli/cli_fixture.hpp"
#include "cli/small_world.hpp"

#include <algorithm>

namespace batchai::cli::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Confirmation : public CliTest {
 protected:
  Confirmation() { terminal_ = true; }
  const std::string group_ = "https://management.azure.com/subscriptions/sub/resourcegroups/g?api-version=2021-04-01";
  Outcome remove(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"group", "delete", "-n", "g"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
};

TEST_F(Confirmation, IsNothingButYes) {
  // Enter, the end of input, blanks, and what only begins or ends like a yes.
  for (const char* answer : {"\n", "", "\r\n", " \n", "n\n", "N\n", "no\n", "ye\n", "yess\n", "yy\n", "yes please\n",
                             "ny\n", "1\n", "true\n", "\ny\n", "j\n", "-y\n"}) {
    input_ = answer;
    const Outcome outcome = remove();
    EXPECT_EQ(outcome.exit_code, 1) << answer;
    EXPECT_THAT(outcome.err, HasSubstr(" [y/N]: ")) << answer;
    EXPECT_THAT(outcome.err, HasSubstr("batchai: error: not confirmed; nothing was changed\n")) << answer;
    EXPECT_EQ(outcome.out, "") << answer;
    EXPECT_THAT(transport_->requests(), IsEmpty()) << answer;
  }
}

TEST_F(Confirmation, IsYesInAnyCaseWithAndWithoutLineEnd) {
  for (const char* answer : {"y\n", "Y\n", "yes\n", "YES\n", "y", "Yes"}) {
    input_ = answer;
    transport_->on("DELETE", group_, batchai::test::empty_response(200));
    const Outcome outcome = remove();
    EXPECT_EQ(outcome.exit_code, 0) << answer << outcome.err;
  }
}

TEST_F(Confirmation, IsNotAskedForWithTheOption) {
  for (const bool terminal : {true, false}) {
    terminal_ = terminal;
    transport_->on("DELETE", group_, batchai::test::empty_response(200));
    const Outcome outcome = remove({"-y"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
  }
}

TEST_F(Confirmation, IsRefusedWhereNobodyCanBeAsked) {
  terminal_ = false;
  input_ = "y\n";
  const Outcome outcome = remove();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("there is no terminal to ask on (add -y/--yes)"));
  EXPECT_THAT(transport_->requests(), IsEmpty());
}

TEST_F(Confirmation, IsAskedForByEveryCommandThatTakesTheOption) {
  variables_["AZURE_STORAGE_ACCOUNT"] = "acct";
  variables_["AZURE_STORAGE_KEY"] = "a2V5";
  const std::vector<std::string> values{"-g", "g", "-w", "w", "-e", "e"};
  const auto world = std::make_shared<SmallWorld>();
  network_ = world;
  std::size_t asked = 0;
  for (const CommandGroup& group : command_tree()) {
    for (const CommandSpec& command : group.commands()) {
      const auto takes = [&](std::string_view name) {
        return std::any_of(command.options.begin(), command.options.end(), [&](auto& o) { return o.name == name; });
      };
      if (!takes("yes") || group.name == "local") {
        continue;
      }
      std::vector<std::string> words{std::string(group.name)};
      for (const std::string& word : words_of(command.name)) {
        words.push_back(word);
      }
      for (const OptionSpec& option : command.options) {
        if (option.required && option.positional) {
          words.emplace_back("share/place");
        } else if (option.required) {
          words.insert(words.end(), {"--" + std::string(option.name),
                                     option.choices.empty() ? "abc" : std::string(option.choices.front())});
        }
      }
      if (words == std::vector<std::string>{"files", "share", "delete"}) {
        words.emplace_back("share");  // as an operand or as an option
      }
      ++asked;
      input_ = "\n";
      const Outcome outcome = run(words);
      EXPECT_EQ(outcome.exit_code, 1) << ::testing::PrintToString(words) << outcome.err;
      EXPECT_THAT(outcome.err, HasSubstr(" [y/N]: ")) << ::testing::PrintToString(words);
      EXPECT_THAT(outcome.err, HasSubstr("not confirmed; nothing was changed")) << ::testing::PrintToString(words);
      for (const HttpRequest& request : world->requests()) {
        EXPECT_TRUE(request.method == "GET" || request.method == "HEAD") << ::testing::PrintToString(words);
      }
    }
  }
  EXPECT_GE(asked, 8U);
}

TEST_F(Confirmation, IsAskedForBeforeTheLocalServicesDataIsDeleted) {
  const std::string database = write_file("config/local/batchai.db", "data");
  for (const char* answer : {"\n", "", "n\n"}) {
    input_ = answer;
    EXPECT_EQ(run({"local", "reset"}).exit_code, 1) << answer;
    EXPECT_EQ(read(database), "data") << answer;
  }
  input_ = "y\n";
  EXPECT_EQ(run({"local", "reset"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(database));
}

}  // namespace
}  // namespace batchai::cli::test
