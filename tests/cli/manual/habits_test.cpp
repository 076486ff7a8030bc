#include "cli/cli_fixture.hpp"
#include "cli/frame/parse.hpp"

// docs/habits.md names commands of this program for those of others.
namespace batchai::cli::test {
namespace {

/// The cells of a row of a table; `\|` stands for a stroke.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (std::size_t at = 1; at < line.size(); ++at) {
    if (line[at] == '|' && line[at - 1] != '\\') {
      cells.emplace_back();
    } else {
      cells.back() += line[at];
    }
  }
  return cells;
}

/// What stands in backquotes.
std::vector<std::string> code_in(const std::string& text) {
  std::vector<std::string> code;
  for (std::size_t at = text.find('`'); at != std::string::npos; at = text.find('`', at)) {
    const std::size_t end = text.find('`', at + 1);
    code.push_back(text.substr(at + 1, end - at - 1));
    at = end == std::string::npos ? end : end + 1;
  }
  return code;
}

/// The words in front of options and values.
std::vector<std::string> command_words(const std::string& code) {
  std::vector<std::string> words;
  for (const std::string& word : words_of(code)) {
    if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") != std::string::npos || word.front() == '-') {
      break;
    }
    words.push_back(word);
  }
  return words;
}

TEST(Habits, NameCommandsThatThereAre) {
  // Other programs, and members of a job's file.
  const std::vector<std::string> others{"curl", "help", "for", "batchai-server", "low", "normal", "high"};
  std::ifstream page(std::filesystem::path(BATCHAI_DOCS_DIR) / "habits.md");
  ASSERT_TRUE(page);
  std::size_t named = 0;
  for (std::string line; std::getline(page, line);) {
    const std::vector<std::string> cells = line.starts_with("| ") ? cells_of(line) : std::vector<std::string>();
    for (const std::string& code : cells.size() < 2 ? cells : code_in(cells[1])) {
      const std::vector<std::string> words = command_words(code);
      if (words.empty() || std::find(others.begin(), others.end(), words.front()) != others.end()) {
        continue;
      }
      const Selection selection = select_command(command_tree(), global_options(), words);
      EXPECT_NE(selection.command, nullptr) << code;
      ++named;
    }
  }
  EXPECT_GT(named, 70U);
}

}  // namespace
}  // namespace batchai::cli::test
