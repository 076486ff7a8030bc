#include "cli/jobs/jobs_fixture.hpp"
#include "cli/jobs/output_files.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using ::testing::HasSubstr;
using ::testing::Not;

class JobStream : public JobTest {};

TEST_F(JobStream, StreamCopiesWhatIsThereAndWhatWasWrittenLast) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", piece(0, "one\n", 4));
  on_job("running");
  on_read("a", empty_response(416));
  on_job("succeeded");
  on_read("a", piece(4, "two\n", 8));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "one\ntwo\n");
  EXPECT_THAT(outcome.err, Not(HasSubstr("sig=")));
}

TEST_F(JobStream, StreamWaitsForTheFileAndSaysSoOnce) {
  on_job("queued");
  on_list("");
  on_job("running");
  on_list("");
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("succeeded");
  on_read("a", piece(0, "x", 1));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.out, "x");
  EXPECT_EQ(outcome.err,
            "the file 'stdout.txt' is not there yet; waiting for the job to make it\n"
            "job state: queued\njob state: running\n");
}

TEST_F(JobStream, AWaitThatTakesLongTellsOnceWhatTheJobMadeInstead) {
  const auto wait = [this](const std::string& files) {
    for (int look = 0; look < 40; ++look) {
      on_job("running");
      on_list(files);
    }
    on_job("failed");
    on_list(files);
    return stream().err;
  };
  const std::string head =
      "the file 'stdout.txt' is not there yet; waiting for the job to make it\njob state: running\n";
  const std::string told = "the job runs, and has not made the file 'stdout.txt'; the directory 'stdouterr' ";
  const std::string end = "; Ctrl-C ends the wait, not the job\nthe job ended without making the file 'stdout.txt'\n";
  EXPECT_EQ(wait(listed("stdout-0.txt", "a") + "," + listed("stderr.txt", "b")),
            head + told + "holds 'stdout-0.txt', 'stderr.txt'" + end);
  EXPECT_EQ(wait(""), head + told + "is empty" + end);
}

TEST_F(JobStream, StreamOfAFileThatNeverCameIsNoError) {
  on_job("failed");
  on_list("");
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "the job ended without making the file 'stdout.txt'\n");
}

TEST_F(JobStream, AWaitForAJobInTheQueueSaysNothingOfWhatItHasNotMade) {
  for (int look = 0; look < 100; ++look) {
    on_job("queued");
    on_list("");
  }
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("succeeded");
  on_read("a", piece(0, "x", 1));
  EXPECT_EQ(stream().err,
            "the file 'stdout.txt' is not there yet; waiting for the job to make it\njob state: queued\n");
}

TEST_F(JobStream, StreamRepeatsNothingWhenRangeIsIgnored) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", {.status = 200, .body = "one\n"});
  on_job("succeeded");
  on_read("a", {.status = 200, .body = "one\ntwo\n"});
  EXPECT_EQ(stream().out, "one\ntwo\n");
}

TEST_F(JobStream, StreamRenewsAUrlThatIsRefused) {
  on_job("running");
  on_list(listed("stdout.txt", "old"));
  on_job("succeeded");
  on_read("old", empty_response(403));
  on_list(listed("stdout.txt", "new"));
  on_read("new", piece(0, "x", 1));
  EXPECT_EQ(stream().out, "x");
}

TEST_F(JobStream, StreamRenewsAUrlBeforeItExpires) {
  on_job("running");
  on_list(listed("stdout.txt", "old"));
  on_job("running");
  on_read("old", piece(0, "x", 1));
  transport_->on_call("GET", url(job_), [this](const HttpRequest&, const CallContext&) {
    clock_->advance(std::chrono::minutes(50));
    return json_response(200, job("succeeded"));
  });
  on_list(listed("stdout.txt", "new"));
  on_read("new", piece(1, "y", 2));
  EXPECT_EQ(stream().out, "xy");
}

TEST_F(JobStream, StreamRenewsAUrlInTimeForItsOwnEnd) {
  on_job("running");
  on_list(listed("stdout.txt", "old&se=2018-06-07T21:36:21Z"));  // in 20 minutes
  on_job("running");
  on_read("old&se=2018-06-07T21:36:21Z", piece(0, "x", 1));
  transport_->on_call("GET", url(job_), [this](const HttpRequest&, const CallContext&) {
    clock_->advance(std::chrono::minutes(16));
    return json_response(200, job("succeeded"));
  });
  on_list(listed("stdout.txt", "new"));
  on_read("new", piece(1, "y", 2));
  EXPECT_EQ(stream().out, "xy");
}

