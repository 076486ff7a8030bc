#include "cli/files/ignore_rules.hpp"

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace batchai::cli::test {
namespace {

namespace fs = std::filesystem;

/// One pattern file, the file below its folder, and whether it is left out.
struct IgnoreRow {
  const char* rules;
  const char* path;
  bool left_out;
};

constexpr IgnoreRow kRows[] = {
    {"*.o", "a.o", true},
    {"*.o", "deep/down/a.o", true},
    {"*.o", "a.c", false},
    {"/a.o", "a.o", true},
    {"/a.o", "deep/a.o", false},
    {"deep/a.o", "deep/a.o", true},
    {"deep/a.o", "more/deep/a.o", false},
    {"data/", "data/x", true},
    {"data/", "deep/data/x", true},
    {"data/", "data", false},
    {"data", "data/x", true},
    {"/data/*", "data/x", true},
    {"/data/*", "data/deep/x", true},
    {"data/*.csv", "data/deep/x.csv", false},
    {"**/logs", "a/b/logs/x", true},
    {"**/logs", "logs/x", true},
    {"logs/**", "logs/a/b", true},
    {"logs/**", "x/logs/a", false},
    {"a/**/b", "a/b", true},
    {"a/**/b", "a/x/y/b", true},
    {"a/**/b", "a/x/c", false},
    {"a**b", "axxb", true},
    {"a**b", "a/b", false},
    {"*.o\n!keep.o", "keep.o", false},
    {"*.o\n!keep.o", "other.o", true},
    {"!keep.o\n*.o", "keep.o", true},
    {"out/\n!out/keep", "out/keep", true},
    {"out/*\n!out/keep", "out/keep", false},
    {"# a comment\n\n  \n*.o", "# a comment", false},
    {"\\#x", "#x", true},
    {"\\!x", "!x", true},
    {"x  ", "x", true},
    {"x\\ ", "x ", true},
    {"x\\ ", "x", false},
    {"[ab].txt", "a.txt", true},
    {"[!ab].txt", "a.txt", false},
    {"[!ab].txt", "c.txt", true},
    {"?.txt", "a.txt", true},
    {"?.txt", "ab.txt", false},
    {".*", ".env", true},
    {"*", ".env", true},
    {"foo/*", "foo/bar/x", true},
    {"/", "x", false},
    {"*.py[cod]\r\n", "m.pyc", true},
};

/// As a walk through the folder does it, which does not look into folders that are left out.
bool is_left_out(const IgnoreRules& rules, const std::string& path) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (rules.leaves_out(path.substr(0, slash), true)) {
      return true;
    }
  }
  return rules.leaves_out(path, false);
}

TEST(IgnoreRules, FollowThePatternsOfGitignore) {
  for (const IgnoreRow& row : kRows) {
    EXPECT_EQ(is_left_out(IgnoreRules(row.rules), row.path), row.left_out) << row.rules << ": " << row.path;
  }
}

TEST(IgnoreRules, LeaveOutWhatGitDoes) {
  const batchai::test::TemporaryFolder folder;
  if (batchai::test::run_process({"git", "init", "-q", folder.path().string()}).exit_code != 0) {
    GTEST_SKIP() << "git is not installed";
  }
  // Each row is a folder with a .gitignore of its own, so that git is asked once.
  std::string asked;
  std::string expected;
  for (const IgnoreRow& row : kRows) {
    const std::string name = "row" + std::to_string(&row - kRows);
    const fs::path file = folder.path() / name / row.path;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "x";
    std::ofstream(folder.path() / name / ".gitignore", std::ios::binary) << row.rules;
    const std::string path = name + "/" + row.path;
    asked += path + "\n";
    expected += row.left_out ? path + "\n" : "";
  }
  const auto answer =
      batchai::test::run_process({"git", "-C", folder.path().string(), "check-ignore", "--stdin"}, {}, asked);
  EXPECT_EQ(answer.out, expected) << answer.err;
}

TEST(IgnoreRules, ManyStarsTakeNoLongTime) {
  std::string rule = "**";
  std::string path = "a";
  for (int i = 0; i < 60; ++i) {
    rule += "/a/**";
    path += "/a";
  }
  EXPECT_FALSE(IgnoreRules(rule + "/b").leaves_out(path, false));
}

}  // namespace
}  // namespace batchai::cli::test
