#include "e2e/service.hpp"

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

/// What commands say about places of a share that are missing, or of another kind than they need.
class OddFilePlaces : public ServiceTest {
 protected:
  void expect_error(const std::vector<std::string>& words, int exit_code, const std::string& message) const {
    const ProcessResult result = batchai(words);
    EXPECT_EQ(result.exit_code, exit_code) << message;
    EXPECT_THAT(result.err, ::testing::StartsWith("batchai: error: " + message));
  }
};

TEST_F(OddFilePlaces, AreNamedWithWhatTheyAre) {
  start_service();
  batchai_ok({"files", "share", "create", "-n", "demo"});
  const std::string f = write_file("f", "1").string();
  batchai_ok({"files", "upload", f, "demo/f"});
  batchai_ok({"files", "upload", f, "demo/tree/sub/f"});

  expect_error({"files", "list", "demo/f"}, 2, "'demo/f' is a file (");
  expect_error({"files", "list", "demo/nope"}, 3, "there is no directory 'demo/nope'");
  expect_error({"files", "list", "nope"}, 3, "there is no share 'nope'");
  expect_error({"files", "list", "demo/f/x"}, 3, "'demo/f' is a file: nothing is below it");
  expect_error({"files", "cat", "demo/tree"}, 2, "'demo/tree' is a directory (");
  expect_error({"files", "cat", "demo/nope"}, 3, "there is no file 'demo/nope'");
  expect_error({"files", "show", "demo/nope/x"}, 3, "there is no file 'demo/nope/x'");
  expect_error({"files", "delete", "demo/tree", "-y"}, 2, "'demo/tree' is a directory (add -r/--recursive");
  expect_error({"files", "delete", "demo/nope", "-y"}, 3, "there is no file 'demo/nope'");
  expect_error({"files", "delete", "-r", "demo/nope", "-y"}, 3, "there is no file or directory 'demo/nope'");
  expect_error({"files", "upload", f, "demo/f/g"}, 2, "'demo/f' is a file (nothing can be put below it)");
  expect_error({"files", "upload", f, "demo/f/g/h"}, 1, "'demo/f' is a file: nothing is below it");
  expect_error({"files", "upload", f, "nope/x"}, 3, "there is no share 'nope'");
  expect_error({"files", "download", "demo/nope", f}, 3, "there is no file or directory 'demo/nope'");
  expect_error({"files", "download", "-r", "nope", f}, 3, "there is no share 'nope'");
  expect_error({"files", "copy", "demo/nope", "demo/z"}, 3, "there is no file or directory 'demo/nope'");
  expect_error({"files", "copy", "demo/f", "demo/f/g"}, 2, "'demo/f' is a file (");
  expect_error({"files", "directory", "create", "demo/f"}, 2, "'demo/f' is a file");
  expect_error({"files", "directory", "delete", "demo/f", "-y"}, 2, "'demo/f' is a file (");
  expect_error({"files", "directory", "delete", "demo/tree", "-y"}, 1, "the directory 'demo/tree' is not empty");
  expect_error({"files", "share", "show", "-n", "nope"}, 3, "there is no share 'nope'");
}

TEST_F(OddFilePlaces, OneFolderThatCannotBeMadeIsToldOnce) {
  start_service();
  batchai_ok({"files", "share", "create", "-n", "demo"});
  batchai_ok({"files", "upload", write_file("f", "1").string(), "demo/f"});
  for (const char* name : {"tree/a", "tree/b", "tree/sub/c"}) {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    write_file(name, "1");
  }
  const std::string tree = (folder_.path() / "tree").string();
  const ProcessResult result = batchai({"files", "upload", "-r", tree, "demo/f"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, ::testing::MatchesRegex(
                              "batchai: error: " + tree + " -> demo/f/tree: [^\n]*\n" +
                              "batchai: error: 3 files were not moved because a folder above could not be made\n"));
  EXPECT_EQ(nlohmann::json::parse(result.out).at("failed"), 4);
}

}  // namespace
}  // namespace batchai::test