TEST_F(JobStream, StreamOutlivesARestartOfTheService) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", piece(0, "one\n", 4));
  on_outage("GET", url(job_));
  on_outage("GET", url(job_));
  on_job("succeeded");
  on_outage("GET", read_url("a"));
  on_read("a", piece(4, "two\n", 8));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "one\ntwo\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(JobStream, StreamTellsOfARestartOnceOnATerminal) {
  terminal_ = true;
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_outage("GET", url(job_));
  on_outage("GET", url(job_));
  on_job("succeeded");
  on_read("a", piece(0, "x", 1));
  EXPECT_EQ(stream().err,
            "batchai: warning: no answer from https://service: connection refused; trying again\n"
            "batchai: warning: the service answers again\n");
}

TEST_F(JobStream, StreamOfAnUnreachableServiceFailsAtOnce) {
  on_outage("GET", url(job_));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("no answer from https://service"));
}

TEST_F(JobStream, StreamGivesUpOnAServiceThatStaysAway) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  for (int tries = 0; tries < 4; ++tries) {
    on_read("a", empty_response(503));
  }
  transport_->on_call("GET", read_url("a"), [this](const HttpRequest&, const CallContext&) -> HttpResponse {
    clock_->advance(std::chrono::minutes(11));
    return empty_response(503);
  });
  for (int tries = 1; tries < 4; ++tries) {
    on_read("a", empty_response(503));
  }
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot read https://acct.file.core.windows.net/s/stdout.txt (HTTP 503)"));
}

TEST_F(JobStream, StreamBeginsAnewWhenTheFileBecomesShorter) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", piece(0, "first\n", 6));
  on_job("succeeded");
  on_read("a", empty_response(416, {{"Content-Range", "bytes */4"}}));
  on_read("a", piece(0, "new\n", 4));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.out, "first\nnew\n");
  EXPECT_EQ(outcome.err, "the file 'stdout.txt' has been written anew; it is printed from its beginning\n");
}

TEST_F(JobStream, StreamBeginsAnewAlsoWhenRangeIsIgnored) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", {.status = 200, .body = "first\n"});
  on_job("succeeded");
  on_read("a", {.status = 200, .body = "new\n"});
  on_read("a", {.status = 200, .body = "new\n"});
  EXPECT_EQ(stream().out, "first\nnew\n");
}

TEST_F(JobStream, StreamPrintsNoOtherPartThanItAskedFor) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("succeeded");
  on_read("a", piece(10, "x", 11));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("answered with another part of the file than asked for"));
}

TEST_F(JobStream, StreamEndsWithAJobThatIsDeleted) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  transport_->on("GET", url(job_), not_found("j"));
  on_read("a", piece(0, "last", 4));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "last");
  EXPECT_EQ(outcome.err, "the job 'j' is not there any more\n");
}

TEST_F(JobStream, StreamGivesUpAfterTheTimeout) {
  on_job("running");
  on_list("");
  on_job("running");
  on_list("");
  const Outcome outcome =
      run(words({"job", "file", "stream"}, {"-j", "j", "-f", "stdout.txt", "--timeout", "1", "--only-show-errors"}));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("batchai: error: gave up waiting for the job 'j' after 1 s; the job goes on"));
}

TEST_F(JobStream, StreamEndsQuietlyWhenNobodyReads) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", piece(0, "x", 1));
  out_closed_ = true;
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(JobStream, CtrlCEndsTheStreamAndSaysThatTheJobGoesOn) {
  CancellationSource source;
  interruption_ = source.token();
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  transport_->on_call("GET", read_url("a"), [&](const HttpRequest&, const CallContext&) {
    source.cancel();
    return piece(0, "x", 1);
  });
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(outcome.out, "x");
  EXPECT_EQ(outcome.err,
            "batchai: error: interrupted; the job 'j' goes on in the service\n"
            "batchai: hint: read on with 'batchai job logs -g g -w w -e e -n j -f', or stop it with "
            "'batchai job terminate -g g -w w -e e -n j'\n");
}

std::string main_output_among(const std::vector<std::string>& names) {
  std::vector<File> files;
  for (const std::string& name : names) {
    files.push_back({.name = name, .file_type = FileType(std::string(FileType::kFile))});
  }
  const auto found = find_main_output(files);
  return found ? found->name : "";
}

TEST(MainOutput, IsWhatTheFirstProcessOfTheJobPrints) {
  EXPECT_EQ(main_output_among({"execution.log", "stderr.txt", "stdout-job_prep.txt", "stdout.txt"}), "stdout.txt");
  EXPECT_EQ(main_output_among({"stderr-0.txt", "stderr-1.txt", "stdout-0.txt", "stdout-1.txt"}), "stdout-0.txt");
  EXPECT_EQ(main_output_among({"stdout-ps-0.txt", "stdout-wk-0.txt", "stdout-wk-1.txt"}), "stdout-wk-0.txt");
  EXPECT_EQ(main_output_among({"stdout-0.txt", "stdout.txt"}), "stdout.txt");
}

