#include "batchai/core/pipeline.hpp"

#include "batchai/core/transport_failure.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;
using test::empty_response;
using test::FakeClock;
using test::FakeTransport;
using ::testing::HasSubstr;
using ::testing::Not;

const char* const kUrl = "https://h/x";

class CountingCredential final : public TokenCredential {
 public:
  AccessToken get_token(const TokenRequest& request, const CallContext&) override {
    requests.push_back(request);
    return {Secret("token-" + std::to_string(requests.size())), Timestamp::max()};
  }
  std::vector<TokenRequest> requests;
};

class PipelineTest : public ::testing::Test {
 protected:
  ClientOptions options() { return {.transport = transport, .clock = clock, .retry = retry, .log = log}; }
  HttpResponse send(HttpRequest request, const CallContext& context = {}) {
    return make_signing_pipeline(options(), {})->send(std::move(request), context);
  }
  HttpRequest get() { return {.method = "GET", .url = Url::parse(kUrl)}; }
  HttpRequest post() { return {.method = "POST", .url = Url::parse(kUrl)}; }

  std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::shared_ptr<CountingCredential> credential = std::make_shared<CountingCredential>();
  RetryOptions retry;
  LogSink log;
};

TEST_F(PipelineTest, SendsOneRequestIdForAllTriesAndTheUserAgent) {
  transport->on("GET", kUrl, empty_response(503)).on("GET", kUrl, empty_response(200));
  EXPECT_EQ(send(get()).status, 200);
  const auto requests = transport->requests();
  const std::string id = requests[0].headers.get("x-ms-client-request-id");
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(id, requests[1].headers.get("x-ms-client-request-id"));
  EXPECT_THAT(requests[0].headers.get("User-Agent"), HasSubstr("libbatchai/"));
}

TEST_F(PipelineTest, BacksOffExponentiallyWithinTheJitter) {
  for (int i = 0; i < 4; ++i) {
    transport->on("GET", kUrl, empty_response(500));
  }
  EXPECT_EQ(send(get()).status, 500);
  const auto sleeps = clock->sleeps();
  ASSERT_EQ(sleeps.size(), 3U);
  Duration expected = 800ms;
  for (const Duration sleep : sleeps) {
    EXPECT_GE(sleep, expected * 8 / 10);
    EXPECT_LE(sleep, expected * 12 / 10);
    expected *= 2;
  }
}

TEST_F(PipelineTest, TriesAnUntrustedPeerOnce) {
  transport->on_call("GET", kUrl, [](const HttpRequest&, const CallContext&) -> HttpResponse {
    throw UntrustedCertificate("https://host", "host", "self-signed certificate");
  });
  EXPECT_THROW(send(get()), UntrustedCertificate);
}

TEST_F(PipelineTest, HonoursRetryAfterInSecondsAndAsDate) {
  const std::string in_a_minute = format_http_date(clock->now() + 7s + 60s);
  transport->on("GET", kUrl, empty_response(429, {{"Retry-After", "7"}}))
      .on("GET", kUrl, empty_response(503, {{"Retry-After", in_a_minute}}))
      .on("GET", kUrl, empty_response(200));
  EXPECT_EQ(send(get()).status, 200);
  EXPECT_EQ(clock->sleeps(), (std::vector<Duration>{7s, 60s}));
}

TEST_F(PipelineTest, DoesNotWaitForDaysBecauseTheServiceAsksForIt) {
  for (const char* asked : {"301", "172800", "99999999999"}) {
    transport->on("GET", kUrl, empty_response(503, {{"Retry-After", asked}}));
    EXPECT_EQ(send(get()).status, 503) << asked;
  }
  const std::string in_a_week = format_http_date(clock->now() + std::chrono::days(7));
  transport->on("GET", kUrl, empty_response(429, {{"Retry-After", in_a_week}}));
  EXPECT_EQ(send(get()).status, 429);
  EXPECT_TRUE(clock->sleeps().empty());
}

TEST_F(PipelineTest, WaitsFiveMinutesInAllBecauseTheServiceAsksForIt) {
  transport->on("GET", kUrl, empty_response(503, {{"Retry-After", "200"}}))
      .on("GET", kUrl, empty_response(503, {{"Retry-After", "100"}}))
      .on("GET", kUrl, empty_response(503, {{"Retry-After", "1"}}));
  EXPECT_EQ(send(get()).status, 503);
  EXPECT_EQ(clock->sleeps(), (std::vector<Duration>{200s, 100s}));
}

