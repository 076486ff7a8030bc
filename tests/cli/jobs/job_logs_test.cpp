#include "cli/jobs/jobs_fixture.hpp"
#include "cli/jobs/logs.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::HasSubstr;
using ::testing::Not;

class JobLogs : public JobTest {
 protected:
  static std::string both(std::size_t output, std::size_t errors) {
    return listed("stderr.txt", "b", errors) + "," + listed("stdout.txt", "a", output);
  }
  Outcome logs(const std::vector<std::string>& more = {}) {
    std::vector<std::string> all = words({"job", "logs"}, {"-n", "j"});
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }
  /// What a look at the last lines of standard error asks for.
  void on_error_tail(const std::string& state, const std::string& files, HttpResponse answer) {
    on_job(state);
    on_list(files);
    on_error_read("b", std::move(answer));
  }
};

TEST_F(JobLogs, PrintOutputAndErrorsOfTheFirstProcess) {
  on_list(both(8, 5));
  on_job("succeeded");
  on_list(both(8, 5));
  on_read("a", piece(0, "one\ntwo\n", 8));
  on_error_read("b", piece(0, "oops\n", 5));
  on_list(both(8, 5));
  const Outcome outcome = logs();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "one\ntwo\n");
  EXPECT_EQ(outcome.err, "oops\n");
}

TEST_F(JobLogs, EndWithWhatIsThereWhileTheJobRuns) {
  on_list(listed("stdout.txt", "a", 4));
  on_job("running");
  on_list(listed("stdout.txt", "a", 4));
  on_job("running");
  on_read("a", piece(0, "one\n", 4));
  on_list(listed("stdout.txt", "a", 4));
  EXPECT_EQ(logs().out, "one\n");
}

TEST_F(JobLogs, FollowWhatComes) {
  on_list("");
  on_job("queued");
  on_list("");
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("succeeded");
  on_read("a", piece(0, "one\n", 4));
  on_list(listed("stdout.txt", "a", 4));
  const Outcome outcome = logs({"-f"});
  EXPECT_EQ(outcome.out, "one\n");
  EXPECT_EQ(outcome.err, "job state: queued\njob state: running\n");
}

TEST_F(JobLogs, OfAllProcessesHaveTheirNamesBeforeEachLine) {
  const std::string files = listed("stdout-wk-10.txt", "x", 1) + "," + listed("stdout.txt", "a", 8) + "," +
                            listed("stdout-wk-9.txt", "y", 4) + "," + listed("execution.log", "z", 3);
  on_list(files);
  on_job("succeeded");
  on_list(files);
  on_read("a", piece(0, "one\ntwo", 7));
  transport_->on("GET", "https://acct.file.core.windows.net/s/stdout-wk-9.txt?sig=y", piece(0, "n\n", 2));
  transport_->on("GET", "https://acct.file.core.windows.net/s/stdout-wk-10.txt?sig=x", piece(0, "t\n", 2));
  on_list(files);
  EXPECT_EQ(logs({"--all"}).out, "[main] one\n[wk-9] n\n[wk-10] t\n[main] two\n");
}

TEST_F(JobLogs, CanBeTheLastLinesOnly) {
  on_list(listed("stdout.txt", "a", 14));
  on_job("succeeded");
  on_list(listed("stdout.txt", "a", 14));
  on_read("a", piece(0, "one\ntwo\nthree\n", 14));
  on_job("succeeded");
  on_list(listed("stdout.txt", "a", 14));
  on_read("a", piece(4, "two\nthree\n", 14));
  on_list(listed("stdout.txt", "a", 14));
  EXPECT_EQ(logs({"--tail", "2"}).out, "two\nthree\n");
  EXPECT_EQ(logs({"--tail", "-1"}).exit_code, 2);
}

TEST_F(JobLogs, LeaveOutWhatWasNotWrittenToSince) {
  on_list(listed("stdout.txt", "a", 4));
  on_job("succeeded");
  on_list(listed("stdout.txt", "a", 4));
  const Outcome outcome = logs({"--since", "2018-06-08T00:00:00Z"});
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "the job 'j' has printed nothing\n");
}

TEST_F(JobLogs, OfAFailedJobEndWithItsLastErrors) {
  const std::string lines = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n";
  const std::string files = both(8, lines.size());
  on_job("failed", R"({"exitCode":7})");
  on_list(files);
  on_error_tail("failed", files, piece(0, lines, lines.size()));
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j"}));
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_THAT(outcome.err, HasSubstr("job 'j' failed with exit code 7\nthe last lines of stderr.txt:\n  2\n  3\n"));
  EXPECT_THAT(outcome.err, HasSubstr("  11\nsee all with 'batchai job logs -g g -w w -e e -n j'\n"));
}

