#include "batchai/core/operation.hpp"

#include "batchai/core/error.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_transport.hpp"

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;
using test::empty_response;
using test::json_response;

const char* const kResource = "https://h/r";
const char* const kStatus = "https://h/status";
const char* const kResult = "https://h/result";

class OperationTest : public ::testing::Test {
 protected:
  OperationPoller start(const char* method, const HttpResponse& first) {
    return {pipeline(), clock, {.method = method, .url = Url::parse(kResource)}, first};
  }
  std::shared_ptr<const Pipeline> pipeline() {
    return make_signing_pipeline({.transport = transport, .clock = clock}, {});
  }
  static HttpResponse accepted(Headers headers) { return empty_response(202, std::move(headers)); }

  std::shared_ptr<test::FakeTransport> transport = std::make_shared<test::FakeTransport>();
  std::shared_ptr<test::FakeClock> clock = std::make_shared<test::FakeClock>();
};

TEST_F(OperationTest, FollowsAzureAsyncOperationAndThenGetsTheResource) {
  auto poller = start("PUT", accepted({{"Azure-AsyncOperation", kStatus}, {"Location", kResult}}));
  EXPECT_FALSE(poller.done());
  transport->on("GET", kStatus, json_response(200, R"({"status":"InProgress"})", {{"Retry-After", "3"}}))
      .on("GET", kStatus, json_response(200, R"({"status":"succeeded"})"))
      .on("GET", kResource, json_response(200, R"({"name":"r"})"));
  std::vector<std::string> seen;
  poller.wait({.on_poll = [&](const std::string& status) { seen.push_back(status); }}, {});
  EXPECT_EQ(poller.result_body(), R"({"name":"r"})");
  EXPECT_EQ(clock->sleeps(), (std::vector<Duration>{25ms}));
  EXPECT_EQ(seen, (std::vector<std::string>{"InProgress", "succeeded"}));
}

TEST_F(OperationTest, GetsTheLocationAfterAPost) {
  auto poller = start("POST", accepted({{"Azure-AsyncOperation", kStatus}, {"Location", kResult}}));
  transport->on("GET", kStatus, json_response(200, R"({"status":"Succeeded"})"))
      .on("GET", kResult, json_response(200, "{}"));
  poller.wait({}, {});
  EXPECT_EQ(poller.result_body(), "{}");
}

TEST_F(OperationTest, GetsNothingAfterADelete) {
  auto poller = start("DELETE", accepted({{"Azure-AsyncOperation", kStatus}, {"Location", kResult}}));
  transport->on("GET", kStatus, json_response(200, R"({"status":"Succeeded"})"));
  poller.wait({}, {});
  EXPECT_TRUE(poller.result_body().empty());
}

TEST_F(OperationTest, FollowsLocationUntilItIsNo202) {
  auto poller = start("PUT", accepted({{"Location", kResult}}));
  transport->on("GET", kResult, accepted({{"Location", "https://h/moved"}}))
      .on("GET", "https://h/moved", json_response(200, R"({"name":"r"})"));
  poller.wait({.interval = 5s}, {});
  EXPECT_EQ(poller.result_body(), R"({"name":"r"})");
  EXPECT_EQ(clock->sleeps(), (std::vector<Duration>{25ms}));
}

TEST_F(OperationTest, TakesAMissingResultOfADeleteAsDone) {
  auto poller = start("DELETE", accepted({{"Location", kResult}}));
  transport->on("GET", kResult, empty_response(404));
  poller.wait({}, {});
  EXPECT_EQ(poller.status(), "Succeeded");
}

TEST_F(OperationTest, FollowsTheProvisioningStateWithoutHeaders) {
  auto poller = start("PUT", json_response(200, R"({"properties":{"provisioningState":"creating"}})"));
  transport->on("GET", kResource, json_response(200, R"({"properties":{"provisioningState":"creating"}})"))
      .on("GET", kResource, json_response(200, R"({"properties":{"provisioningState":"succeeded"}})"));
  poller.wait({}, {});
  EXPECT_EQ(poller.result_body(), R"({"properties":{"provisioningState":"succeeded"}})");
}

TEST_F(OperationTest, IsDoneAtOnceAfterASynchronousAnswer) {
  EXPECT_TRUE(start("PUT", json_response(200, R"({"name":"r"})")).done());
  EXPECT_TRUE(start("DELETE", empty_response(204)).done());
  EXPECT_TRUE(start("DELETE", empty_response(202)).done());
}

