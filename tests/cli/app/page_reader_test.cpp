#include "cli/app/page_reader.hpp"

#include "batchai/core/error.hpp"

#include <atomic>
#include <condition_variable>

#include <gtest/gtest.h>

namespace batchai::cli::test {
namespace {

using nlohmann::json;

/// Pages `[0]`, `[1]`, …; the last one is `[count - 1]`.
struct Numbers {
  explicit Numbers(int pages) : count(pages) {}
  FetchPage fetch() {
    return [this] {
      const int number = fetched++;
      return ItemPage{.items = {number}, .last = number + 1 == count};
    };
  }

  const int count;
  std::atomic<int> fetched = 0;
};

TEST(PageReader, GivesAllPagesInTheirOrderAndIsNeverMoreThanOneAhead) {
  Numbers numbers(20);
  PageReader reader(numbers.fetch(), [] { FAIL() << "there is nothing to stop"; });
  EXPECT_EQ(numbers.fetched, 0);
  for (int page = 0; page < 20; ++page) {
    EXPECT_EQ(reader.next(), json::array({page}));
    EXPECT_LE(numbers.fetched, page + 2);
  }
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(numbers.fetched, 20);
}

TEST(PageReader, GivesThePagesBeforeTheOneThatFails) {
  int fetched = 0;
  PageReader reader(
      [&] {
        if (++fetched == 3) {
          throw ProtocolError("broken");
        }
        return ItemPage{.items = {fetched}, .last = false};
      },
      [] {});
  EXPECT_EQ(reader.next(), json::array({1}));
  EXPECT_EQ(reader.next(), json::array({2}));
  EXPECT_THROW(reader.next(), ProtocolError);
}

TEST(PageReader, StopsTheFetchThatNobodyWaitsForAnyMore) {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
  int fetched = 0;
  {
    PageReader reader(
        [&] {
          std::unique_lock lock(mutex);
          if (++fetched > 1) {
            changed.wait(lock, [&] { return stopped; });
          }
          return ItemPage{.items = {1}, .last = false};
        },
        [&] {
          const std::scoped_lock lock(mutex);
          stopped = true;
          changed.notify_all();
        });
    reader.next();
  }
  EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace batchai::cli::test
