#include "cli/cli_fixture.hpp"

#include <sys/stat.h>

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Jobs : public CliTest {
 protected:
  const std::string job_ = workspace_path() + "/experiments/e/jobs/j";
  const std::vector<std::string> place_{"-g", "g", "-w", "w", "-e", "e"};

  std::vector<std::string> words(std::vector<std::string> command, const std::vector<std::string>& more) const {
    command.insert(command.end(), place_.begin(), place_.end());
    command.insert(command.end(), more.begin(), more.end());
    return command;
  }

  static std::string job(const std::string& state, const std::string& info = "{}", const std::string& tool = "custom") {
    return R"({"name":"j","properties":{"executionState":")" + state +
           R"(","provisioningState":"succeeded","toolType":")" + tool +
           R"(","creationTime":"2018-06-07T21:16:00Z","executionInfo":)" + info + "}}";
  }
  void on_job(const std::string& state, const std::string& info = "{}") {
    transport_->on("GET", url(job_), json_response(200, job(state, info)));
  }
  /// A listing of stdouterr with one file behind a signed URL.
  void on_list(const std::string& files) {
    transport_->on("POST", listing_url(), json_response(200, R"({"value":[)" + files + "]}"));
  }
  std::string listing_url() const {
    return "https://management.azure.com/subscriptions/sub" + job_ +
           "/listOutputFiles?api-version=2018-05-01&outputdirectoryid=stdouterr";
  }
  /// `job create` of a small job.
  std::vector<std::string> creation(const std::vector<std::string>& more) const {
    const std::string file = write_file("job.json", R"({"properties":{"nodeCount":1,"stdOutErrPathPrefix":"p",
        "customToolkitSettings":{"commandLine":"true"}}})");
    std::vector<std::string> all = words({"job", "create"}, {"-n", "j", "-c", "c", "-f", file});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  /// What creation() asks for.
  void on_creation(HttpResponse answer) {
    const std::string cluster = workspace_path() + "/clusters/c";
    transport_->on("GET", url(job_), not_found("j"));
    transport_->on("GET", url(cluster), json_response(200, R"({"id":")" + id(cluster) + R"(","name":"c"})"));
    transport_->on("PUT", url(job_), std::move(answer));
  }
  static std::string listed(const std::string& name, const std::string& signature, std::size_t size = 0) {
    return R"({"name":")" + name + R"(","fileType":"file","downloadUrl":"https://acct.file.core.windows.net/s/)" +
           name + "?sig=" + signature + R"(","properties":{"lastModified":"2018-06-07T21:16:21Z","contentLength":)" +
           std::to_string(size) + "}}";
  }
  static HttpResponse piece(std::size_t first, const std::string& bytes, std::size_t total) {
    return {.status = 206,
            .headers = {{"Content-Range", "bytes " + std::to_string(first) + "-" +
                                              std::to_string(first + bytes.size() - 1) + "/" + std::to_string(total)}},
            .body = bytes};
  }
  void on_read(const std::string& signature, HttpResponse response) {
    transport_->on("GET", "https://acct.file.core.windows.net/s/stdout.txt?sig=" + signature, std::move(response));
  }
  /// The request and all its repetitions get no answer.
  void on_outage(const std::string& method, const std::string& target) {
    for (int tries = 0; tries < 4; ++tries) {
      transport_->on_call(method, target, [](const HttpRequest&, const CallContext&) -> HttpResponse {
        throw TransportError("https://service", "connection refused");
      });
    }
  }
  static std::string read_url(const std::string& signature) {
    return "https://acct.file.core.windows.net/s/stdout.txt?sig=" + signature;
  }
  Outcome stream() { return run(words({"job", "file", "stream"}, {"-j", "j", "-f", "stdout.txt"})); }
};

