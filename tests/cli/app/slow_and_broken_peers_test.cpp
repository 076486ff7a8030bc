#include "batchai/core/failure_kind.hpp"
#include "batchai/core/transport_failure.hpp"
#include "cli/app/waiting/wait_notice.hpp"
#include "cli/cli_fixture.hpp"

#include <future>

namespace batchai::cli::test {
namespace {

using namespace std::chrono_literals;
using batchai::test::json_response;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kPeer = "https://management.azure.com";

/// Keeps what is written, and tells when it holds a text.
class WatchedText final : public std::stringbuf {
 public:
  explicit WatchedText(std::string wanted) : wanted_(std::move(wanted)) {}
  void wait() { seen_.get_future().wait(); }

 protected:
  int sync() override {
    if (!told_ && str().find(wanted_) != std::string::npos) {
      told_ = true;
      seen_.set_value();
    }
    return 0;
  }

 private:
  std::string wanted_;
  bool told_ = false;
  std::promise<void> seen_;
};

class SlowPeer : public CliTest {
 protected:
  /// What a notice has left once it has written `until`.
  static std::string written(const std::string& until, NoticeStyle style, bool in_time = false) {
    std::istringstream in;
    std::ostringstream out;
    WatchedText text(until);
    std::ostream err(&text);
    Streams io{.in = in, .out = out, .err = err};
    {
      const WaitNotice notice(io, "an answer from " + kPeer, style);
      if (!in_time) {
        text.wait();
      }
    }
    return text.str();
  }
};

TEST_F(SlowPeer, IsTalkedOfEverySecondAndTheLineGoesWithTheAnswer) {
  const std::string what = "\r\x1b[Kwaiting for an answer from " + kPeer;
  EXPECT_THAT(
      written("(1 s)", {.moves = true, .quiet = 1ms}),
      ::testing::AllOf(::testing::StartsWith(what + " (0 s)" + what + " (1 s)"), ::testing::EndsWith("s)\r\x1b[K")));
}

TEST_F(SlowPeer, IsTalkedOfOnceWhereTheCursorCannotBeMoved) {
  EXPECT_EQ(written(kPeer, {.quiet = 1ms}), "batchai: waiting for an answer from " + kPeer + "\n");
}

TEST_F(SlowPeer, IsNotTalkedOfWhereItIsNotSlow) {
  EXPECT_EQ(written("", {.moves = true}, true), "");
  EXPECT_EQ(NoticeStyle().quiet, 3s);
}

TEST_F(SlowPeer, ThatAsksForDaysIsNotObeyed) {
  transport_->on("GET", url(workspace_path()),
                 json_response(503, R"({"error":{"code":"Busy","message":"Not now."}})", {{"Retry-After", "172800"}}));
  expect_error(
      {"workspace", "show", "-g", "g", "-n", "w"}, 1,
      "batchai: error: (Busy) Not now. (Retry-After: a pause of 48 hours)\nbatchai: hint: try again later; with "
      "--timeout SECONDS, pauses that the service asks for are waited for");
  EXPECT_TRUE(clock_->sleeps().empty());
}

TEST_F(SlowPeer, ThatAsksForAnHourIsObeyedWhereTimeoutAllowsIt) {
  transport_->on("GET", url(workspace_path()), batchai::test::empty_response(503, {{"Retry-After", "3600"}}))
      .on("GET", url(workspace_path()), json_response(200, R"({"name":"w"})"));
  EXPECT_EQ(run({"workspace", "show", "-g", "g", "-n", "w", "--timeout", "7200"}).exit_code, 0);
  EXPECT_EQ(clock_->sleeps(), (std::vector<Duration>{3600s}));
}

class BrokenPeer : public CliTest {
 protected:
  /// What is said of a failure that needs no second try, or of one that comes again.
  std::string said(TransportFailure failure, const std::string& endpoint = kPeer) {
    const FailedExchange error(endpoint, "REASON", failure);
    for (int tries = 0; tries < (is_worth_repeating(failure_kind(error)) ? 4 : 1); ++tries) {
      transport_->on_call("GET", url(workspace_path()),
                          [=](const HttpRequest&, const CallContext&) -> HttpResponse { throw error; });
    }
    const Outcome outcome = run({"workspace", "show", "-g", "g", "-n", "w"});
    EXPECT_EQ(outcome.exit_code, 1);
    return outcome.err;
  }
  std::string said_of(HttpResponse answer) {
    transport_->on("GET", url(workspace_path()), std::move(answer));
    const Outcome outcome = run({"workspace", "show", "-g", "g", "-n", "w"});
    EXPECT_EQ(outcome.exit_code, 1);
    return outcome.err;
  }
};

TEST_F(BrokenPeer, GetsAHintThatFitsTheFailure) {
  EXPECT_THAT(said(TransportFailure::UnknownHost), HasSubstr("hint: check the name"));
  EXPECT_THAT(said(TransportFailure::NoTls), HasSubstr("its URL begins with http://"));
  EXPECT_THAT(said(TransportFailure::Disconnected, "http://127.0.0.1:1"), HasSubstr("its URL begins with https://"));
  EXPECT_THAT(said(TransportFailure::NoHttp), HasSubstr("another program may have the port"));
  EXPECT_THAT(said(TransportFailure::Proxy), HasSubstr("check HTTPS_PROXY"));
  EXPECT_THAT(said(TransportFailure::BrokenAnswer), HasSubstr("the answer of " + kPeer + " is broken: REASON\n"));
  EXPECT_THAT(said(TransportFailure::TimedOut, "https://127.0.0.1:1"), HasSubstr("batchai local status"));
}

TEST_F(BrokenPeer, IsSaidNotToAnswerOnlyWhereNothingListens) {
  for (const auto failure : {TransportFailure::TimedOut, TransportFailure::Disconnected, TransportFailure::NoTls,
                             TransportFailure::Tls, TransportFailure::NoHttp, TransportFailure::BrokenAnswer}) {
    EXPECT_THAT(said(failure, "https://[::1]:1"), Not(HasSubstr("nothing answers there")));
  }
  EXPECT_THAT(said(TransportFailure::Unreachable, "https://[::1]:1"), HasSubstr("nothing answers there"));
}

TEST_F(BrokenPeer, ThatShowsAWebPageIsToldAsSuch) {
  const Headers html{{"Content-Type", "text/html; charset=utf-8"}};
  const std::string page =
      "<!DOCTYPE html><html><head><title>Sign in\n to the hotel</title></head><body>…</body></html>";
  EXPECT_EQ(said_of({.status = 200, .headers = html, .body = page}),
            "batchai: error: the service answered with status 200, but a web page 'Sign in to the hotel' came instead "
            "of the service's answer; a proxy or another server may have sent it\n");
  EXPECT_EQ(said_of({.status = 403, .body = page}),
            "batchai: error: the service answered with status 403: a web page 'Sign in to the hotel' came instead of "
            "the service's answer; a proxy or another server may have sent it\n");
}

TEST_F(BrokenPeer, ThatPointsElsewhereIsToldWithoutTheQuery) {
  EXPECT_EQ(
      said_of({.status = 302, .reason = "Found", .headers = {{"Location", "https://other.example/x?sig=secret"}}}),
      "batchai: error: the service answered with status 302: it leads to 'https://other.example/x'; redirects are "
      "not followed\n");
}

}  // namespace
}  // namespace batchai::cli::test