TEST_F(JobLogs, OfAFailedJobAreAllOfItsErrorsWhereThatIsAskedFor) {
  const std::string lines = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n";
  const std::string files = both(8, lines.size());
  on_job("failed", R"({"exitCode":7})");
  on_list(files);
  on_error_tail("failed", files, piece(0, lines, lines.size()));
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j", "--log-failed"}));
  EXPECT_THAT(outcome.err, HasSubstr("\nstderr.txt:\n  1\n  2\n"));
}

TEST_F(JobLogs, OfAFailedJobHaveOfAProgressBarWhatWasDrawnLast) {
  const std::string bar = "begin\r\n10%\r20%\r30%\nValueError\r";
  on_job("failed", R"({"exitCode":7})");
  on_list(both(8, bar.size()));
  on_error_tail("failed", both(8, bar.size()), piece(0, bar, bar.size()));
  EXPECT_THAT(run(words({"job", "wait"}, {"-n", "j"})).err, HasSubstr("\nstderr.txt:\n  begin\n  30%\n  ValueError\n"));
  on_job("failed", R"({"exitCode":7})");
  on_list(both(8, bar.size()));
  on_error_tail("failed", both(8, bar.size()), piece(0, bar, bar.size()));
  EXPECT_THAT(run(words({"job", "wait"}, {"-n", "j", "--log-failed"})).err,
              HasSubstr("\nstderr.txt:\n  begin\n  30%\n  ValueError\n"));
}

TEST_F(JobLogs, AreNotReadFarForALastLineThatIsVeryLong) {
  constexpr std::size_t kSize = 100 * 1000 * 1000;
  constexpr std::size_t kLook = 64 * 1024;
  on_job("failed", R"({"exitCode":7})");
  on_list(both(8, kSize));
  on_error_tail("failed", both(8, kSize), piece(kSize - 16384, std::string(16384, 'x'), kSize));
  on_error_tail("failed", both(8, kSize), piece(kSize - kLook, std::string(kLook, 'x'), kSize));
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j"}));
  EXPECT_THAT(outcome.err, HasSubstr("\nthe last lines of stderr.txt:\n  xxx"));
  EXPECT_LT(outcome.err.size(), 2000U);
}

TEST_F(JobLogs, ThatCannotBeReadChangeNoExitCode) {
  on_job("failed", R"({"exitCode":7})");
  transport_->on("POST", listing_url(), json_response(400, R"({"error":{"code":"No","message":"Not mounted"}})"));
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j"}));
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_THAT(outcome.err, Not(HasSubstr("Not mounted")));
}

JobLog log(const std::string& process, bool errors, std::uint64_t size) {
  return {.name = (errors ? "stderr" : "stdout") + (process.empty() ? "" : "-" + process) + ".txt",
          .errors = errors,
          .process = process,
          .size = size};
}

std::string failure_among(const std::vector<JobLog>& logs, const std::string& code) {
  Job job;
  job.execution_info = JobExecutionInfo{.errors = {{code, "It failed."}}};
  const JobLog* found = log_of_failure(job, logs);
  return found == nullptr ? "none" : found->name;
}

TEST(LogOfFailure, IsWhatSaysMost) {
  EXPECT_EQ(failure_among({log("job_prep", true, 1), log("", false, 1), log("", true, 1)}, "JobFailed"), "stderr.txt");
  EXPECT_EQ(failure_among({log("job_prep", true, 1), log("", false, 1), log("", true, 0)}, "JobFailed"), "stdout.txt");
  EXPECT_EQ(failure_among({log("0", true, 0), log("1", true, 3)}, "JobFailed"), "stderr-1.txt");
  EXPECT_EQ(failure_among({log("job_prep", true, 1), log("", true, 1)}, "JobPreparationFailed"), "stderr-job_prep.txt");
  EXPECT_EQ(failure_among({log("", true, 0)}, "JobFailed"), "none");
}

class WaitingJob : public JobTest {
 protected:
  static std::string waiting(const std::string& code, const std::string& details) {
    return R"({"name":"j","properties":{"executionState":"queued","cluster":{"id":")" +
           id(workspace_path() + "/clusters/c") + R"("},"waitingReason":{"code":")" + code +
           R"(","message":"The job waits for 5 nodes, and the cluster c may have 1","details":[)" + details + "]}}}";
  }
  const std::string five_ = R"({"name":"nodeCount","value":"5"})";
  const std::string resize_ =
      "The job waits for 5 nodes, and the cluster c may have 1: batchai cluster resize -g g -w w -n c -t 5";
};

