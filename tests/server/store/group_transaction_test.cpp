#include "server/store/group_transaction.hpp"

#include "server/records/active_jobs.hpp"
#include "server/records/store_error.hpp"
#include "server/store/memory_follows.hpp"
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

  void allow_broken_commits() {
    connection_.execute(
        "PRAGMA foreign_keys = ON; CREATE TABLE child (sequence INTEGER REFERENCES documents DEFERRABLE INITIALLY "
        "DEFERRED)");
  }
  /// After allow_broken_commits(): the commit of the open transaction will fail.
  void break_commit() { connection_.run("INSERT INTO child VALUES (77)"); }

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
  allow_broken_commits();
  write("a");
  write("b", [this] { break_commit(); });
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

/// Groups whose writes the active jobs and the parsed documents follow.
class GroupMemoryTest : public GroupTransactionTest {
 protected:
  GroupMemoryTest() { begin_group(); }
  ~GroupMemoryTest() override { group_.reset(); }

  void begin_group() { group_.emplace(connection_, transaction_, memory_); }

  void run(const QueuedWrite::Work& work) {
    QueuedWrite queued(work);
    group_->run(queued);
    EXPECT_EQ(queued.failure(), nullptr);
  }

  void run_and_throw(const QueuedWrite::Work& work) {
    const QueuedWrite::Work throwing = [&](Transaction& transaction) {
      work(transaction);
      fail();
    };
    QueuedWrite queued(throwing);
    group_->run(queued);
    EXPECT_NE(queued.failure(), nullptr);
  }

  static Document cluster(int version) { return {.key = "c", .kind = "cluster", .body = {{"version", version}}}; }

  static Document job(const std::string& key, const std::string& state) {
    Document job{.key = key, .kind = "job", .body = {{"properties", {{"executionState", state}, {"nodeCount", 1}}}}};
    job.hidden = {{"cluster", "c"}};
    if (state == "running") {
      job.hidden.update({{"runId", "run-" + key}, {"started", 5}});
    }
    return job;
  }

  static void put_first(Transaction& transaction) {
    transaction.put(cluster(1));
    transaction.put({.key = "e", .kind = "experiment"});
    transaction.put(job("a", "queued"));
    transaction.put(job("r", "running"));
  }

  /// Of everything that put_first() has made something else.
  static void change_all(Transaction& transaction) {
    transaction.put(cluster(2));
    EXPECT_EQ(transaction.get("c")->body["version"], 2);
    EXPECT_TRUE(transaction.erase("e"));
    EXPECT_TRUE(transaction.erase("a"));
    transaction.put(job("b", "queued"));
    transaction.put(job("r", "succeeded"));
  }

  /// What put_first() has made, and nothing else.
  static void expect_first(Transaction& transaction) {
    EXPECT_EQ(transaction.get("c").value().body["version"], 1);
    EXPECT_TRUE(transaction.get("e"));
    EXPECT_FALSE(transaction.get("b"));
    EXPECT_EQ(transaction.active_jobs().count("c"), 2U);
    EXPECT_EQ(transaction.active_jobs().first_waiting("c", 1, 5).size(), 1U);
    EXPECT_NE(transaction.active_jobs().of_run("run-r"), nullptr);
    EXPECT_EQ(transaction.active_jobs().on_nodes().size(), 1U);
    EXPECT_NO_THROW(check_active_jobs(transaction));
  }

  MemoryFollows memory_{connection_, state_};
};

TEST_F(GroupMemoryTest, KeepsWhatOthersOfTheGroupHaveDone) {
  run(put_first);
  run_and_throw(change_all);
  run(expect_first);
  run_and_throw(change_all);
  group_->commit();
  expect_first(transaction_);
}

TEST_F(GroupMemoryTest, ForgetsAFirstWriteThatThrows) {
  run(put_first);
  group_->commit();
  begin_group();
  run_and_throw(change_all);
  run(expect_first);
  group_->commit();
  expect_first(transaction_);
}

TEST_F(GroupMemoryTest, GoesBackToTheLastCommitWhenACommitFails) {
  allow_broken_commits();
  run(put_first);
  group_->commit();
  begin_group();
  run([](Transaction& transaction) { transaction.put(job("d", "queued")); });
  run_and_throw(change_all);
  run(change_all);
  run([this](Transaction&) { break_commit(); });
  EXPECT_THROW(group_->commit(), StoreError);
  begin_group();
  run([](Transaction& transaction) {
    expect_first(transaction);
    EXPECT_FALSE(transaction.get("d"));
  });
  run(change_all);
  group_->commit();
  EXPECT_EQ(transaction_.get("c").value().body["version"], 2);
  EXPECT_EQ(jobs_.count(), 1U);
  EXPECT_NO_THROW(check_active_jobs(transaction_));
}

}  // namespace
}  // namespace batchai::server::sqlite::test
