#include "cli/jobs/jobs_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using ::testing::HasSubstr;

class JobWait : public JobTest {};

TEST_F(JobWait, WaitTellsWhatHappensAndEndsWithTheJobsExitCode) {
  on_job("queued");
  on_job("running", R"({"startTime":"2018-06-07T21:16:10Z"})");
  on_job("failed", R"({"startTime":"2018-06-07T21:16:10Z","endTime":"2018-06-07T21:17:15Z","exitCode":263,
      "errors":[{"code":"JobFailed","message":"It failed.","details":[{"name":"Node","value":"tvm-1"}]}]})");
  on_list("");
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j", "--interval", "3"}));
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "job submitted at 2018-06-07T21:16:00.000Z\njob state: queued\n"
            "job started at 2018-06-07T21:16:10.000Z\njob state: running\njob state: failed\n"
            "job 'j' failed with exit code 263 at 2018-06-07T21:17:15.000Z after 0:01:05\n"
            "JobFailed: It failed.\n  Node: tvm-1\n");
  EXPECT_EQ(clock_->sleeps(), std::vector<Duration>(2, std::chrono::seconds(3)));
}

TEST_F(JobWait, WaitIsZeroForSuccessAnd255WithoutAnExitCode) {
  on_job("succeeded", R"({"exitCode":0})");
  EXPECT_EQ(run(words({"job", "wait"}, {"-n", "j"})).exit_code, 0);
  on_job("failed");
  on_list("");
  EXPECT_EQ(run(words({"job", "wait"}, {"-n", "j"})).exit_code, 255);
}

TEST_F(JobWait, WaitForAFailedJobIsNeverZero) {
  for (const int code : {-1, 0, 256, -256, 65536}) {
    on_job("failed", R"({"exitCode":)" + std::to_string(code) + "}");
    on_list("");
    EXPECT_EQ(run(words({"job", "wait"}, {"-n", "j"})).exit_code, 255) << code;
  }
  on_job("failed", R"({"exitCode":259})");
  on_list("");
  EXPECT_EQ(run(words({"job", "wait"}, {"-n", "j"})).exit_code, 3);
}

TEST_F(JobWait, WaitLooksLessOftenAsTimeGoesBy) {
  std::vector<Duration> expected;
  for (const int milliseconds : {25, 50, 100, 200, 400, 800, 1'600, 3'200, 5'000, 5'000}) {
    on_job("running");
    expected.push_back(std::chrono::milliseconds(milliseconds));
  }
  on_job("succeeded");
  EXPECT_EQ(run(words({"job", "wait"}, {"-n", "j", "--only-show-errors"})).err, "");
  EXPECT_EQ(clock_->sleeps(), expected);
}

TEST_F(JobWait, WaitDoesNotPauseWhereTheServiceWaits) {
  transport_->on("GET", url(job_),
                 json_response(200, job("queued"), {{"ETag", "one"}, {"Preference-Applied", "wait=20"}}));
  transport_->on("GET", url(job_), empty_response(304, {{"ETag", "one"}, {"Preference-Applied", "wait=20"}}));
  transport_->on("GET", url(job_),
                 json_response(200, job("succeeded"), {{"ETag", "two"}, {"Preference-Applied", "wait=20"}}));
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j"}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("job state: queued\njob state: succeeded\n"));
  EXPECT_EQ(clock_->sleeps(), std::vector<Duration>{});
  std::vector<std::string> known;
  for (const HttpRequest& request : transport_->requests()) {
    EXPECT_EQ(request.headers.get("Prefer"), "wait=20");
    known.push_back(request.headers.get("If-None-Match"));
  }
  EXPECT_EQ(known, (std::vector<std::string>{"", "one", "one"}));
}

