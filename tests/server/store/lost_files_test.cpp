#include "server/store/refusal.hpp"
#include "server/store/sqlite_store.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A store whose files somebody touches while it is open.
class LostFiles : public ::testing::Test {
 protected:
  LostFiles() { put("before"); }

  void put(const std::string& key) {
    store_->write([&](Transaction& transaction) { transaction.put({.key = key, .kind = "thing"}); });
  }

  static std::size_t count(Store& store) {
    std::size_t size = 0;
    store.read([&](Transaction& transaction) { size = transaction.list("thing").size(); });
    return size;
  }

  std::string refused_write() {
    return refusal([this] { put("after"); });
  }

  fs::path beside(const char* suffix) const {
    auto file = file_;
    return file += suffix;
  }

  batchai::test::TemporaryFolder folder_;
  fs::path file_ = folder_.path() / "batchai.db";
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  std::unique_ptr<SqliteStore> store_ = std::make_unique<SqliteStore>(file_, clock_);
};

TEST_F(LostFiles, RefuseWritesAndReadsOnceTheDatabaseIsRemoved) {
  fs::remove(file_);
  EXPECT_THAT(refused_write(), HasSubstr("batchai.db has been removed"));
  EXPECT_THAT(refusal([this] { count(*store_); }), HasSubstr("batchai.db has been removed"));
}

TEST_F(LostFiles, RefuseWritesOnceTheDatabaseIsReplaced) {
  fs::copy_file(file_, beside(".copy"));
  fs::rename(beside(".copy"), file_);
  EXPECT_THAT(refused_write(), HasSubstr("batchai.db has been replaced"));
}

TEST_F(LostFiles, RefuseWritesOnceTheDatabaseIsEmptied) {
  fs::resize_file(file_, 0);
  EXPECT_THAT(refused_write(), HasSubstr("batchai.db has been emptied"));
}

TEST_F(LostFiles, RefuseWritesOnceTheLogIsRemoved) {
  fs::remove(beside("-wal"));
  EXPECT_THAT(refused_write(), HasSubstr("batchai.db-wal has been removed"));
}

TEST_F(LostFiles, RefuseAWriteDuringWhichTheDatabaseIsRemoved) {
  EXPECT_THAT(refusal([this] {
                store_->write([&](Transaction& transaction) {
                  transaction.put({.key = "during", .kind = "thing"});
                  fs::remove(file_);
                });
              }),
              HasSubstr("batchai.db has been removed"));
}

TEST_F(LostFiles, AreSavedWithAllThatWasAcknowledged) {
  fs::remove(file_);
  EXPECT_THAT(refused_write(), HasSubstr("What it held is in " + beside(".rescued").string()));
  store_.reset();
  fs::remove(beside("-wal"));
  fs::remove(beside("-shm"));
  fs::rename(beside(".rescued"), file_);
  SqliteStore again(file_, clock_);
  EXPECT_EQ(count(again), 1U);
}

TEST_F(LostFiles, AreGoneWhenTheirFolderIsGone) {
  fs::rename(folder_.path(), folder_.path().string() + "-elsewhere");
  EXPECT_THAT(refused_write(), HasSubstr("restore the database from a copy"));
  fs::rename(folder_.path().string() + "-elsewhere", folder_.path());
  EXPECT_EQ(refused_write(), "taken") << "it is there again";
}

}  // namespace
}  // namespace batchai::server::test
