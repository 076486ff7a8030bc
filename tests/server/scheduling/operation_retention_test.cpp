#include "server/scheduling/operation_retention.hpp"

#include "support/fake_clock.hpp"
#include "support/memory_store.hpp"

#include <future>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using namespace std::chrono_literals;

class OperationRetentionTest : public ::testing::Test {
 protected:
  std::string begin() {
    std::string id;
    store_.write([&](Transaction& transaction) {
      id = create_operation(transaction, clock_.now(), "sub", "eastus", "sub$group").id;
    });
    return id;
  }

  void end(const std::string& id) {
    store_.write([&](Transaction& transaction) { succeed_operation(transaction, clock_.now(), id); });
  }

  std::string begin_and_end() {
    const std::string id = begin();
    end(id);
    return id;
  }

  /// In one write, as the store of this test copies itself for each.
  void fill(
      int number, const std::function<bool(int)>& ended = [](int) { return true; }) {
    store_.write([&](Transaction& transaction) {
      for (int i = 0; i < number; ++i) {
        const auto id = create_operation(transaction, clock_.now(), "sub", "eastus", "sub$group").id;
        if (ended(i)) {
          succeed_operation(transaction, clock_.now(), id);
        }
      }
    });
  }

  bool is_known(const std::string& id) {
    bool known = false;
    store_.read([&](Transaction& transaction) { known = find_operation(transaction, id).has_value(); });
    return known;
  }

  std::int64_t count() {
    std::int64_t number = 0;
    store_.read([&](Transaction& transaction) { number = transaction.count(kOperationKind); });
    return number;
  }

  std::size_t prune(const OperationRetention& retention) { return OperationPruner(store_, clock_, retention).prune(); }

  batchai::test::FakeClock clock_;
  MemoryStore store_;
};

TEST_F(OperationRetentionTest, ForgetsWhatEndedLongAgoAndNothingElse) {
  const auto old = begin_and_end();
  const auto running = begin();
  const auto slow = begin();
  clock_.advance(30h);
  end(slow);
  clock_.advance(19h);
  const auto young = begin_and_end();
  EXPECT_EQ(prune({.keep = 48h}), 1U);
  EXPECT_FALSE(is_known(old));
  EXPECT_TRUE(is_known(running));
  EXPECT_TRUE(is_known(slow)) << "it ended 19 hours ago";
  EXPECT_TRUE(is_known(young));
}

TEST_F(OperationRetentionTest, CountsFromTheEndToTheHour) {
  const auto id = begin_and_end();
  clock_.advance(24h);
  EXPECT_EQ(prune({.keep = 24h}), 0U);
  clock_.advance(1s);
  EXPECT_EQ(prune({.keep = 24h}), 1U);
  EXPECT_FALSE(is_known(id));
}

TEST_F(OperationRetentionTest, GoesThroughManyPages) {
  fill(950, [](int i) { return i % 3 != 0; });
  clock_.advance(49h);
  EXPECT_EQ(prune({.keep = 48h}), 633U);
  EXPECT_EQ(count(), 317) << "those that run";
}

TEST_F(OperationRetentionTest, TakesTheOldestEndedOnesWhenThereAreTooMany) {
  const auto running = begin();
  const auto first = begin_and_end();
  const auto second = begin_and_end();
  for (int i = 0; i < 7; ++i) {
    begin_and_end();
  }
  EXPECT_EQ(prune({.keep = 48h, .most = 9}), 1U);
  EXPECT_TRUE(is_known(running));
  EXPECT_FALSE(is_known(first));
  EXPECT_TRUE(is_known(second));
  EXPECT_EQ(prune({.keep = 48h, .most = 9}), 0U);
}

TEST_F(OperationRetentionTest, NeverTakesOneThatRunsHoweverManyThereAre) {
  for (int i = 0; i < 20; ++i) {
    begin();
  }
  EXPECT_EQ(prune({.most = 5}), 0U);
  EXPECT_EQ(count(), 20);
}

/// A store that counts the documents of one write, and may be broken.
class WatchedStore final : public Store {
 public:
  explicit WatchedStore(Store& inner) : inner_(inner) {}
  void write(const std::function<void(Transaction&)>& work) override {
    ++writes;
    inner_.write(work);
  }
  void read(const std::function<void(Transaction&)>& work) override {
    if (broken) {
      throw std::runtime_error("the disk is gone");
    }
    inner_.read(work);
  }
  int writes = 0;
  bool broken = false;

 private:
  Store& inner_;
};

TEST_F(OperationRetentionTest, WritesInPiecesSoThatOthersGetTheirTurn) {
  fill(1000);
  clock_.advance(49h);
  WatchedStore watched(store_);
  OperationPruner pruner(watched, clock_, {.keep = 48h});
  EXPECT_EQ(pruner.prune(), 1000U);
  EXPECT_GE(watched.writes, 5);
}

TEST_F(OperationRetentionTest, TellsWhatWentWrongInTheBackgroundAndStopsAtOnce) {
  WatchedStore watched(store_);
  watched.broken = true;
  std::promise<std::string> told;
  OperationPruner pruner(watched, clock_, {}, [&told](const std::string& text) { told.set_value(text); });
  pruner.start();
  EXPECT_THAT(told.get_future().get(), ::testing::HasSubstr("the disk is gone"));
  pruner.stop();
  pruner.stop();
}

}  // namespace
}  // namespace batchai::server::test