TEST_F(JobWait, WaitPausesWhereTheServiceDoesNotWait) {
  transport_->on("GET", url(job_), json_response(200, job("queued"), {{"ETag", "one"}}));
  transport_->on("GET", url(job_), empty_response(304, {{"ETag", "one"}}));
  transport_->on("GET", url(job_), json_response(200, job("succeeded"), {{"ETag", "two"}}));
  EXPECT_EQ(run(words({"job", "wait"}, {"-n", "j"})).exit_code, 0);
  EXPECT_EQ(clock_->sleeps(), (std::vector<Duration>{std::chrono::milliseconds(25), std::chrono::milliseconds(50)}));
}

TEST_F(JobWait, WaitGivesUpAfterTheTimeout) {
  on_job("running");
  on_job("running");
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j", "--timeout", "5", "--interval", "60"}));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(clock_->sleeps().front(), std::chrono::milliseconds(4'750));
  EXPECT_THAT(outcome.err,
              HasSubstr("batchai: error: gave up waiting for the job 'j' after 5 s; the job goes on in the "
                        "service\nbatchai: hint: wait longer with --timeout, or stop it with "
                        "'batchai job terminate -g g -w w -e e -n j'\n"));
}

TEST_F(JobWait, WaitGivesUpInTheSameWordsWhenTheLastAnswerComesTooLate) {
  on_job("running");
  transport_->on_call("GET", url(job_), [](const HttpRequest&, const CallContext&) -> HttpResponse {
    throw DeadlineExceeded("no answer from https://service before the time was up");
  });
  expect_error(words({"job", "wait"}, {"-n", "j", "--timeout", "5", "--only-show-errors"}), 1,
               "batchai: error: gave up waiting for the job 'j' after 5 s; the job goes on in the service\n"
               "batchai: hint: wait longer with --timeout, or stop it with "
               "'batchai job terminate -g g -w w -e e -n j'");
}

TEST_F(JobWait, WaitTellsWhatIsWrongWithTheServiceWhenTheTimeIsUp) {
  on_job("running");
  transport_->on_call("GET", url(job_), [this](const HttpRequest&, const CallContext&) -> HttpResponse {
    clock_->advance(std::chrono::milliseconds(4'900));
    throw TransportError("https://service", "connection refused");
  });
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j", "--timeout", "5", "--only-show-errors"}));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("batchai: error: no answer from https://service: connection refused\n"));
}

TEST_F(JobWait, AWaitForAServiceThatNeverAnswersSaysSo) {
  transport_->on_call("GET", url(job_), [](const HttpRequest&, const CallContext&) -> HttpResponse {
    throw DeadlineExceeded("no answer from https://service before the time was up");
  });
  expect_error(words({"job", "wait"}, {"-n", "j", "--timeout", "5"}), 1,
               "batchai: error: no answer from https://service before the time was up");
}

TEST_F(JobWait, CtrlCEndsTheWaitingAndSaysThatTheJobGoesOn) {
  CancellationSource source;
  interruption_ = source.token();
  transport_->on_call("GET", url(job_), [&](const HttpRequest&, const CallContext&) {
    source.cancel();
    return json_response(200, job("running"));
  });
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j"}));
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_THAT(outcome.err, HasSubstr("batchai: error: interrupted; the job 'j' goes on in the service\n"
                                     "batchai: hint: read on with 'batchai job logs -g g -w w -e e -n j -f', or "
                                     "stop it with 'batchai job terminate -g g -w w -e e -n j'\n"));
}

TEST_F(JobWait, AMissingJobEndsWithThree) {
  transport_->on("GET", url(job_), not_found("j"));
  const Outcome outcome = run(words({"job", "show"}, {"-n", "j"}));
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("j was not found"));
}

TEST_F(JobWait, AWaitOutlivesARestartOfTheService) {
  transport_->on("DELETE", url(job_), empty_response(202, {{"Location", url("/operations/1")}}));
  on_outage("GET", url("/operations/1"));
  transport_->on("GET", url("/operations/1"), empty_response(204));
  const Outcome outcome = run(words({"job", "delete"}, {"-n", "j", "-y"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

}  // namespace
}  // namespace batchai::cli::test
