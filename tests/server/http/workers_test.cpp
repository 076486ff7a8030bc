#include "server/http/workers.hpp"

#include <atomic>
#include <future>
#include <latch>
#include <vector>

#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

TEST(Workers, RunAsManyTasksAtATimeAsThereAreThreads) {
  Workers workers(3);
  std::latch all_run(3);
  std::latch done(3);
  for (int i = 0; i < 3; ++i) {
    workers.post([&] {
      all_run.arrive_and_wait();
      done.count_down();
    });
  }
  done.wait();
}

TEST(Workers, KeepTheOrderOfWhatHasToWait) {
  Workers workers(1);
  std::promise<void> open;
  workers.post([opened = open.get_future().share()] { opened.wait(); });
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) {
    workers.post([&order, i] { order.push_back(i); });
  }
  open.set_value();
  workers.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(Workers, RunWhatHasBeenPostedBeforeTheyEnd) {
  std::atomic<int> runs = 0;
  {
    Workers workers(2);
    for (int i = 0; i < 1'000; ++i) {
      workers.post([&runs] { ++runs; });
    }
  }
  EXPECT_EQ(runs, 1'000);
}

}  // namespace
}  // namespace batchai::server::test
