#include "server/store/sqlite_store.hpp"

#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;

class SqliteStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<SqliteStore> open() { return std::make_unique<SqliteStore>(file_, clock_); }

  std::string error_of_open() {
    try {
      open();
    } catch (const StoreError& error) {
      return error.what();
    }
    return "opened";
  }

  void execute(const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
  }

  static void put(Store& store, const std::string& key) {
    store.write([&](Transaction& transaction) { transaction.put({.key = key, .kind = "thing"}); });
  }

  static std::size_t count(Store& store) {
    std::size_t size = 0;
    store.read([&](Transaction& transaction) { size = transaction.list("thing").size(); });
    return size;
  }

  batchai::test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "batchai.db";
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
};

TEST_F(SqliteStoreTest, KeepsDocumentsSequencesAndTimesOverARestart) {
  Document first;
  {
    auto store = open();
    store->write([&](Transaction& transaction) { first = transaction.put({.key = "a", .kind = "thing"}); });
    put(*store, "b");
    store->write([](Transaction& transaction) { transaction.erase("b"); });
  }
  auto store = open();
  store->write([&](Transaction& transaction) {
    EXPECT_EQ(transaction.get("a")->changed, first.changed);
    const auto next = transaction.put({.key = "c", .kind = "thing"});
    EXPECT_EQ(next.sequence, first.sequence + 2);
    EXPECT_GT(next.changed, first.changed + Ticks(1));
  });
}

TEST_F(SqliteStoreTest, HidesItsFilesFromOtherUsers) {
  ::umask(0);
  auto store = open();
  put(*store, "a");
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.status().permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << entry.path();
  }
}

TEST_F(SqliteStoreTest, RefusesTheDatabaseOfAnotherProgram) {
  execute("CREATE TABLE bookmarks (url TEXT)");
  EXPECT_THAT(error_of_open(), HasSubstr("another program"));
}

TEST_F(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  std::ofstream(file_) << std::string(5000, 'x');
  EXPECT_THAT(error_of_open(), HasSubstr("damaged"));
}

TEST_F(SqliteStoreTest, RefusesADamagedDatabase) {
  {
    auto store = open();
    for (int i = 0; i < 200; ++i) {
      put(*store, "key-" + std::to_string(i));
    }
  }
  std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  file << std::string(8192, '\xff');
  file.close();
  EXPECT_THAT(error_of_open(), HasSubstr("damaged"));
}

TEST_F(SqliteStoreTest, NamesTheMissingFolder) {
  file_ = folder_.path() / "missing" / "batchai.db";
  EXPECT_THAT(error_of_open(), HasSubstr("missing/batchai.db"));
}

TEST_F(SqliteStoreTest, LetsOneProcessAtATimeIn) {
  auto store = open();
  EXPECT_THAT(error_of_open(), HasSubstr("in use by another process"));
}

/// Files of this process do not grow while it lives: writes to them fail.
class NoGrowth {
 public:
  NoGrowth() : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    struct rlimit none = before_;
    none.rlim_cur = 1;
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~NoGrowth() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  struct rlimit before_ {};
  void (*handler_)(int);
};

TEST_F(SqliteStoreTest, TellsAllWritersThatNothingCanBeWritten) {
  auto store = open();
  put(*store, "before");
  std::atomic<int> refused{0};
  {
    const NoGrowth no_growth;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        try {
          put(*store, "refused-" + std::to_string(t));
        } catch (const StoreError&) {
          ++refused;
        }
      });
    }
    for (auto& thread : threads) {
      thread.join();
    }
  }
  EXPECT_EQ(refused, 8);
  EXPECT_EQ(count(*store), 1U);
  put(*store, "after");
  EXPECT_EQ(count(*store), 2U);
}

// The child tells the number of each write that has returned; then it dies without any chance to tidy up.
TEST_F(SqliteStoreTest, LosesNoAcknowledgedWriteWhenItsProcessIsKilled) {
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    SqliteStore store(file_, clock_);
    for (int i = 1;; ++i) {
      put(store, "k" + std::to_string(i));
      if (::write(pipe_ends[1], &i, sizeof i) != sizeof i) {
        ::_exit(1);
      }
    }
  }
  int acknowledged = 0;
  while (acknowledged < 50 && ::read(pipe_ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(pipe_ends[1]);
  while (::read(pipe_ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
  }
  ::close(pipe_ends[0]);

  auto store = open();
  EXPECT_GE(acknowledged, 50);
  EXPECT_GE(count(*store), static_cast<std::size_t>(acknowledged));
  EXPECT_LE(count(*store), static_cast<std::size_t>(acknowledged) + 1);
  put(*store, "afterwards");
}

}  // namespace
}  // namespace batchai::server::test