TEST_F(PipelineTest, WaitsAsLongAsTheServiceAsksWhereTheDeadlineAllowsIt) {
  transport->on("GET", kUrl, empty_response(503, {{"Retry-After", "7200"}})).on("GET", kUrl, empty_response(200));
  EXPECT_EQ(send(get(), {.deadline = clock->steady_now() + 3h}).status, 200);
  EXPECT_EQ(clock->sleeps(), (std::vector<Duration>{7200s}));
}

TEST_F(PipelineTest, DoesNotRepeatWhatCannotPass) {
  for (const auto failure :
       {TransportFailure::NoTls, TransportFailure::Tls, TransportFailure::NoHttp, TransportFailure::UnknownHost}) {
    transport->on_call("GET", kUrl, [failure](const HttpRequest&, const CallContext&) -> HttpResponse {
      throw FailedExchange("https://h", "no use", failure);
    });
    EXPECT_THROW(send(get()), TransportError);
  }
}

TEST_F(PipelineTest, DoesNotWaitPastTheDeadline) {
  transport->on("GET", kUrl, empty_response(429, {{"Retry-After", "10"}}));
  EXPECT_EQ(send(get(), {.deadline = clock->steady_now() + 9s}).status, 429);
  EXPECT_TRUE(clock->sleeps().empty());
}

TEST_F(PipelineTest, RepeatsAPostOnlyWhenItMay) {
  transport->on("POST", kUrl, empty_response(503));
  EXPECT_EQ(send(post()).status, 503);

  transport->on("POST", kUrl, empty_response(503)).on("POST", kUrl, empty_response(200));
  HttpRequest repeatable = post();
  repeatable.repeatable = true;
  EXPECT_EQ(send(repeatable).status, 200);

  transport->on("POST", kUrl, empty_response(429)).on("POST", kUrl, empty_response(200));
  EXPECT_EQ(send(post()).status, 200);
}

TEST_F(PipelineTest, RepeatsAfterATransportErrorAndThenGivesUp) {
  retry.max_retries = 1;
  const auto unreachable = [](const HttpRequest&, const CallContext&) -> HttpResponse {
    throw TransportError("https://h", "connection refused");
  };
  transport->on_call("GET", kUrl, unreachable).on_call("GET", kUrl, unreachable);
  EXPECT_THROW(send(get()), TransportError);
  transport->on_call("POST", kUrl, unreachable);
  EXPECT_THROW(send(post()), TransportError);
}

TEST_F(PipelineTest, StopsWaitingWhenCancelled) {
  CancellationSource source;
  transport->on_call("GET", kUrl, [&](const HttpRequest&, const CallContext&) {
    source.cancel();
    return empty_response(503);
  });
  EXPECT_THROW(send(get(), {.cancellation = source.token()}), Cancelled);
}

TEST_F(PipelineTest, SendsTheTokenAndRefreshesItOnceAfter401) {
  const auto pipeline = make_bearer_pipeline(options(), credential, "aud", "https://h");
  transport->on("GET", kUrl, empty_response(401)).on("GET", kUrl, empty_response(401));
  EXPECT_EQ(pipeline->send(get(), {}).status, 401);
  EXPECT_EQ(transport->requests()[0].headers.get("Authorization"), "Bearer token-1");
  EXPECT_EQ(transport->requests()[1].headers.get("Authorization"), "Bearer token-2");
  EXPECT_FALSE(credential->requests[0].force_refresh);
  EXPECT_TRUE(credential->requests[1].force_refresh);
}

TEST_F(PipelineTest, SendsNoTokenToAnotherHostOrUnencrypted) {
  const auto pipeline = make_bearer_pipeline(options(), credential, "aud", "https://other");
  EXPECT_THROW(pipeline->send(get(), {}), ProtocolError);
  const auto plain = make_bearer_pipeline(options(), credential, "aud", "http://example.com");
  EXPECT_THROW(plain->send({.url = Url::parse("http://example.com/x")}, {}), InvalidArgument);
  EXPECT_TRUE(credential->requests.empty());
}

TEST_F(PipelineTest, DoesNotRepeatAFailedSignIn) {
  class DeadAuthority final : public TokenCredential {
   public:
    AccessToken get_token(const TokenRequest&, const CallContext&) override {
      ++calls;
      throw TransportError("https://login", "no connection could be made");
    }
    int calls = 0;
  };
  const auto dead = std::make_shared<DeadAuthority>();
  EXPECT_THROW(make_bearer_pipeline(options(), dead, "aud", "https://h")->send(get(), {}), TransportError);
  EXPECT_EQ(dead->calls, 1) << "the credential has retries of its own";
}