TEST_F(Jobs, WaitTellsWhatHappensAndEndsWithTheJobsExitCode) {
  on_job("queued");
  on_job("running", R"({"startTime":"2018-06-07T21:16:10Z"})");
  on_job("failed", R"({"startTime":"2018-06-07T21:16:10Z","endTime":"2018-06-07T21:17:15Z","exitCode":263,
      "errors":[{"code":"JobFailed","message":"It failed.","details":[{"name":"Node","value":"tvm-1"}]}]})");
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

TEST_F(Jobs, WaitIsZeroForSuccessAnd255WithoutAnExitCode) {
  on_job("succeeded", R"({"exitCode":0})");
  EXPECT_EQ(run(words({"job", "wait"}, {"-n", "j"})).exit_code, 0);
  on_job("failed");
  EXPECT_EQ(run(words({"job", "wait"}, {"-n", "j"})).exit_code, 255);
  on_job("failed", R"({"exitCode":-1})");
  EXPECT_EQ(run(words({"job", "wait"}, {"-n", "j"})).exit_code, 255);
}

TEST_F(Jobs, WaitLooksLessOftenAsTimeGoesBy) {
  for (int i = 0; i < 6; ++i) {
    on_job("running");
  }
  on_job("succeeded");
  EXPECT_EQ(run(words({"job", "wait"}, {"-n", "j", "--only-show-errors"})).err, "");
  const std::vector<Duration> expected{std::chrono::seconds(1), std::chrono::seconds(2),  std::chrono::seconds(4),
                                       std::chrono::seconds(8), std::chrono::seconds(15), std::chrono::seconds(15)};
  EXPECT_EQ(clock_->sleeps(), expected);
}

