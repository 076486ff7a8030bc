#include "batchai/core/error.hpp"
#include "batchai/core/pipeline.hpp"
#include "batchai/core/tracing.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_credential.hpp"
#include "support/fake_transport.hpp"

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kUrl = "https://service/thing";

HttpResponse refuse(const HttpRequest&, const CallContext&) { throw TransportError("https://service", "refused"); }

class Policies : public ::testing::Test {
 protected:
  HttpResponse get(const ClientOptions& options, const std::string& url = kUrl) {
    const auto pipeline =
        make_bearer_pipeline(options, std::make_shared<FakeCredential>(), "audience", "https://service");
    return pipeline->send({.method = "GET", .url = Url::parse(url)}, {});
  }
  std::shared_ptr<const Policy> note(const std::string& name) {
    return make_policy([this, name](HttpRequest& request, const NextPolicy& next, const CallContext& context) {
      notes_.push_back(name);
      return next.send(request, context);
    });
  }

  std::shared_ptr<FakeTransport> network_ = std::make_shared<FakeTransport>();
  ClientOptions options_{.transport = network_, .clock = std::make_shared<FakeClock>(), .retry = {.max_retries = 2}};
  std::vector<std::string> notes_;
};

TEST_F(Policies, RunOncePerCallOrForEachTry) {
  network_->on("GET", kUrl, empty_response(503)).on("GET", kUrl, empty_response(200));
  options_.per_call_policies = {note("call 1"), note("call 2")};
  options_.per_try_policies = {note("try")};
  EXPECT_EQ(get(options_).status, 200);
  EXPECT_THAT(notes_, ElementsAre("call 1", "call 2", "try", "try"));
}

TEST_F(Policies, SetHeadersThatTheSignatureCovers) {
  network_->on("GET", kUrl, empty_response(200));
  options_.per_try_policies = {
      make_policy([](HttpRequest& request, const NextPolicy& next, const CallContext& context) {
        request.headers.set("x-ms-team", "vision");
        return next.send(request, context);
      })};
  std::string signed_header;
  const auto pipeline =
      make_signing_pipeline(options_, [&](HttpRequest& request) { signed_header = request.headers.get("x-ms-team"); });
  pipeline->send({.method = "GET", .url = Url::parse(kUrl)}, {});
  EXPECT_EQ(signed_header, "vision");
  EXPECT_EQ(network_->last_request().headers.get("x-ms-team"), "vision");
}

TEST_F(Policies, AnswerInPlaceOfTheNetwork) {
  options_.per_call_policies = {make_policy(
      [](HttpRequest&, const NextPolicy&, const CallContext&) { return json_response(418, R"({"tea": true})"); })};
  EXPECT_EQ(get(options_).status, 418);
  EXPECT_THAT(network_->requests(), IsEmpty());
}

TEST_F(Policies, ThatAreNullAreRefused) {
  options_.per_call_policies = {nullptr};
  EXPECT_THROW(get(options_), InvalidArgument);
  EXPECT_THROW(make_policy({}), InvalidArgument);
}

class LogOf : public Policies {
 protected:
  std::vector<std::string> lines_at(LogLevel least) {
    network_->on("GET", kUrl, empty_response(503)).on_call("GET", kUrl, refuse);
    network_->on("GET", kUrl, empty_response(200));
    std::vector<std::string> lines;
    options_.log = [&](LogLevel level, std::string_view line) {
      lines.push_back(std::string(to_string(level)) + " " + std::string(line.substr(0, 1)));
    };
    options_.log_level = least;
    get(options_);
    return lines;
  }
};

TEST_F(LogOf, HasWhatIsAtLeastAsImportantAsAskedFor) {
  EXPECT_THAT(lines_at(LogLevel::Warning), ElementsAre("warning !"));
  EXPECT_THAT(lines_at(LogLevel::Info), ElementsAre("info G", "warning !", "info G"));
  EXPECT_THAT(lines_at(LogLevel::Debug),
              ElementsAre("debug >", "debug <", "info G", "debug >", "warning !", "info G", "debug >", "debug <"));
}

/// Notes each request.
class NotingTracer final : public Tracer {
 public:
  std::unique_ptr<RequestSpan> start(const TracedRequest& request) override {
    if (request.method != "GET") {
      return nullptr;
    }
    class Span final : public RequestSpan {
     public:
      Span(NotingTracer& tracer, std::string url) : tracer_(tracer), url_(std::move(url)) {}
      std::string traceparent() const override { return tracer_.parent; }
      std::string tracestate() const override { return "vendor=1"; }
      void end(const TracedResponse& response) override {
        tracer_.ends.push_back(url_ + " " + std::to_string(response.status) + " " + response.request_id +
                               response.error);
      }

     private:
      NotingTracer& tracer_;
      const std::string url_;
    };
    return std::make_unique<Span>(*this, request.url);
  }

  const std::string parent = new_traceparent();
  std::vector<std::string> ends;
};

TEST_F(Policies, TraceEachTryWithoutSecrets) {
  const auto tracer = std::make_shared<NotingTracer>();
  options_.tracer = tracer;
  const std::string url = kUrl + "?sig=secret";
  network_->on_call("GET", url, refuse);
  network_->on("GET", url, empty_response(200, {{"x-ms-request-id", "r-1"}}));
  get(options_, url);
  ASSERT_EQ(tracer->ends.size(), 2U);
  EXPECT_THAT(tracer->ends[0], HasSubstr(" 0 no answer from https://service: refused"));
  EXPECT_THAT(tracer->ends[1], HasSubstr(" 200 r-1"));
  EXPECT_THAT(tracer->ends[1], Not(HasSubstr("secret")));
  EXPECT_EQ(network_->last_request().headers.get("traceparent"), tracer->parent);
  EXPECT_EQ(network_->last_request().headers.get("tracestate"), "vendor=1");
}

TEST(Traceparent, OfAChildHasTheSameTrace) {
  const std::string parent = new_traceparent();
  EXPECT_THAT(parent, ::testing::MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
  const std::string child = child_traceparent(parent);
  EXPECT_EQ(child.substr(0, 36), parent.substr(0, 36));
  EXPECT_NE(child, parent);
  EXPECT_EQ(child.substr(52), "-01");
  for (const char* broken : {"", "00-", "00-00000000000000000000000000000000-0000000000000001-01",
                             "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}) {
    EXPECT_THROW(child_traceparent(broken), InvalidArgument) << broken;
  }
}

}  // namespace
}  // namespace batchai::test