TEST_F(OperationTest, CarriesTheServicesErrorWhenItFails) {
  auto poller = start("PUT", accepted({{"Azure-AsyncOperation", kStatus}}));
  transport->on("GET", kStatus,
                json_response(200, R"({"status":"Failed","error":{"code":"Quota","message":"no cores left"}})"));
  try {
    poller.wait({}, {});
    FAIL();
  } catch (const OperationFailed& error) {
    EXPECT_EQ(error.operation_status(), "Failed");
    EXPECT_EQ(error.body().code, "Quota");
    EXPECT_STREQ(error.what(), "(Quota) no cores left");
  }
}

TEST_F(OperationTest, RefusesAnErrorAnswerFromTheStart) {
  try {
    start("PUT", json_response(409, R"({"error":{"code":"Conflict","message":"there is one"}})"));
    FAIL();
  } catch (const ServiceError& error) {
    EXPECT_EQ(error.status(), 409);
    EXPECT_EQ(error.code(), "Conflict");
  }
}

TEST_F(OperationTest, KeepsToTheDeadline) {
  auto poller = start("PUT", accepted({{"Azure-AsyncOperation", kStatus}}));
  const auto deadline = clock->steady_now() + 29s;
  for (int looks = 0; looks < 12; ++looks) {
    transport->on("GET", kStatus, json_response(200, R"({"status":"InProgress"})", {{"Retry-After", "30"}}));
  }
  EXPECT_THROW(poller.wait({}, {.deadline = deadline}), DeadlineExceeded);
  EXPECT_EQ(clock->steady_now(), deadline);
}

TEST_F(OperationTest, LooksALastTimeShortlyBeforeTheDeadline) {
  auto poller = start("DELETE", accepted({{"Location", kStatus}, {"Retry-After", "30"}}));
  const auto deadline = clock->steady_now() + 29s;
  for (int looks = 0; looks < 10; ++looks) {  // after 25 ms, 75 ms, … 25.575 s
    transport->on("GET", kStatus, empty_response(202, {{"Retry-After", "30"}}));
  }
  transport->on_call("GET", kStatus, [&](const HttpRequest&, const CallContext&) {
    EXPECT_LT(clock->steady_now(), deadline);
    EXPECT_GE(clock->steady_now(), deadline - 1s);
    return batchai::test::empty_response(204);
  });
  poller.wait({}, {.deadline = deadline});
  EXPECT_TRUE(poller.done());
}

TEST_F(OperationTest, CanBeCancelledAndTakenUpAgain) {
  auto poller = start("PUT", accepted({{"Azure-AsyncOperation", kStatus}}));
  CancellationSource source;
  transport->on_call("GET", kStatus, [&](const HttpRequest&, const CallContext&) {
    source.cancel();
    return json_response(200, R"({"status":"InProgress"})");
  });
  EXPECT_THROW(poller.wait({}, {.cancellation = source.token()}), Cancelled);

  auto resumed = OperationPoller::resume(pipeline(), clock, poller.resume_token());
  transport->on("GET", kStatus, json_response(200, R"({"status":"Succeeded"})"))
      .on("GET", kResource, json_response(200, "{}"));
  resumed.wait({}, {});
  EXPECT_TRUE(resumed.done());
  EXPECT_THROW(OperationPoller::resume(pipeline(), clock, "nonsense"), InvalidArgument);
}

TEST_F(OperationTest, ThrowsTheSameFailureAtEachWait) {
  auto poller = start("PUT", accepted({{"Azure-AsyncOperation", kStatus}}));
  transport->on("GET", kStatus,
                json_response(200, R"({"status":"Failed","error":{"code":"NoQuota","message":"Too many."}})"));
  Operation<std::string> operation(std::move(poller), [](const std::string& body) { return body; });
  for (int i = 0; i < 2; ++i) {
    try {
      operation.wait();
      FAIL() << "nothing was thrown";
    } catch (const OperationFailed& error) {
      EXPECT_STREQ(error.what(), "(NoQuota) Too many.");
      EXPECT_EQ(error.operation_status(), "Failed");
    }
  }
  EXPECT_THROW(operation.poll(), OperationFailed);
  EXPECT_TRUE(operation.done());
}