TEST_F(Jobs, WaitGivesUpAfterTheTimeout) {
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

TEST_F(Jobs, WaitGivesUpInTheSameWordsWhenTheLastAnswerComesTooLate) {
  on_job("running");
  transport_->on_call("GET", url(job_), [](const HttpRequest&, const CallContext&) -> HttpResponse {
    throw DeadlineExceeded("no answer from https://service before the time was up");
  });
  expect_error(words({"job", "wait"}, {"-n", "j", "--timeout", "5", "--only-show-errors"}), 1,
               "batchai: error: gave up waiting for the job 'j' after 5 s; the job goes on in the service\n"
               "batchai: hint: wait longer with --timeout, or stop it with "
               "'batchai job terminate -g g -w w -e e -n j'");
}

TEST_F(Jobs, WaitTellsWhatIsWrongWithTheServiceWhenTheTimeIsUp) {
  on_job("running");
  transport_->on_call("GET", url(job_), [this](const HttpRequest&, const CallContext&) -> HttpResponse {
    clock_->advance(std::chrono::milliseconds(4'900));
    throw TransportError("https://service", "connection refused");
  });
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j", "--timeout", "5", "--only-show-errors"}));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("batchai: error: no answer from https://service: connection refused\n"));
}

TEST_F(Jobs, AWaitForAServiceThatNeverAnswersSaysSo) {
  transport_->on_call("GET", url(job_), [](const HttpRequest&, const CallContext&) -> HttpResponse {
    throw DeadlineExceeded("no answer from https://service before the time was up");
  });
  expect_error(words({"job", "wait"}, {"-n", "j", "--timeout", "5"}), 1,
               "batchai: error: no answer from https://service before the time was up");
}

TEST_F(Jobs, CtrlCEndsTheWaitingAndSaysThatTheJobGoesOn) {
  CancellationSource source;
  interruption_ = source.token();
  transport_->on_call("GET", url(job_), [&](const HttpRequest&, const CallContext&) {
    source.cancel();
    return json_response(200, job("running"));
  });
  const Outcome outcome = run(words({"job", "wait"}, {"-n", "j"}));
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_THAT(outcome.err, HasSubstr("batchai: error: interrupted; the job 'j' goes on in the service\n"
                                     "batchai: hint: stop it with 'batchai job terminate -g g -w w -e e -n j'\n"));
}

TEST_F(Jobs, AMissingJobEndsWithThree) {
  transport_->on("GET", url(job_), not_found("j"));
  const Outcome outcome = run(words({"job", "show"}, {"-n", "j"}));
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("j was not found"));
}

TEST_F(Jobs, StreamCopiesWhatIsThereAndWhatWasWrittenLast) {
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

TEST_F(Jobs, StreamWaitsForTheFileAndSaysSoOnce) {
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
  EXPECT_EQ(outcome.err, "the file 'stdout.txt' is not there yet; waiting for the job to make it\n");
}

TEST_F(Jobs, StreamOfAFileThatNeverCameIsNoError) {
  on_job("failed");
  on_list("");
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "the job ended without making the file 'stdout.txt'\n");
}

TEST_F(Jobs, StreamRepeatsNothingWhenRangeIsIgnored) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", {.status = 200, .body = "one\n"});
  on_job("succeeded");
  on_read("a", {.status = 200, .body = "one\ntwo\n"});
  EXPECT_EQ(stream().out, "one\ntwo\n");
}

TEST_F(Jobs, StreamRenewsAUrlThatIsRefused) {
  on_job("running");
  on_list(listed("stdout.txt", "old"));
  on_job("succeeded");
  on_read("old", empty_response(403));
  on_list(listed("stdout.txt", "new"));
  on_read("new", piece(0, "x", 1));
  EXPECT_EQ(stream().out, "x");
}

TEST_F(Jobs, StreamRenewsAUrlBeforeItExpires) {
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

TEST_F(Jobs, StreamRenewsAUrlInTimeForItsOwnEnd) {
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

TEST_F(Jobs, StreamOutlivesARestartOfTheService) {
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

TEST_F(Jobs, StreamTellsOfARestartOnceOnATerminal) {
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

TEST_F(Jobs, StreamOfAnUnreachableServiceFailsAtOnce) {
  on_outage("GET", url(job_));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("no answer from https://service"));
}

TEST_F(Jobs, StreamGivesUpOnAServiceThatStaysAway) {
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

TEST_F(Jobs, StreamBeginsAnewWhenTheFileBecomesShorter) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", piece(0, "first\n", 6));
  on_job("succeeded");
  on_read("a", empty_response(416, {{"Content-Range", "bytes */4"}}));
  on_read("a", piece(0, "new\n", 4));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.out, "first\nnew\n");
  EXPECT_EQ(outcome.err, "the file 'stdout.txt' has become shorter; it is printed from its beginning\n");
}

TEST_F(Jobs, StreamBeginsAnewAlsoWhenRangeIsIgnored) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", {.status = 200, .body = "first\n"});
  on_job("succeeded");
  on_read("a", {.status = 200, .body = "new\n"});
  on_read("a", {.status = 200, .body = "new\n"});
  EXPECT_EQ(stream().out, "first\nnew\n");
}

TEST_F(Jobs, StreamPrintsNoOtherPartThanItAskedFor) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("succeeded");
  on_read("a", piece(10, "x", 11));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("answered with another part of the file than asked for"));
}

TEST_F(Jobs, StreamEndsWithAJobThatIsDeleted) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  transport_->on("GET", url(job_), not_found("j"));
  on_read("a", piece(0, "last", 4));
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "last");
  EXPECT_EQ(outcome.err, "the job 'j' is not there any more\n");
}

TEST_F(Jobs, StreamGivesUpAfterTheTimeout) {
  on_job("running");
  on_list("");
  on_job("running");
  on_list("");
  const Outcome outcome =
      run(words({"job", "file", "stream"}, {"-j", "j", "-f", "stdout.txt", "--timeout", "1", "--only-show-errors"}));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("batchai: error: gave up waiting for the job 'j' after 1 s; the job goes on"));
}

