#include "cli/cli_fixture.hpp"
#include "cli/frame/parse.hpp"

#include <functional>
#include <regex>

namespace batchai::cli::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kColumns = 80;

class Help : public CliTest {
 protected:
  static std::vector<std::string> words_to(const CommandGroup& group, const CommandSpec& command) {
    std::vector<std::string> words = words_of(command.name);
    words.insert(words.begin(), std::string(group.name));
    return words;
  }

  /// Every command, with the words that lead to it.
  static void for_each_command(
      const std::function<void(const std::vector<std::string>& words, const CommandSpec& command)>& visit) {
    for (const CommandGroup& group : command_tree()) {
      for (const CommandSpec& command : group.commands()) {
        visit(words_to(group, command), command);
      }
    }
  }

  std::string help_of(std::vector<std::string> words) {
    words.emplace_back("-h");
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return outcome.out;
  }
};

std::string joined(const std::vector<std::string>& words, char between) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : std::string(1, between)) + word;
  }
  return text;
}

/// Letters, not bytes.
std::size_t columns_of(const std::string& line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The words of each call of the program in a line for a shell, without the program's name.
std::vector<std::vector<std::string>> calls_in(const std::string& line) {
  static const std::regex kCall(R"((^|[(|&]\s*)batchai\s+)");
  std::vector<std::vector<std::string>> calls;
  for (std::sregex_iterator call(line.begin(), line.end(), kCall), end; call != end; ++call) {
    std::vector<std::string> words(1);
    char quote = '\0';
    for (std::size_t i = static_cast<std::size_t>(call->position() + call->length()); i < line.size(); ++i) {
      const char c = line[i];
      if (quote == '\0' && std::string("|&)>").find(c) != std::string::npos) {
        break;
      }
      if (c == quote || (quote == '\0' && (c == '\'' || c == '"'))) {
        quote = quote == '\0' ? c : '\0';
      } else if (c == ' ' && quote == '\0') {
        words.emplace_back();
      } else {
        words.back() += c;
      }
    }
    if (words.back().empty()) {
      words.pop_back();
    }
    calls.push_back(std::move(words));
  }
  return calls;
}

TEST_F(Help, OfEveryCommandIsPinned) {
  std::map<std::string, std::string> texts{{"batchai.txt", help_of({})}};
  for (const CommandGroup& group : command_tree()) {
    texts.emplace(std::string(group.name) + ".txt", help_of({std::string(group.name)}));
  }
  for_each_command([&](const std::vector<std::string>& words, const CommandSpec&) {
    texts.insert_or_assign(joined(words, '_') + ".txt", help_of(words));
  });
  expect_folder(std::filesystem::path(BATCHAI_GOLDEN_DIR) / "help", texts);
}

TEST_F(Help, FitsIntoEightyColumns) {
  for_each_command([&](const std::vector<std::string>& words, const CommandSpec&) {
    const std::string text = help_of(words);
    std::istringstream lines(text.substr(0, text.find("\nExamples\n")));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(columns_of(line), kColumns) << joined(words, ' ') << ": " << line;
    }
  });
}

TEST_F(Help, BeginsWithTheRequiredOptions) {
  for_each_command([&](const std::vector<std::string>& words, const CommandSpec& command) {
    const std::string text = help_of(words);
    const std::string usage = text.substr(0, text.find("\n\n"));
    EXPECT_TRUE(usage.starts_with("batchai " + joined(words, ' '))) << usage;
    for (const OptionSpec& option : command.options) {
      if (option.required) {
        EXPECT_THAT(usage, HasSubstr(std::string(option.value_name)));
      }
    }
  });
}

TEST_F(Help, EveryCommandHasExamplesThatItUnderstands) {
  for_each_command([&](const std::vector<std::string>& words, const CommandSpec& command) {
    const std::string path = joined(words, ' ');
    EXPECT_GE(command.examples.size(), 2U) << path;
    for (const Example& example : command.examples) {
      bool own = false;
      for (const auto& call : calls_in(std::string(example.command))) {
        const Selection selection = select_command(command_tree(), global_options(), call);
        ASSERT_NE(selection.command, nullptr) << example.command;
        own = own || selection.path == path;
        const auto options = with_global_options(*selection.command, global_options());
        const Arguments arguments = parse_arguments(options, selection.path, selection.rest);
        for (const OptionSpec& option : options) {
          const bool settled = arguments.has(option.name) || !option.setting.empty() || arguments.has("ids");
          EXPECT_TRUE(settled || !option.required) << example.command << " lacks " << display_name(option);
        }
      }
      EXPECT_TRUE(own) << "'" << example.command << "' is no example for " << path;
    }
  });
}

TEST_F(Help, OnANarrowTerminalDescriptionsStandBelowTheNames) {
  width_ = 40;
  const std::string text = help_of({"cluster", "show"});
  EXPECT_THAT(text, HasSubstr("\n    -g, --resource-group GROUP\n        [required, or --ids] Name of the\n"));
}

TEST_F(Help, FitsATerminalOfSixtyColumns) {
  width_ = 60;
  for_each_command([&](const std::vector<std::string>& words, const CommandSpec&) {
    const std::string text = help_of(words);
    std::istringstream lines(text.substr(0, text.find("\nExamples\n")));  // these are to be copied
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), width_) << joined(words, ' ') << ": " << line;
    }
  });
}

TEST_F(Help, OfMostCommandsFitsOnAScreen) {
  constexpr auto kLines = 50;
  for_each_command([&](const std::vector<std::string>& words, const CommandSpec&) {
    const std::string text = help_of(words);
    const std::string path = joined(words, ' ');
    if (path != "cluster create" && path != "job create" && path != "run") {  // they have more options than that
      EXPECT_LE(std::count(text.begin(), text.end(), '\n'), kLines) << path;
    }
  });
}

TEST_F(Help, OfASubgroupIsAboutItsCommandsOnly) {
  const std::string text = help_of({"job", "file"});
  EXPECT_TRUE(text.starts_with("batchai job file COMMAND [options]\n")) << text;
  EXPECT_THAT(text, HasSubstr("\n    stream    Print a file"));
  EXPECT_THAT(text, Not(HasSubstr("resubmit")));
}

TEST_F(Help, NamesAndIdsStandTogether) {
  const std::string text = help_of({"experiment", "show"});
  EXPECT_THAT(text, HasSubstr("\nbatchai experiment show --ids ID... [options]\n"));
  EXPECT_THAT(text, HasSubstr("\nResource Id Arguments\n    -g, --resource-group GROUP"));
  EXPECT_THAT(text, HasSubstr("[required, or --ids] Name of the experiment."));
  EXPECT_THAT(text, Not(HasSubstr("\nArguments\n")));
}

}  // namespace
}  // namespace batchai::cli::test
