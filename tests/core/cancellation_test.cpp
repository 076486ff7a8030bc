#include "batchai/core/cancellation.hpp"

#include "batchai/core/clock.hpp"
#include "batchai/core/context.hpp"

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

TEST(Cancellation, FollowsAStopToken) {
  std::stop_source source;
  const CallContext context{.cancellation = source.get_token()};
  bool called = false;
  const auto registration = context.cancellation.on_cancel([&] { called = true; });
  EXPECT_FALSE(context.cancellation.cancelled());
  source.request_stop();
  EXPECT_TRUE(context.cancellation.cancelled());
  EXPECT_TRUE(called);
}

TEST(Cancellation, LetsACallbackRemoveItself) {
  CancellationSource source;
  CancellationRegistration registration;
  registration = source.token().on_cancel([&] { registration = {}; });
  source.cancel();
  EXPECT_TRUE(source.token().cancelled());
}

TEST(Within, BoundsACallFromNowOn) {
  using std::chrono::minutes;
  const auto before = std::chrono::steady_clock::now();
  const CallContext context = within(minutes(5));
  ASSERT_TRUE(context.deadline);
  EXPECT_GE(*context.deadline, before + minutes(5));
  EXPECT_LE(*context.deadline, std::chrono::steady_clock::now() + minutes(5));
  EXPECT_FALSE(context.cancellation.cancelled());
}

TEST(Within, TakesAStopTokenToo) {
  std::stop_source source;
  const CallContext context = within(std::chrono::seconds(1), source.get_token());
  source.request_stop();
  EXPECT_TRUE(context.cancellation.cancelled());
}

TEST(Within, IsNoBoundWhereTheClockCannotTell) { EXPECT_FALSE(within(std::chrono::nanoseconds::max()).deadline); }

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
