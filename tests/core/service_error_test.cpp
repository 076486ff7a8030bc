#include "batchai/core/error.hpp"
#include "batchai/core/pipeline.hpp"
#include "core/answer.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;

/// Asks for `url` and returns what the answer is thrown as.
template <class E>
E refused(const std::string& url, HttpResponse answer) {
  const auto network = std::make_shared<FakeTransport>();
  network->on("DELETE", url, std::move(answer));
  const auto pipeline = make_signing_pipeline(
      {.transport = network, .clock = std::make_shared<FakeClock>(), .retry = {.max_retries = 0}}, {});
  const HttpResponse response = pipeline->send({.method = "DELETE", .url = Url::parse(url)}, {});
  try {
    require_success(response);
  } catch (const E& error) {
    return error;
  }
  throw std::logic_error("nothing was thrown");
}

TEST(ServiceError, SaysAllAboutRequestAndAnswer) {
  const std::string body = R"({"error": {"code": "Busy", "message": "Later.", "innererror": {"code": "Deep"},
      "additional": "text", "details": [{"code": "Inner", "message": "Still running.", "hint": "wait"}]}})";
  const auto error = refused<Conflict>("https://h/a?comp=x&sig=s3cret",
                                       json_response(409, body, {{"x-ms-request-id", "r-1"}, {"Retry-After", "7"}}));
  EXPECT_EQ(error.status(), 409);
  EXPECT_EQ(error.method(), "DELETE");
  EXPECT_EQ(error.url(), "https://h/a?comp=x&sig=REDACTED");
  EXPECT_EQ(error.code(), "Busy");
  EXPECT_THAT(error.message(), testing::StartsWith("Later."));
  EXPECT_EQ(error.request_id(), "r-1");
  EXPECT_EQ(error.client_request_id().size(), 36U);
  EXPECT_EQ(error.retry_after(), Duration(7s));
  EXPECT_EQ(error.raw_body(), body);
  EXPECT_EQ(error.body().extra,
            (std::map<std::string, std::string>{{"innererror", R"({"code":"Deep"})"}, {"additional", "text"}}));
  ASSERT_EQ(error.details().size(), 1U);
  EXPECT_EQ(error.details()[0].code, "Inner");
  EXPECT_EQ(error.details()[0].extra.at("hint"), "wait");
  EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("s3cret")));
}

TEST(ServiceError, BoundsTheRawBody) {
  const auto error = refused<ServiceError>("https://h/a", {.status = 500, .body = std::string(100'000, 'x')});
  EXPECT_EQ(error.raw_body().size(), RefusedRequest::kLongest);
}

TEST(ServiceError, HasClassesForTheStatusesThatProgramsHandle) {
  const auto thrown = [](int status) { return refused<ServiceError>("https://h/a", empty_response(status)).status(); };
  EXPECT_EQ(refused<NotFound>("https://h/a", empty_response(404)).status(), 404);
  EXPECT_EQ(refused<PreconditionFailed>("https://h/a", empty_response(412)).status(), 412);
  EXPECT_EQ(refused<Throttled>("https://h/a", empty_response(429)).status(), 429);
  EXPECT_EQ(refused<Throttled>("https://h/a", empty_response(503)).status(), 503);
  for (const int status : {400, 403, 404, 409, 500}) {
    EXPECT_EQ(thrown(status), status);
  }
}

TEST(ServiceError, ThatATestThrowsHasTheClassOfItsStatus) {
  EXPECT_THROW(throw_service_error(ServiceError(404, {}, "")), NotFound);
  EXPECT_THROW(throw_service_error(NotFound(404, {}, "")), ServiceError);
}

}  // namespace
}  // namespace batchai::test