TEST_F(PipelineTest, SignsEveryTryAnew) {
  int signatures = 0;
  const auto pipeline = make_signing_pipeline(options(), [&](HttpRequest& request) {
    EXPECT_EQ(request.headers.get("x-ms-date"), format_http_date(clock->now()));
    request.headers.set("Authorization", std::to_string(++signatures));
  });
  transport->on("GET", kUrl, empty_response(500)).on("GET", kUrl, empty_response(200));
  EXPECT_EQ(pipeline->send(get(), {}).status, 200);
  EXPECT_EQ(transport->requests()[1].headers.get("Authorization"), "2");
}

TEST_F(PipelineTest, LogsNoSecrets) {
  std::string text;
  log = [&](LogLevel, std::string_view line) { text += std::string(line) + "\n"; };
  const std::string url = "https://h/x?api-version=1&sig=hush";
  transport->on("PUT", url, empty_response(200, {{"Set-Cookie", "hush"}, {"x-ms-request-id", "seen"}}));
  HttpRequest request{.method = "PUT", .url = Url::parse(url), .body = "hush"};
  request.headers.set("Authorization", "SharedKey hush");
  send(request);
  EXPECT_THAT(text, Not(HasSubstr("hush")));
  EXPECT_THAT(text, HasSubstr("api-version=1"));
  EXPECT_THAT(text, HasSubstr("x-ms-request-id: seen"));
  EXPECT_THAT(text, HasSubstr("Authorization: REDACTED"));
}

TEST_F(PipelineTest, LogsBodiesWithoutTheirSecrets) {
  std::string text;
  log = [&](LogLevel, std::string_view line) { text += std::string(line) + "\n"; };
  HttpRequest request = get();
  request.method = "PUT";
  request.headers.set("Content-Type", "application/json");
  request.body = R"({"name":"seen","accountKey":"hush","secrets":[{"name":"S","value":"hush"}],
      "nested":[{"adminUserPassword":"hush","url":"https://f/a?sr=f&sig=hush&se=1"}]})";
  transport->on("PUT", kUrl,
                test::json_response(200, R"({"keys":[{"keyName":"key1","value":"hush"}],"access_token":"hush"})"));
  send(request);
  EXPECT_THAT(text, Not(HasSubstr("hush")));
  EXPECT_THAT(text, HasSubstr("\"name\": \"seen\""));
  EXPECT_THAT(text, HasSubstr("\"url\": \"https://f/a?sr=f&sig=***&se=1\""));
  EXPECT_THAT(text, HasSubstr("\"keyName\": \"key1\""));
}

TEST_F(PipelineTest, LogsFormsAndForeignBodiesWithoutSecrets) {
  std::string text;
  log = [&](LogLevel, std::string_view line) { text += std::string(line) + "\n"; };
  HttpRequest request = post();
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.body = "grant_type=client_credentials&client_id=app&client_secret=hush&client_assertion=hush";
  transport->on("POST", kUrl, {.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = "hush"});
  send(request);
  EXPECT_THAT(text, Not(HasSubstr("hush")));
  EXPECT_THAT(text, HasSubstr("grant_type=client_credentials&client_id=app&client_secret=***&client_assertion=***"));
  EXPECT_THAT(text, HasSubstr("(4 bytes of text/plain)"));
}

TEST_F(PipelineTest, LogsEveryRepetitionWithItsReason) {
  std::string text;
  log = [&](LogLevel level, std::string_view line) { text += level == LogLevel::Info ? std::string(line) + "\n" : ""; };
  transport->on("GET", kUrl, empty_response(503, {{"Retry-After", "2"}}))
      .on_call("GET", kUrl,
               [](const HttpRequest&, const CallContext&) -> HttpResponse {
                 throw TransportError("https://h", "connection refused");
               })
      .on("GET", kUrl, empty_response(200));
  EXPECT_EQ(send(get()).status, 200);
  EXPECT_THAT(text, HasSubstr("GET https://h/x: status 503; retry 1 of 3 in 2000 ms\n"));
  EXPECT_THAT(text, HasSubstr("GET https://h/x: no answer; retry 2 of 3 in "));
}

}  // namespace
}  // namespace batchai::test
