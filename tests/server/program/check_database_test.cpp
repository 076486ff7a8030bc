#include "server/program/data_folder.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// Whether a service starts over a data folder.
class CheckDatabase : public ::testing::Test {
 protected:
  CheckDatabase() { prepare_data_folder(folder_.path()); }

  std::string refusal(bool takes_over = false) const {
    try {
      check_database(folder_.path(), database_, takes_over);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }

  void make(const std::string& place) const { std::filesystem::create_directories(folder_.path() / place); }
  static void write(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

  batchai::test::TemporaryFolder folder_;
  const std::filesystem::path database_ = folder_.path() / "batchai.db";
};

TEST_F(CheckDatabase, LetsANewFolderBegin) {
  EXPECT_EQ(refusal(), "");
  make("files/.deleted/x");
  EXPECT_EQ(refusal(), "") << "nothing that anybody could miss";
}

TEST_F(CheckDatabase, RefusesAFolderThatHasLostItsDatabase) {
  make("files/account/share");
  make("runs/run");
  EXPECT_THAT(refusal(), AllOf(HasSubstr(database_.string() + " is missing"), HasSubstr("(shares, jobs)"),
                               HasSubstr("put it back from a copy"), HasSubstr("--new-database")));
  write(database_, "");
  EXPECT_THAT(refusal(), HasSubstr(database_.string() + " is empty"));
  write(database_, "something");
  EXPECT_EQ(refusal(), "");
}

TEST_F(CheckDatabase, KnowsAUsedFolderByEveryKindOfData) {
  for (const char* place : {"files/account", "blobs/account", "runs/run", "fileservers/server"}) {
    make(place);
    EXPECT_NE(refusal(), "") << place;
    std::filesystem::remove(folder_.path() / place);
  }
  write(folder_.path() / "endpoints.json", "{}");
  EXPECT_THAT(refusal(), HasSubstr("endpoints.json"));
}

TEST_F(CheckDatabase, NamesTheCopyThatWasSavedWhenItWasLost) {
  make("files/account/share");
  write(folder_.path() / "batchai.db.rescued", "x");
  EXPECT_THAT(refusal(), HasSubstr("batchai.db.rescued"));
}

TEST_F(CheckDatabase, MakesANewOneOnlyWhereThereIsNone) {
  make("files/account/share");
  EXPECT_EQ(refusal(true), "");
  write(database_, "something");
  EXPECT_THAT(refusal(true), HasSubstr("there is a database"));
}

}  // namespace
}  // namespace batchai::server::test
