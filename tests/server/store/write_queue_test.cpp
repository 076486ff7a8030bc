#include "server/store/write_queue.hpp"

#include "server/records/store_error.hpp"
#include "support/memory_store.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::sqlite::test {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

/// Writers in threads of their own, and the groups that they get into.
class WriteQueueTest : public ::testing::Test {
 protected:
  /// Runs groups, the first of them not before it has that many writes (or has reached a limit).
  WriteQueue::RunGroup groups(std::size_t first) {
    return [this, first](const WriteQueue::Next& next) {
      EXPECT_FALSE(running_.exchange(true)) << "one group at a time";
      sizes_.push_back(0);
      memory_.write([&](Transaction& transaction) {
        QueuedWrite* write = next();
        while (write != nullptr || (sizes_.size() == 1 && sizes_[0] < first)) {
          if (write != nullptr) {
            write->run(transaction);
            ++sizes_.back();
          }
          std::this_thread::yield();
          write = next();
        }
      });
      running_ = false;
      if (!problem_.empty()) {
        throw StoreError(problem_);
      }
    };
  }

  /// What each of `writers` gets thrown; those whose number is in `failing` throw themselves.
  std::vector<std::string> write(WriteQueue& queue, int writers, const std::vector<int>& failing = {}) {
    std::vector<std::string> errors(static_cast<std::size_t>(writers));
    std::vector<std::thread> threads;
    for (int t = 0; t < writers; ++t) {
      threads.emplace_back([&, t] {
        try {
          queue.write([&](Transaction& transaction) {
            transaction.put({.key = std::to_string(t), .kind = "thing"});
            if (std::find(failing.begin(), failing.end(), t) != failing.end()) {
              throw std::runtime_error("of " + std::to_string(t));
            }
          });
        } catch (const std::exception& error) {
          errors[static_cast<std::size_t>(t)] = error.what();
        }
      });
    }
    for (auto& thread : threads) {
      thread.join();
    }
    return errors;
  }

  server::test::MemoryStore memory_;
  std::vector<std::size_t> sizes_;
  std::atomic<bool> running_{false};
  std::string problem_;
};

constexpr GroupLimits kNoTimeLimit{.time = std::chrono::hours(1)};

TEST_F(WriteQueueTest, LetsThoseThatArriveMeanwhileGoTogether) {
  WriteQueue queue(groups(5), kNoTimeLimit);
  EXPECT_THAT(write(queue, 5), Each(""));
  EXPECT_THAT(sizes_, ElementsAre(5U));
}

TEST_F(WriteQueueTest, GivesEachWriterItsOwnFailure) {
  WriteQueue queue(groups(4), kNoTimeLimit);
  EXPECT_THAT(write(queue, 4, {1, 3}), ElementsAre("", "of 1", "", "of 3"));
}

TEST_F(WriteQueueTest, FailsAllOfAGroupThatFails) {
  WriteQueue queue(groups(3), kNoTimeLimit);
  problem_ = "disk full";
  EXPECT_THAT(write(queue, 3, {2}), ElementsAre("disk full", "disk full", "of 2"));
  problem_.clear();
  EXPECT_THAT(write(queue, 1), ElementsAre(""));
}

TEST_F(WriteQueueTest, FailsAWriterWhoseGroupFailsBeforeItsTurn) {
  WriteQueue queue([](const WriteQueue::Next&) { throw StoreError("lost"); });
  EXPECT_THAT(write(queue, 3), Each("lost"));
}

TEST_F(WriteQueueTest, EndsAGroupAtItsLargestSize) {
  WriteQueue queue(groups(2), {.writes = 2, .time = std::chrono::hours(1)});
  EXPECT_THAT(write(queue, 9), Each(""));
  EXPECT_EQ(sizes_.front(), 2U);
  EXPECT_THAT(sizes_, Each(::testing::Le(2U)));
}

TEST_F(WriteQueueTest, EndsAGroupAfterItsLongestTime) {
  WriteQueue queue(groups(0), {.time = std::chrono::seconds(0)});
  EXPECT_THAT(write(queue, 5), Each(""));
  EXPECT_THAT(sizes_, ElementsAre(1U, 1U, 1U, 1U, 1U));
}

}  // namespace
}  // namespace batchai::server::sqlite::test