TEST_F(OperationTest, IsNotDoneWhileTheFinalDocumentIsMissing) {
  auto poller = start("PUT", accepted({{"Azure-AsyncOperation", kStatus}}));
  transport->on("GET", kStatus, json_response(200, R"({"status":"Succeeded"})"))
      .on("GET", kResource, json_response(404, "{}"));
  EXPECT_THROW(poller.wait({}, {}), ServiceError);
  EXPECT_FALSE(poller.done());
}

/// Which headers the first answer has, what is asked then, and what the caller gets.
struct Path {
  std::string name;
  std::string method;
  bool async_operation;
  bool location;
  std::vector<std::string> polled;
  std::string result;
};

class OperationPath : public OperationTest, public ::testing::WithParamInterface<Path> {};

TEST_P(OperationPath, AsksWhatTheHeadersAndTheVerbSay) {
  Headers headers;
  if (GetParam().async_operation) {
    headers.set("Azure-AsyncOperation", kStatus);
    transport->on("GET", kStatus, json_response(200, R"({"status":"Succeeded"})"));
  }
  if (GetParam().location) {
    headers.set("Location", kResult);
  }
  for (const std::string& url : GetParam().polled) {
    transport->on("GET", url,
                  url == kResource ? json_response(200, R"("resource")") : json_response(200, R"("result")"));
  }
  auto poller = start(GetParam().method.c_str(), accepted(headers));
  poller.wait({}, {});
  EXPECT_EQ(poller.result_body(), GetParam().result);
}

INSTANTIATE_TEST_SUITE_P(All, OperationPath,
                         ::testing::Values(Path{"PutBoth", "PUT", true, true, {kResource}, R"("resource")"},
                                           Path{"PutAsync", "PUT", true, false, {kResource}, R"("resource")"},
                                           Path{"PutLocation", "PUT", false, true, {kResult}, R"("result")"},
                                           Path{"PutNeither", "PUT", false, false, {kResource}, R"("resource")"},
                                           Path{"PatchBoth", "PATCH", true, true, {kResource}, R"("resource")"},
                                           Path{"PostBoth", "POST", true, true, {kResult}, R"("result")"},
                                           Path{"PostAsync", "POST", true, false, {}, ""},
                                           Path{"PostLocation", "POST", false, true, {kResult}, R"("result")"},
                                           Path{"PostNeither", "POST", false, false, {}, ""},
                                           Path{"DeleteBoth", "DELETE", true, true, {}, ""},
                                           Path{"DeleteAsync", "DELETE", true, false, {}, ""},
                                           Path{"DeleteLocation", "DELETE", false, true, {kResult}, R"("result")"},
                                           Path{"DeleteNeither", "DELETE", false, false, {}, ""}),
                         [](const auto& path) { return path.param.name; });

TEST_F(OperationTest, PollsSoonAtFirstAndThenAsSeldomAsTheServiceAsksFor) {
  auto poller = start("DELETE", accepted({{"Azure-AsyncOperation", kStatus}, {"Retry-After", "1"}}));
  for (int i = 0; i < 7; ++i) {
    transport->on("GET", kStatus, json_response(200, R"({"status":"InProgress"})", {{"Retry-After", "1"}}));
  }
  transport->on("GET", kStatus, json_response(200, R"({"status":"Succeeded"})"));
  poller.wait({}, {});
  EXPECT_EQ(clock->sleeps(), (std::vector<Duration>{25ms, 50ms, 100ms, 200ms, 400ms, 800ms, 1s, 1s}));
}

TEST_F(OperationTest, PollsAsSeldomAsItsUserWantsWhereTheServiceAsksForNothing) {
  auto poller = start("DELETE", accepted({{"Azure-AsyncOperation", kStatus}}));
  for (int i = 0; i < 4; ++i) {
    transport->on("GET", kStatus, json_response(200, R"({"status":"InProgress"})"));
  }
  transport->on("GET", kStatus, json_response(200, R"({"status":"Succeeded"})"));
  poller.wait({.interval = 60ms}, {});
  EXPECT_EQ(clock->sleeps(), (std::vector<Duration>{25ms, 50ms, 60ms, 60ms}));
}