TEST(MainOutput, IsNotThereBeforeTheFirstProcessIs) {
  EXPECT_EQ(main_output_among({}), "");
  EXPECT_EQ(main_output_among({"stderr.txt", "stdout-1.txt", "stdout-10.txt"}), "");
  EXPECT_EQ(main_output_among({"stdout-job_prep.txt", "stdout-job_prep-tvm-0.txt", "stdout-ps-0.txt"}), "");
  EXPECT_EQ(main_output_among({"stdout-probe-0.txt", "stdout-0.txt.bak"}), "") << "written by the preparation";
}

TEST(MainOutput, IsNoDirectory) {
  EXPECT_FALSE(find_main_output({{.name = "stdout-0.txt", .file_type = FileType(std::string(FileType::kDirectory))}}));
}

TEST_F(JobStream, OfANewJobFindsTheFileOfTheFirstProcess) {
  on_creation(json_response(200, job("queued", "{}", "tensorflow")));
  on_job("queued");
  on_list("");
  on_job("running");
  on_list(listed("stdout-ps-0.txt", "a"));
  on_job("running");
  on_list(listed("stdout-ps-0.txt", "a") + "," + listed("stdout-wk-0.txt", "b") + "," + listed("stderr-wk-0.txt", "c"));
  on_job("succeeded", R"({"exitCode":0})");
  transport_->on("GET", "https://acct.file.core.windows.net/s/stdout-wk-0.txt?sig=b", piece(0, "x", 1));
  transport_->on("GET", "https://acct.file.core.windows.net/s/stderr-wk-0.txt?sig=c", piece(0, "oops\n", 5));
  on_job("succeeded", R"({"exitCode":0})");
  const Outcome outcome = run(creation({"--stream"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "x");
  EXPECT_THAT(outcome.err, ::testing::StartsWith("job state: queued\njob state: running\noops\n"));
}

TEST_F(JobStream, OfANewJobThatNeverBeganSaysNothingOfFiles) {
  on_creation(json_response(200, job("queued")));
  on_job("failed", R"({"exitCode":7})");
  on_list(listed("execution.log", "a"));
  on_job("failed", R"({"exitCode":7})");
  on_list(listed("execution.log", "a"));
  const Outcome outcome = run(creation({"--stream"}));
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_EQ(outcome.err, "job 'j' failed with exit code 7\n");
}

TEST_F(JobStream, OfANewJobShowsWhyItsPreparationHasFailed) {
  const std::string files = listed("stdout-job_prep.txt", "a", 8) + "," + listed("stderr-job_prep.txt", "b", 5);
  const std::string info = R"({"exitCode":4,"errors":[{"code":"JobPreparationFailed","message":"It has failed"}]})";
  on_creation(json_response(200, job("queued")));
  on_job("failed", info);
  on_list(files);
  on_job("failed", info);
  on_list(files);
  on_job("failed", info);
  on_list(files);
  transport_->on("GET", "https://acct.file.core.windows.net/s/stderr-job_prep.txt?sig=b", piece(0, "oops\n", 5));
  const Outcome outcome = run(creation({"--stream"}));
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, ::testing::EndsWith("JobPreparationFailed: It has failed\nstderr-job_prep.txt:\n  oops\n"
                                               "see all with 'batchai job logs -g g -w w -e e -n j'\n"));
}

TEST_F(JobStream, OfANewJobShowsTheErrorsOfAnotherProcess) {
  const std::string files = listed("stdout-job_prep.txt", "d", 9) + "," + listed("stderr-job_prep.txt", "d", 9) + "," +
                            listed("stdout-0.txt", "a", 1) + "," + listed("stdout-1.txt", "d", 9) + "," +
                            listed("stderr-1.txt", "b", 5);
  on_creation(json_response(200, job("queued")));
  on_job("failed", R"({"exitCode":5})");
  on_list(files);
  transport_->on("GET", "https://acct.file.core.windows.net/s/stdout-0.txt?sig=a", piece(0, "x", 1));
  on_job("failed", R"({"exitCode":5})");
  on_list(files);
  on_job("failed", R"({"exitCode":5})");
  on_list(files);
  transport_->on("GET", "https://acct.file.core.windows.net/s/stderr-1.txt?sig=b", piece(0, "oops\n", 5));
  const Outcome outcome = run(creation({"--stream"}));
  EXPECT_EQ(outcome.exit_code, 5);
  EXPECT_THAT(outcome.err, ::testing::EndsWith("stderr-1.txt:\n  oops\n"
                                               "see all with 'batchai job logs -g g -w w -e e -n j --all'\n"));
}

}  // namespace
}  // namespace batchai::cli::test
