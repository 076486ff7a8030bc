#include "core/interruptible_mutex.hpp"

#include "batchai/core/error.hpp"

#include <atomic>
#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

TEST(InterruptibleMutex, IsHeldByOneThreadAtATime) {
  InterruptibleMutex turn;
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        const InterruptibleLock holder(turn, {});
        most = std::max(most.load(), ++inside);
        --inside;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(most, 1);
}

TEST(InterruptibleMutex, IsNoLongerWaitedForWhenCancelled) {
  InterruptibleMutex turn;
  const InterruptibleLock holder(turn, {});
  CancellationSource source;
  auto waiting = std::async(std::launch::async, [&] { turn.take({.cancellation = source.token()}); });
  source.cancel();
  EXPECT_THROW(waiting.get(), Cancelled);
}

TEST(InterruptibleMutex, IsNotWaitedForPastTheDeadline) {
  InterruptibleMutex turn;
  const InterruptibleLock holder(turn, {});
  EXPECT_THROW(turn.take({.deadline = std::chrono::steady_clock::now()}), DeadlineExceeded);
}

TEST(InterruptibleMutex, GoesOnAfterOneThatGaveUp) {
  InterruptibleMutex turn;
  {
    const InterruptibleLock holder(turn, {});
    EXPECT_THROW(turn.take({.deadline = std::chrono::steady_clock::now()}), DeadlineExceeded);
  }
  EXPECT_NO_THROW(turn.take({}));
}

}  // namespace
}  // namespace batchai::test