TEST_F(Jobs, StreamEndsQuietlyWhenNobodyReads) {
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", piece(0, "x", 1));
  out_closed_ = true;
  const Outcome outcome = stream();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Jobs, CtrlCEndsTheStreamAndSaysThatTheJobGoesOn) {
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
            "batchai: hint: stop it with 'batchai job terminate -g g -w w -e e -n j'\n");
}

TEST_F(Jobs, CtrlCDuringADeletionSaysWhatGoesOn) {
  CancellationSource source;
  interruption_ = source.token();
  transport_->on("DELETE", url(job_), empty_response(202, {{"Location", url("/operations/1")}}));
  transport_->on_call("GET", url("/operations/1"), [&](const HttpRequest&, const CallContext&) {
    source.cancel();
    return empty_response(202);
  });
  const Outcome outcome = run(words({"job", "delete"}, {"-n", "j", "-y"}));
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(outcome.err,
            "batchai: error: interrupted; deleting the job 'j' goes on in the service\n"
            "batchai: hint: see 'batchai job show -g g -w w -e e -n j'\n");
}

TEST_F(Jobs, CtrlCDuringTheRequestItselfSaysThatNobodyKnows) {
  CancellationSource source;
  interruption_ = source.token();
  transport_->on_call("DELETE", url(job_), [&](const HttpRequest&, const CallContext&) -> HttpResponse {
    source.cancel();
    throw Cancelled();
  });
  const Outcome outcome = run(words({"job", "delete"}, {"-n", "j", "-y"}));
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(
      outcome.err,
      "batchai: error: interrupted while the service was asked to change something; it may have done so: DELETE " +
          id(job_) + "\n");
}

