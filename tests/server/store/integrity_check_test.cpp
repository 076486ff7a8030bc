#include "server/store/integrity_check.hpp"

#include "server/store/refusal.hpp"
#include "server/store/sqlite_store.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;

using Verdict = CheckResult::Verdict;

constexpr std::streamoff kPage = 4096;

/// While it lives, SQLite cannot read one page of the databases that are opened, as from a disk that fails.
class UnreadablePage {
 public:
  explicit UnreadablePage(int page) {
    page_ = page;
    shim_ = *system_;
    shim_.zName = "unreadable-page";
    shim_.xOpen = open;
    sqlite3_vfs_register(&shim_, 1);
  }
  ~UnreadablePage() {
    sqlite3_vfs_register(system_, 1);
    sqlite3_vfs_unregister(&shim_);
  }
  UnreadablePage(const UnreadablePage&) = delete;
  UnreadablePage& operator=(const UnreadablePage&) = delete;

 private:
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    const int code = system_->xOpen(system_, name, file, flags, out);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0) {
      methods_ = *file->pMethods;
      read_ = methods_.xRead;
      methods_.xRead = read;
      file->pMethods = &methods_;
    }
    return code;
  }

  static int read(sqlite3_file* file, void* buffer, int size, sqlite3_int64 offset) {
    return offset == page_ * kPage ? SQLITE_IOERR_READ : read_(file, buffer, size, offset);
  }

  static inline int page_ = 0;
  static inline sqlite3_vfs* system_ = sqlite3_vfs_find(nullptr);
  static inline sqlite3_vfs shim_ = {};
  static inline sqlite3_io_methods methods_ = {};
  static inline int (*read_)(sqlite3_file*, void*, int, sqlite3_int64) = nullptr;
};

class IntegrityCheckTest : public ::testing::Test {
 protected:
  std::unique_ptr<SqliteStore> open() { return std::make_unique<SqliteStore>(file_, clock_); }

  /// A database of some hundred pages.
  void fill() {
    open()->write([](Transaction& transaction) {
      for (int i = 0; i < 500; ++i) {
        transaction.put(
            {.key = "key-" + std::to_string(i), .kind = "thing", .body = {{"text", std::string(1000, 'x')}}});
      }
    });
  }

  /// Overwrites a page far behind those that a start reads.
  void damage() const {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100 * kPage);
    file << std::string(kPage, '\xff');
  }

  /// What the background check says at its end.
  CheckResult check() const {
    std::promise<CheckResult> end;
    IntegrityCheck check(file_, [&](const CheckResult& result) { end.set_value(result); });
    check.start();
    CheckResult result = end.get_future().get();
    EXPECT_EQ(check.damage().value_or(""), result.verdict == Verdict::Damaged ? result.problem : "");
    return result;
  }

  std::string complete_check() const {
    return refusal([this] { check_completely(file_); });
  }

  batchai::test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "batchai.db";
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
};

TEST_F(IntegrityCheckTest, FindsNothingInASoundDatabaseThatIsOpen) {
  fill();
  auto store = open();
  store->write([](Transaction& transaction) { transaction.put({.key = "in the log", .kind = "thing"}); });
  EXPECT_EQ(check(), CheckResult());
  EXPECT_EQ(complete_check(), "taken");
}

TEST_F(IntegrityCheckTest, FindsDamageThatTheStartDoesNotMeet) {
  fill();
  damage();
  auto store = open();
  const CheckResult result = check();
  EXPECT_EQ(result.verdict, Verdict::Damaged);
  EXPECT_THAT(result.problem, HasSubstr(file_.string() + " is damaged ("));
  EXPECT_THAT(complete_check(), HasSubstr(file_.string() + " is damaged ("));
}

TEST_F(IntegrityCheckTest, LeavesReadableWhatDoesNotMeetTheDamage) {
  fill();
  damage();
  auto store = open();
  store->read([](Transaction& transaction) { EXPECT_TRUE(transaction.get("key-0")); });
  const auto read_all = [&] { store->read([](Transaction& transaction) { transaction.list("thing"); }); };
  EXPECT_THAT(refusal(read_all), HasSubstr("is damaged"));
}

TEST_F(IntegrityCheckTest, FindsAFileThatIsNoDatabaseAnyMore) {
  std::ofstream(file_) << std::string(5000, 'x');
  const CheckResult result = check();
  EXPECT_EQ(result.verdict, Verdict::Damaged);
  EXPECT_THAT(result.problem, HasSubstr("is damaged or is not a database"));
}

TEST_F(IntegrityCheckTest, DoesNotCallDamagedWhatItCouldNotOpen) {
  const CheckResult result = check();
  EXPECT_EQ(result.verdict, Verdict::Unchecked);
  EXPECT_THAT(result.problem, HasSubstr(file_.string()));
}

TEST_F(IntegrityCheckTest, DoesNotCallDamagedWhatItCouldNotRead) {
  fill();
  const UnreadablePage unreadable(100);
  const CheckResult result = check();
  EXPECT_EQ(result.verdict, Verdict::Unchecked);
  EXPECT_THAT(result.problem, HasSubstr(file_.string() + " cannot be read ("));
  EXPECT_THAT(complete_check(), HasSubstr(file_.string() + " cannot be read ("));
}

TEST_F(IntegrityCheckTest, CanBeStoppedAtAnyMoment) {
  fill();
  damage();
  for (int round = 0; round < 50; ++round) {
    bool stopped = false;
    IntegrityCheck check(file_, [&](const auto&) { EXPECT_FALSE(stopped); });
    check.start();
    if (round % 2 == 0) {
      std::this_thread::yield();
    }
    check.stop();
    stopped = true;
  }
}

TEST_F(IntegrityCheckTest, CompleteRefusesWhatIsNoDatabaseOfTheService) {
  EXPECT_THAT(complete_check(), HasSubstr(file_.string() + " is missing"));
  std::ofstream{file_};
  EXPECT_THAT(complete_check(), HasSubstr(file_.string() + " is empty"));
  std::ofstream(file_) << std::string(5000, 'x');
  EXPECT_THAT(complete_check(), HasSubstr("is damaged or is not a database"));
}

}  // namespace
}  // namespace batchai::server::test
