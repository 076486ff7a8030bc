#include "batchai/core/cancellation.hpp"

#include "batchai/core/clock.hpp"

#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

TEST(Cancellation, CallsEachRegisteredCallbackOnce) {
  CancellationSource source;
  int calls = 0;
  const auto first = source.token().on_cancel([&] { ++calls; });
  const auto second = source.token().on_cancel([&] { ++calls; });
  source.cancel();
  source.cancel();
  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(source.token().cancelled());
}

TEST(Cancellation, CallsAtOnceWhenItHasHappened) {
  CancellationSource source;
  source.cancel();
  bool called = false;
  const auto registration = source.token().on_cancel([&] { called = true; });
  EXPECT_TRUE(called);
}

TEST(Cancellation, DoesNotCallAfterTheRegistrationIsGone) {
  CancellationSource source;
  bool called = false;
  {
    const auto registration = source.token().on_cancel([&] { called = true; });
  }
  source.cancel();
  EXPECT_FALSE(called);
}

TEST(Cancellation, ADefaultTokenIsNeverCancelled) {
  const CancellationToken token;
  const auto registration = token.on_cancel([] { FAIL(); });
  EXPECT_FALSE(token.cancelled());
}

TEST(Cancellation, WaitsForARunningCallbackWhenTheRegistrationGoes) {
  CancellationSource source;
  std::promise<void> entered;
  std::promise<void> leave;
  bool finished = false;
  auto registration = std::make_unique<CancellationRegistration>(source.token().on_cancel([&] {
    entered.set_value();
    leave.get_future().wait();
    finished = true;
  }));
  std::thread canceller([&] { source.cancel(); });
  entered.get_future().wait();
  std::thread releaser([&] { leave.set_value(); });
  registration.reset();
  EXPECT_TRUE(finished);
  canceller.join();
  releaser.join();
}

TEST(Cancellation, EndsASleepOfTheSystemClock) {
  CancellationSource source;
  std::thread canceller([&] { source.cancel(); });
  const auto started = std::chrono::steady_clock::now();
  system_clock()->sleep_for(std::chrono::hours(1), source.token());
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::minutes(1));
  canceller.join();
}

}  // namespace
}  // namespace batchai::test