TEST_F(WaitingJob, SaysWhyWithTheCommandThatHelps) {
  transport_->on("GET", url(job_), json_response(200, waiting("ClusterTooSmall", five_)));
  transport_->on("GET", url(job_), json_response(200, waiting("ClusterTooSmall", five_)));
  on_job("succeeded");
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j"}));
  EXPECT_THAT(outcome.err, HasSubstr("job state: queued (ClusterTooSmall)\n" + resize_ + "\n"));
}

TEST_F(WaitingJob, SaysHowAutoscaleCanHelp) {
  transport_->on("GET", url(job_),
                 json_response(200, waiting("ClusterTooSmall", five_ + R"(,{"name":"minimumNodeCount","value":"2"})")));
  on_job("succeeded");
  EXPECT_THAT(run(words({"job", "wait"}, {"-n", "j"})).err,
              HasSubstr(": batchai cluster auto-scale -g g -w w -n c --min 2 --max 5\n"));
}

TEST_F(WaitingJob, SaysWhereToSeeWhyNodesAreUnusable) {
  const auto said_of = [this](const std::string& code, const std::string& details) {
    transport_->on("GET", url(job_), json_response(200, waiting(code, details)));
    on_job("succeeded");
    return run(words({"job", "wait"}, {"-n", "j"})).err;
  };
  EXPECT_THAT(said_of("NodesUnusable", five_ + R"(,{"name":"nodeError","value":"NodeSetupFailed"})"),
              HasSubstr(": batchai cluster node logs -g g -w w -c c\n"));
  EXPECT_THAT(said_of("NodesUnusable", five_ + R"(,{"name":"nodeError","value":"NodeUnusable"})"),
              HasSubstr(": batchai cluster show -g g -w w -n c\n"));
  EXPECT_THAT(said_of("ClusterTooSmall", ""), HasSubstr("the cluster c may have 1\n"))
      << "which the caller may not see";
}

TEST_F(WaitingJob, IsWarnedOfWhenItIsCreated) {
  on_creation(json_response(200, waiting("ClusterTooSmall", five_)));
  const Outcome outcome = run(creation({}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "batchai: warning: the job 'j' is queued. " + resize_ + "\n");
  EXPECT_THAT(outcome.out, HasSubstr(R"("waitingReason": {)"));
}

TEST_F(WaitingJob, ShowsItsReasonInTables) {
  transport_->on("GET", url(job_), json_response(200, waiting("NodesBusy", five_)));
  const Outcome outcome = run(words({"job", "show"}, {"-n", "j", "-o", "table"}));
  EXPECT_THAT(outcome.out, HasSubstr("queued (NodesBusy)"));
  EXPECT_THAT(outcome.out, HasSubstr("5 nodes, and the cluster c may have 1"));
  EXPECT_EQ(outcome.err, "");
}

TEST_F(WaitingJob, IsToldAPersonWhoLooksAtIt) {
  terminal_ = true;
  transport_->on("GET", url(job_), json_response(200, waiting("ClusterTooSmall", five_)));
  EXPECT_THAT(run(words({"job", "show"}, {"-n", "j"})).err, HasSubstr(resize_));
}

TEST_F(WaitingJob, IsDescribed) {
  transport_->on("GET", url(job_), json_response(200, waiting("ClusterTooSmall", five_)));
  const std::string text = run(words({"job", "describe"}, {"-n", "j"})).out;
  EXPECT_THAT(text, HasSubstr("Cluster:    c\n"));
  EXPECT_THAT(text, HasSubstr("State:      queued (ClusterTooSmall)\nReason:     " + resize_ + "\n"));
}

TEST_F(JobLogs, AreInTheDescriptionForReadersToo) {
  on_job("running");
  transport_->on(
      "POST",
      "https://management.azure.com/subscriptions/sub" + job_ + "/listRemoteLoginInformation?api-version=2018-05-01",
      json_response(403, R"({"error":{"code":"AuthorizationFailed","message":"Not allowed."}})"));
  on_list(both(0, 0));
  const Outcome outcome = run(words({"job", "describe"}, {"-n", "j"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Node:       cannot be asked for: "));
  EXPECT_THAT(outcome.out, HasSubstr("\nAll logs:   "));
}

TEST_F(JobLogs, AreInTheDescription) {
  on_job("failed", R"({"exitCode":7,"errors":[{"code":"JobFailed","message":"It failed."}]})");
  on_list(both(0, 5));
  on_error_tail("failed", both(0, 5), piece(0, "oops\n", 5));
  const std::string text = run(words({"job", "describe"}, {"-n", "j"})).out;
  EXPECT_THAT(text, HasSubstr("Exit code:  7\nError:      JobFailed: It failed.\n"));
  EXPECT_THAT(text, HasSubstr("stdout.txt: empty\nstderr.txt:\n  oops\nAll logs:   batchai job logs "));
}

}  // namespace
}  // namespace batchai::cli::test
