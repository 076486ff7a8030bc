#include "server/store/group_transaction.hpp"

#include "server/records/active_jobs.hpp"
#include "server/records/store_error.hpp"
#include "server/store/schema.hpp"
#include "server/store/sqlite_transaction.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::sqlite::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Noted final : public WriteEvents {
 public:
  void begun() override { names.push_back("begun"); }
  void undone() override { names.push_back("undone"); }
  void committed() override { names.push_back("committed"); }
  void failed() override { names.push_back("failed"); }

  std::vector<std::string> names;
};

class GroupTransactionTest : public ::testing::Test {
 protected:
  GroupTransactionTest() { group_.emplace(connection_, transaction_, noted_); }

  /// What a write that puts `key` and then does `rest` throws.
  std::string write(
      const std::string& key, const std::function<void()>& rest = [] {}) {
    const QueuedWrite::Work work = [&](Transaction& transaction) {
      transaction.put({.key = key, .kind = "thing"});
      rest();
    };
    QueuedWrite queued(work);
    group_->run(queued);
    try {
      if (queued.failure()) {
        std::rethrow_exception(queued.failure());
      }
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  }

  static void fail() { throw std::runtime_error("no"); }

  std::vector<std::string> keys() {
    std::vector<std::string> found;
    for (const Document& document : transaction_.list("thing", {}, 0, 0)) {
      found.push_back(document.key);
    }
    return found;
  }

  static Connection made(const std::filesystem::path& file) {
    std::ofstream{file};
    Connection connection(file);
    prepare_schema(connection, file, [](const std::string&) {});
    return connection;
  }

  batchai::test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "batchai.db";
  batchai::test::FakeClock clock_;
  Connection connection_ = made(file_);
  ChangeTimes times_{connection_, clock_};
  ActiveJobs jobs_;
  ParsedDocuments parsed_;
  WriteState state_{times_, jobs_, parsed_};
  DocumentTransaction transaction_{connection_, &state_};
  Noted noted_;
  std::optional<GroupTransaction> group_;
};

TEST_F(GroupTransactionTest, CommitsAll) {
  EXPECT_EQ(write("a"), "");
  EXPECT_EQ(write("b"), "");
  group_->commit();
  EXPECT_THAT(keys(), ElementsAre("a", "b"));
  EXPECT_THAT(noted_.names, ElementsAre("begun", "begun", "committed"));
}

TEST_F(GroupTransactionTest, UndoesOnlyThoseThatThrow) {
  EXPECT_EQ(write("a", fail), "no");
  EXPECT_EQ(write("b"), "");
  EXPECT_EQ(write("c", fail), "no");
  EXPECT_EQ(write("d"), "");
  EXPECT_EQ(write("e", fail), "no");
  group_->commit();
  EXPECT_THAT(keys(), ElementsAre("b", "d"));
  EXPECT_THAT(noted_.names,
              ElementsAre("begun", "undone", "begun", "begun", "undone", "begun", "begun", "undone", "committed"));
}

TEST_F(GroupTransactionTest, CommitsNothingIfAllThrow) {
  EXPECT_EQ(write("a", fail), "no");
  group_->commit();
  EXPECT_THAT(keys(), IsEmpty());
  EXPECT_THAT(noted_.names, ElementsAre("begun", "undone"));
}

TEST_F(GroupTransactionTest, UndoesAllWithoutACommit) {
  write("a");
  write("b");
  group_.reset();
  EXPECT_THAT(keys(), IsEmpty());
  EXPECT_FALSE(connection_.is_in_transaction());
  EXPECT_THAT(noted_.names, ElementsAre("begun", "begun", "failed"));
}

TEST_F(GroupTransactionTest, FailsWhenTheCommitFails) {
  connection_.execute(
      "PRAGMA foreign_keys = ON; CREATE TABLE child (sequence INTEGER REFERENCES documents DEFERRABLE INITIALLY "
      "DEFERRED)");
  write("a");
  write("b", [this] { connection_.run("INSERT INTO child VALUES (77)"); });
  EXPECT_THROW(group_->commit(), StoreError);
  group_.reset();
  EXPECT_THAT(keys(), IsEmpty());
  EXPECT_THAT(noted_.names, ElementsAre("begun", "begun", "failed"));
}

// As SQLite does when the disk is full.
TEST_F(GroupTransactionTest, FailsAsAWholeWhenSqliteUndoesIt) {
  write("a");
  const auto lose = [this] {
    connection_.run("ROLLBACK");
    throw StoreError("disk full");
  };
  EXPECT_THROW(write("b", lose), StoreError);
  group_.reset();
  EXPECT_THAT(keys(), IsEmpty());
  EXPECT_THAT(noted_.names, ElementsAre("begun", "begun", "failed"));
}

TEST_F(GroupTransactionTest, FailsWhenAWriteHidesThatSqliteHasUndoneIt) {
  EXPECT_THROW(write("a", [this] { connection_.run("ROLLBACK"); }), StoreError);
  group_.reset();
  EXPECT_THAT(noted_.names, ElementsAre("begun", "failed"));
}

TEST_F(GroupTransactionTest, GoesOnAfterAFirstWriteThatSqliteHasUndone) {
  const auto lose = [this] {
    connection_.run("ROLLBACK");
    throw StoreError("disk full");
  };
  EXPECT_EQ(write("a", lose), "disk full");
  EXPECT_EQ(write("b"), "");
  group_->commit();
  EXPECT_THAT(keys(), ElementsAre("b"));
}

}  // namespace
}  // namespace batchai::server::sqlite::test