TEST_F(OperationTest, LooksEveryFiveMinutesHoweverLongThePauseThatIsAskedFor) {
  OperationPoller poller = start("DELETE", empty_response(202, {{"Location", kStatus}, {"Retry-After", "172800"}}));
  for (int i = 0; i < 15; ++i) {
    transport->on("GET", kStatus, empty_response(202, {{"Retry-After", "3600"}}));
  }
  transport->on("GET", kStatus, empty_response(204));
  poller.wait({}, {});
  EXPECT_EQ(clock->sleeps().at(14), 300s);
  EXPECT_EQ(clock->sleeps().at(15), 300s);
}

TEST_F(OperationTest, DoesNotPauseWhereTheServiceWaits) {
  auto poller = start("DELETE", accepted({{"Azure-AsyncOperation", kStatus}}));
  const Headers waited{{"Preference-Applied", "wait=20"}, {"Retry-After", "1"}};
  transport->on("GET", kStatus, json_response(200, R"({"status":"InProgress"})", waited))
      .on("GET", kStatus, json_response(200, R"({"status":"Succeeded"})", waited));
  poller.wait({}, {});
  EXPECT_EQ(clock->sleeps(), std::vector<Duration>{});
  for (const HttpRequest& request : transport->requests()) {
    EXPECT_EQ(request.headers.get("Prefer"), "wait=20");
  }
}

TEST_F(OperationTest, LetsTheServiceWaitNoLongerThanTheDeadline) {
  auto poller = start("DELETE", accepted({{"Location", kStatus}}));
  transport->on("GET", kStatus, accepted({{"Preference-Applied", "wait=4"}})).on("GET", kStatus, empty_response(204));
  poller.wait({.on_poll = [&](const std::string&) { clock->advance(4s); }}, {.deadline = clock->steady_now() + 5s});
  EXPECT_EQ(transport->requests().front().headers.get("Prefer"), "wait=4");
  EXPECT_FALSE(transport->requests().back().headers.contains("Prefer"));
}

TEST_F(OperationTest, DoesNotLetTheServiceWaitInASinglePoll) {
  auto poller = start("DELETE", accepted({{"Location", kStatus}}));
  transport->on("GET", kStatus, empty_response(204));
  poller.poll({});
  EXPECT_FALSE(transport->last_request().headers.contains("Prefer"));
}

TEST_F(OperationTest, FollowsALocationWithoutHost) {
  auto poller = start("PUT", accepted({{"Location", "/result"}}));
  transport->on("GET", kResult, json_response(200, "{}"));
  poller.wait({}, {});
  EXPECT_TRUE(poller.done());
}

TEST_F(OperationTest, EndsWithACanceledOperation) {
  auto poller = start("DELETE", accepted({{"Azure-AsyncOperation", kStatus}}));
  transport->on("GET", kStatus, json_response(200, R"({"status":"canceled"})"));
  try {
    poller.wait({}, {});
    FAIL();
  } catch (const OperationFailed& error) {
    EXPECT_EQ(error.operation_status(), "canceled");
  }
  EXPECT_TRUE(poller.done());
}

TEST_F(OperationTest, EndsWithAFailedProvisioningState) {
  auto poller = start("PUT", json_response(201, R"({"properties":{"provisioningState":"creating"}})"));
  transport->on("GET", kResource,
                json_response(200, R"({"properties":{"provisioningState":"failed"},"error":{"code":"X"}})"));
  EXPECT_THROW(poller.wait({}, {}), OperationFailed);
}

TEST_F(OperationTest, RefusesAFailedLocation) {
  auto poller = start("POST", accepted({{"Location", kResult}}));
  transport->on("GET", kResult, json_response(409, R"({"error":{"code":"Conflict","message":"no"}})"));
  EXPECT_THROW(poller.wait({}, {}), ServiceError);
}

TEST_F(OperationTest, RefusesAStatusDocumentWithoutStatus) {
  auto poller = start("PUT", accepted({{"Azure-AsyncOperation", kStatus}}));
  transport->on("GET", kStatus, json_response(200, "{}"));
  EXPECT_THROW(poller.wait({}, {}), ProtocolError);
}

TEST_F(OperationTest, KeepsPollingOverAThrottledPoll) {
  auto poller = start("DELETE", accepted({{"Azure-AsyncOperation", kStatus}}));
  transport->on("GET", kStatus, empty_response(429, {{"Retry-After", "2"}}))
      .on("GET", kStatus, json_response(200, R"({"status":"Succeeded"})"));
  poller.wait({}, {});
  EXPECT_EQ(clock->sleeps(), (std::vector<Duration>{2s}));
}

}  // namespace
}  // namespace batchai::test
