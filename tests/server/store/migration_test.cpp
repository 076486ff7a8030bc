#include "server/records/active_jobs.hpp"
#include "server/store/sqlite_store.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace batchai::server::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr std::string_view kCluster =
    "/subscriptions/s/resourcegroups/g/providers/microsoft.batchai/workspaces/w/clusters/c";

class MigrationTest : public ::testing::Test {
 protected:
  /// Makes the database that the script tells.
  void make_database(const std::string& script) const {
    std::ifstream stream(std::filesystem::path(BATCHAI_SCHEMAS_DIR) / script);
    const std::string sql((std::istreambuf_iterator<char>(stream)), {});
    ASSERT_FALSE(sql.empty());
    execute(file_, sql);
  }

  static void execute(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &handle), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
    sqlite3_close(handle);
  }

  static std::string ask(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* handle = nullptr;
    sqlite3_stmt* statement = nullptr;
    sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
    EXPECT_EQ(sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    std::string answer;
    if (sqlite3_step(statement) == SQLITE_ROW) {
      answer = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return answer;
  }

  std::unique_ptr<SqliteStore> open() {
    return std::make_unique<SqliteStore>(file_, clock_, [this](const std::string& text) { reports_.push_back(text); });
  }

  std::string error_of_open() {
    try {
      open();
    } catch (const StoreError& error) {
      return error.what();
    }
    return "opened";
  }

  batchai::test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "batchai.db";
  std::filesystem::path backup_ = folder_.path() / "batchai.db.schema1.backup";
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  std::vector<std::string> reports_;
};

TEST_F(MigrationTest, KeepsEverythingOfAnOlderDatabase) {
  make_database("schema1.sql");
  auto store = open();
  store->write([](Transaction& transaction) {
    const auto cluster = transaction.get(kCluster);
    ASSERT_TRUE(cluster);
    EXPECT_EQ(cluster->sequence, 4);
    EXPECT_EQ(cluster->body.at("properties").at("note"), "Grüße");
    EXPECT_EQ(cluster->changed.time_since_epoch().count(), 17636999999999995);
    EXPECT_THAT(transaction.list("operation"), SizeIs(1));
    const auto next = transaction.put({.key = "new", .kind = "thing"});
    EXPECT_EQ(next.sequence, 10);
    EXPECT_GT(next.changed.time_since_epoch().count(), 17637000000000000) << "although the clock says 2018";
  });
  store.reset();
  EXPECT_EQ(ask(file_, "PRAGMA user_version"), "4");
  EXPECT_THAT(ask(file_, "SELECT program FROM history WHERE schema = 2"), HasSubstr("batchai-server "));
}

TEST_F(MigrationTest, FindsTheJobsThatHaveNotEnded) {
  make_database("schema2.sql");
  open()->write([](Transaction& transaction) {
    EXPECT_THAT(transaction.list("activeJob"), IsEmpty());
    ActiveJobs& jobs = transaction.active_jobs();
    EXPECT_THAT(jobs.all("w/clusters/c"), ElementsAre(3, 5, 8));
    const auto waiting = jobs.first_waiting("w/clusters/c", 5, 5);
    ASSERT_THAT(waiting, SizeIs(1));
    EXPECT_EQ(waiting[0].sequence, 3);
    EXPECT_EQ(waiting[0].rank, 0);
    EXPECT_EQ(waiting[0].node_count, 2);
    ASSERT_NE(jobs.of_run("run-1"), nullptr);
    EXPECT_EQ(jobs.of_run("run-1")->key, "w/experiments/e/jobs/runs");
    EXPECT_TRUE(jobs.busy("w/clusters/c").back()->creating);
    check_active_jobs(transaction);
  });
}

TEST_F(MigrationTest, CountsByStateAndKeepsTheTimesOfChanges) {
  make_database("schema2.sql");
  open()->read([](Transaction& transaction) {
    EXPECT_THAT(transaction.count_by_state("job"),
                ElementsAre(Pair("queued", 2), Pair("running", 1), Pair("succeeded", 1)));
    EXPECT_THAT(transaction.count_by_state("operation"), ElementsAre(Pair("InProgress", 1)));
    EXPECT_EQ(transaction.count_active_jobs("w/clusters/c"), 3);
    EXPECT_EQ(transaction.get("w/experiments/e/jobs/ended")->changed.time_since_epoch().count(), 17636999999999994);
    EXPECT_THAT(transaction.text("w/experiments/e/jobs/ended")->body,
                HasSubstr(R"("name":"ended","type":"job","properties":)"))
        << "in the order of the description";
  });
}

TEST_F(MigrationTest, FindsTheJobsOfAWorkspaceAndOfAClusterThatHaveEnded) {
  make_database("schema3.sql");
  open()->write([](Transaction& transaction) {
    const auto names = [&](const JobSelection& selection) {
      std::vector<std::int64_t> sequences;
      for (const DocumentText& job : transaction.list_jobs(selection, 10)) {
        sequences.push_back(job.sequence);
      }
      return sequences;
    };
    EXPECT_THAT(names({.workspaces = {"w"}}), ElementsAre(3, 2));
    EXPECT_THAT(names({.cluster = "w/clusters/c"}), ElementsAre(3, 2));
    EXPECT_EQ(transaction.active_jobs().count(), 1U) << "those that have ended are not active";
    EXPECT_TRUE(transaction.erase("w/experiments/experiments/jobs/ended"));
    check_active_jobs(transaction);
  });
}

TEST_F(MigrationTest, LeavesADatabaseAloneWithADocumentThatCannotBeRead) {
  make_database("schema2.sql");
  execute(file_, "UPDATE documents SET body = '{\"id\":' WHERE sequence = 7");
  EXPECT_THAT(error_of_open(), HasSubstr("w/experiments/e/jobs/ended"));
  EXPECT_EQ(ask(file_, "PRAGMA user_version"), "2");
  EXPECT_EQ(ask(file_, "SELECT count(*) FROM documents WHERE kind = 'activeJob'"), "3");
}

TEST_F(MigrationTest, CopiesTheOlderDatabaseFirst) {
  make_database("schema1.sql");
  open();
  EXPECT_THAT(reports_, ElementsAre(HasSubstr(backup_.string())));
  EXPECT_EQ(ask(backup_, "PRAGMA user_version"), "1");
  EXPECT_EQ(ask(backup_, "PRAGMA application_id"), "1114915145");
  EXPECT_EQ(ask(backup_, "SELECT count(*) FROM documents"), "3");
  EXPECT_EQ(std::filesystem::status(backup_).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  open();
  EXPECT_THAT(reports_, SizeIs(1)) << "once only";
}

TEST_F(MigrationTest, CanGoBackToTheCopy) {
  make_database("schema1.sql");
  open()->write([](Transaction& transaction) { transaction.put({.key = "later", .kind = "thing"}); });
  std::filesystem::remove(file_.string() + "-wal");
  std::filesystem::copy_file(backup_, file_, std::filesystem::copy_options::overwrite_existing);
  open()->read([](Transaction& transaction) {
    EXPECT_TRUE(transaction.get(kCluster));
    EXPECT_FALSE(transaction.get("later"));
  });
}

TEST_F(MigrationTest, LeavesTheDatabaseAloneIfItCannotBeCopied) {
  make_database("schema1.sql");
  std::filesystem::create_directory(backup_);
  std::ofstream(backup_ / "in the way") << "x";
  EXPECT_THAT(error_of_open(), HasSubstr("could not be copied to " + backup_.string()));
  EXPECT_EQ(ask(file_, "PRAGMA user_version"), "1");
  EXPECT_FALSE(std::filesystem::exists(backup_.string() + ".new"));
}

TEST_F(MigrationTest, RefusesADamagedDatabaseBeforeItChangesIt) {
  make_database("schema1.sql");
  // A page that belongs to nothing.
  execute(file_,
          "CREATE TABLE more (text TEXT); INSERT INTO more VALUES (zeroblob(20000)); PRAGMA writable_schema = ON;"
          "DELETE FROM sqlite_schema WHERE name = 'more'");
  EXPECT_THAT(error_of_open(), HasSubstr("is damaged ("));
  EXPECT_EQ(ask(file_, "PRAGMA user_version"), "1");
  EXPECT_FALSE(std::filesystem::exists(backup_));
}

TEST_F(MigrationTest, CopiesNothingOfANewDatabase) {
  open();
  EXPECT_THAT(reports_, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(backup_));
  EXPECT_EQ(ask(file_, "PRAGMA user_version"), "4");
}

TEST_F(MigrationTest, RefusesANewerDatabaseWithBothVersions) {
  open();
  execute(file_, "PRAGMA user_version = 99; INSERT INTO history VALUES (99, 'batchai-server 7.5', '2030-01-01')");
  const std::string error = error_of_open();
  for (const char* part : {"batchai-server 7.5 (schema 99)", "This is batchai-server ", "schemas up to 4",
                           "Use the newer program, or take another data folder"}) {
    EXPECT_THAT(error, HasSubstr(part));
  }
  EXPECT_EQ(ask(file_, "PRAGMA user_version"), "99") << "and leaves it as it is";
}

TEST_F(MigrationTest, TellsOfTheCopyThatANewerProgramMade) {
  open();
  execute(file_, "PRAGMA user_version = 5");
  const auto copy = file_.string() + ".schema4.backup";
  std::ofstream(copy) << "x";
  EXPECT_THAT(error_of_open(), HasSubstr("put back the older copy " + copy));
}

}  // namespace
}  // namespace batchai::server::test