TEST_F(Jobs, AWaitOutlivesARestartOfTheService) {
  transport_->on("DELETE", url(job_), empty_response(202, {{"Location", url("/operations/1")}}));
  on_outage("GET", url("/operations/1"));
  transport_->on("GET", url("/operations/1"), empty_response(204));
  const Outcome outcome = run(words({"job", "delete"}, {"-n", "j", "-y"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST_F(Jobs, DownloadTakesAPartialFileUpWhereItEnded) {
  const std::string part = write_file("target/.model.bin.8-2018-06-07T21:16:21Z.part", "1234");
  on_list(listed("model.bin", "a", 8));
  std::string range;
  transport_->on_call("GET", "https://acct.file.core.windows.net/s/model.bin?sig=a",
                      [&](const HttpRequest& request, const CallContext&) {
                        range = request.headers.get("Range");
                        return piece(4, "5678", 8);
                      });
  const std::string target = (folder_ / "target").string();
  const Outcome outcome = run(words({"job", "file", "download"}, {"-j", "j", "--destination", target}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(range, HasSubstr("bytes=4-"));
  EXPECT_EQ(read(folder_ / "target" / "model.bin"), "12345678");
  EXPECT_FALSE(std::filesystem::exists(part));
  // Once more: nothing is read again.
  on_list(listed("model.bin", "a", 8));
  EXPECT_EQ(run(words({"job", "file", "download"}, {"-j", "j", "--destination", target})).exit_code, 0);
}

TEST_F(Jobs, DownloadRefusesNamesThatLeaveTheFolder) {
  on_list(listed("..", "a", 1));
  const Outcome outcome =
      run(words({"job", "file", "download"}, {"-j", "j", "--destination", (folder_ / "t").string()}));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot be a local name"));
}

TEST_F(Jobs, APathThatIsNoDirectoryOfTheOutputIsTold) {
  const auto on_list_below = [&](const std::string& path, const std::string& files) {
    transport_->on_below("POST",
                         "https://management.azure.com/subscriptions/sub" + job_ +
                             "/listOutputFiles?api-version=2018-05-01&outputdirectoryid=stdouterr" +
                             (path.empty() ? "" : "&directory=" + path) + "&linkexpiry",
                         json_response(200, R"({"value":[)" + files + "]}"));
  };
  const auto list = [&](const std::string& path) { return words({"job", "file", "list"}, {"-j", "j", "-p", path}); };
  on_list_below("nope", "");
  on_list_below("", listed("stdout.txt", "a"));
  expect_error(list("nope"), 3,
               "batchai: error: the job has no directory 'nope' there\nbatchai: hint: see 'batchai job file list'");
  on_list_below("stdout.txt", "");
  on_list_below("", listed("stdout.txt", "a"));
  expect_error(list("stdout.txt"), 2, "batchai: error: -p/--path: 'stdout.txt' is a file (name its directory with -p)");
  on_list_below("in%2Fempty%2F", "");
  on_list_below("in", R"({"name":"empty","fileType":"directory"})");
  EXPECT_EQ(run(list("in/empty/")).out, "[]\n");
}

TEST_F(Jobs, AFolderThatCannotBeMadeIsNamed) {
  on_list(listed("stdout.txt", "a", 1));
  expect_error(words({"job", "file", "download"}, {"-j", "j", "--destination", "/proc/x"}), 1,
               "batchai: error: cannot make the folder '/proc/x': No such file or directory");
  const std::string file = write_file("file", "1");
  on_list(listed("stdout.txt", "a", 1));
  expect_error(words({"job", "file", "download"}, {"-j", "j", "--destination", file}), 1,
               "batchai: error: cannot make the folder '" + file + "': Not a directory");
}

TEST_F(Jobs, CreateSendsTheFileWithTheClustersRealId) {
  const std::string cluster = workspace_path() + "/clusters/c";
  const std::string file = write_file("job.json", R"({"$schema":"x","properties":{"nodeCount":1,
      "stdOutErrPathPrefix":"p","customToolkitSettings":{"commandLine":"true"},"cluster":{"id":"other"}}})");
  transport_->on("GET", url(job_), not_found("j"));
  transport_->on("GET", url(cluster), json_response(200, R"({"id":")" + id(cluster) + R"(","name":"c"})"));
  std::string sent;
  transport_->on_call("PUT", url(job_), [&](const HttpRequest& request, const CallContext&) {
    sent = request.body;
    return json_response(200, job("queued"));
  });
  on_job("succeeded", R"({"exitCode":0})");
  on_job("succeeded", R"({"exitCode":0})");
  const Outcome outcome =
      run(words({"job", "create"}, {"-n", "j", "-c", "c", "-f", file, "--wait", "--only-show-errors"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(json::parse(sent), json::parse(R"({"properties":{"nodeCount":1,"stdOutErrPathPrefix":"p",
      "customToolkitSettings":{"commandLine":"true"},"cluster":{"id":")" +
                                           id(cluster) + R"("}}})"));
  EXPECT_EQ(json::parse(outcome.out)["executionState"], "succeeded");
}

TEST_F(Jobs, CreateWithALittleTimeLooksOnceMoreAndSaysThatItGoesOn) {
  on_creation(empty_response(202, {{"Location", url("/operations/1")}}));
  for (int looks = 0; looks < 2; ++looks) {  // at 0 and 0.75 s
    transport_->on("GET", url("/operations/1"), empty_response(202));
  }
  expect_error(creation({"--timeout", "1"}), 1,
               "batchai: error: gave up after 1 s; creating the job 'j' goes on in the service\n"
               "batchai: hint: see 'batchai job show -g g -w w -e e -n j'");
}

TEST_F(Jobs, TheTimeIsUpDuringTheRequestItself) {
  transport_->on_call("DELETE", url(job_), [](const HttpRequest&, const CallContext&) -> HttpResponse {
    throw DeadlineExceeded("no answer from https://service before the time was up");
  });
  expect_error(words({"job", "delete"}, {"-n", "j", "-y", "--timeout", "1"}), 1,
               "batchai: error: no answer from https://service before the time was up; the service was asked to change "
               "something and may have done so: DELETE " +
                   id(job_));
}

TEST_F(Jobs, CreateWaitsForAJobWhoseOutputCannotBeStreamed) {
  on_creation(json_response(200, job("queued")));
  on_job("running");
  transport_->on("POST", listing_url(),
                 json_response(400, R"({"error":{"code":"InvalidOutputDirectoryId","message":"It is not mounted"}})"));
  on_job("running");
  on_job("failed", R"({"exitCode":7})");
  const Outcome outcome = run(creation({"--stream"}));
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "batchai: warning: the output of the job 'j' cannot be streamed: (InvalidOutputDirectoryId) It is not "
            "mounted; waiting for the job's end\n"
            "job 'j' failed with exit code 7\n");
}

TEST_F(Jobs, CreateWaitsForTheExitCodeWhenNobodyReadsTheStreamAnyMore) {
  on_creation(json_response(200, job("queued")));
  on_job("running");
  on_list(listed("stdout.txt", "a"));
  on_job("running");
  on_read("a", piece(0, "x", 1));
  out_closed_ = true;
  on_job("running");
  on_job("failed", R"({"exitCode":7})");
  const Outcome outcome = run(creation({"--stream"}));
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_EQ(outcome.out, "x");
  EXPECT_EQ(outcome.err, "job 'j' failed with exit code 7\n");
}

TEST_F(Jobs, CreateTakesTheClusterOfTheConfigFile) {
  const std::string cluster = "/resourceGroups/h/providers/Microsoft.BatchAI/workspaces/v/clusters/c";
  const std::string file = write_file("job.json", R"({"properties":{"nodeCount":1,"stdOutErrPathPrefix":"p",
      "customToolkitSettings":{"commandLine":"true"},"cluster":{"id":")" +
                                                      id(cluster) + R"("}}})");
  transport_->on("GET", url(job_), not_found("j"));
  transport_->on("GET", url(cluster), json_response(200, R"({"id":")" + id(cluster) + R"(","name":"c"})"));
  const Outcome outcome = run(words({"job", "create", "--dry-run"}, {"-n", "j", "-f", file}));
  EXPECT_THAT(outcome.out, HasSubstr("\"id\": \"" + id(cluster) + "\""));
}

TEST_F(Jobs, CreateRefusesAJobThatExists) {
  on_job("queued");
  const Outcome outcome = run(words({"job", "create"}, {"-n", "j", "-c", "c", "-f", "none.json"}));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("a job with the same name already exists in the experiment"));
}

TEST_F(Jobs, DeleteAndTerminateWantAConfirmation) {
  for (const char* command : {"delete", "terminate"}) {
    const Outcome refused = run(words({"job", command}, {"-n", "j"}));
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_EQ(refused.err,
              "batchai: error: this needs a confirmation, and there is no terminal to ask on"
              " (add -y/--yes)\n");
  }
  terminal_ = true;
  input_ = "no\n";
  EXPECT_EQ(run(words({"job", "delete"}, {"-n", "j"})).exit_code, 1);
  input_ = "y\n";
  transport_->on("DELETE", url(job_), empty_response(204));
  EXPECT_EQ(run(words({"job", "delete"}, {"-n", "j"})).exit_code, 0);
  terminal_ = false;
  transport_->on("DELETE", url(job_), empty_response(204));
  EXPECT_EQ(run(words({"job", "delete"}, {"-n", "j", "-y"})).exit_code, 0);
}

TEST_F(Jobs, IdsStandForNamesAndGiveAListForSeveral) {
  const std::string other = workspace_path() + "/experiments/e/jobs/k";
  on_job("running");
  transport_->on("GET", url(other), json_response(200, R"({"name":"k"})"));
  const Outcome outcome = run({"job", "show", "--ids", id(job_), id(other)});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)[1]["name"], "k");
  EXPECT_EQ(run({"job", "show", "--ids", "nonsense"}).exit_code, 2);
  EXPECT_EQ(run({"job", "show", "--ids", id(workspace_path())}).exit_code, 2);
}

}  // namespace
}  // namespace batchai::cli::test
