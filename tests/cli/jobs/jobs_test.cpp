#include "cli/jobs/jobs_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;

class Jobs : public JobTest {};

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

TEST_F(Jobs, DownloadTakesAPartialFileUpWhereItEnded) {
  const std::string part = write_file("target/.model.bin.8-2018-06-07T21:16:21Z.part", "1234");
  on_list(listed("model.bin", "a", 8));
  std::string range;
  transport_->on_call("GET", "https://acct.file.core.windows.net/s/model.bin?sig=a",
                      [&](const HttpRequest& request, const CallContext&) {
                        range = request.headers.get("Range");
                        return piece(4, "5678", 8);
                      });
  on_list(listed("model.bin", "a", 8));  // the file is still what the part is of
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

TEST_F(Jobs, OneEntryThatCannotBeDownloadedDoesNotStopTheOthers) {
  on_list(listed("bad", "a", 1) + "," + listed("..", "b", 1) + "," + listed("good", "c", 1));
  transport_->on("GET", "https://acct.file.core.windows.net/s/bad?sig=a", {.status = 409});
  transport_->on("GET", "https://acct.file.core.windows.net/s/good?sig=c", piece(0, "1", 1));
  const Outcome outcome =
      run(words({"job", "file", "download"}, {"-j", "j", "--destination", (folder_ / "t").string()}));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("batchai: error: bad: "));
  EXPECT_THAT(outcome.err, HasSubstr("2 of 3 entries could not be downloaded"));
  EXPECT_EQ(json::parse(outcome.out).size(), 1U);
  EXPECT_EQ(read(folder_ / "t" / "good"), "1");
}

TEST_F(Jobs, DownloadTakesNamesOf255BytesAndSuchThatAreNotUtf8) {
  const std::string longest(255, 'n');
  on_list(listed(longest, "a", 1) + R"(,{"name":"a%FF%2E","encoded":true,"fileType":"file",)" +
          R"("downloadUrl":"https://acct.file.core.windows.net/s/a%FF.?sig=b","properties":{"contentLength":1}})");
  transport_->on("GET", "https://acct.file.core.windows.net/s/" + longest + "?sig=a", piece(0, "1", 1));
  transport_->on_call("GET", "https://acct.file.core.windows.net/s/a%FF.?sig=b",
                      [&](const HttpRequest& request, const CallContext&) {
                        EXPECT_EQ(request.headers.get("x-ms-allow-trailing-dot"), "true");
                        EXPECT_GE(request.headers.get("x-ms-version"), "2022-11-02");
                        return piece(0, "2", 1);
                      });
  const Outcome outcome =
      run(words({"job", "file", "download"}, {"-j", "j", "--destination", (folder_ / "t").string()}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(read(folder_ / "t" / longest), "1");
  EXPECT_EQ(read(folder_ / "t" / "a\xff."), "2");
  const json odd = json::parse(outcome.out).at(1);
  EXPECT_EQ(odd.at("name"), "a%FF.");
  EXPECT_EQ(odd.at("encoded"), true);
}

TEST_F(Jobs, AFileWhoseNameIsNotUtf8IsNamedAsItIsOrAsItIsListed) {
  const std::string listing = listed("a%FF", "plain", 1) + R"(,{"name":"a%FF","encoded":true,"fileType":"file",)" +
                              R"("downloadUrl":"https://acct.file.core.windows.net/s/a%FF?sig=raw",)" +
                              R"("properties":{"contentLength":1}})";
  for (const auto& [name, signature] : {std::pair{"a\xff", "raw"}, {"a%FF", "plain"}}) {
    on_list(listing);
    transport_->on("GET", std::string("https://acct.file.core.windows.net/s/a%FF?sig=") + signature, piece(0, "1", 1));
    const Outcome outcome = run(
        words({"job", "file", "download"}, {"-j", "j", "-f", name, "--destination", (folder_ / signature).string()}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_TRUE(std::filesystem::exists(folder_ / signature / name));
  }
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
  for (int looks = 0; looks < 6; ++looks) {  // at 0, 25, 75, 175, 375 and 750 ms
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
  transport_->on("POST", listing_url(), json_response(400, R"({"error":{"code":"No","message":"It is not mounted"}})"));
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
  on_list(listed("stdout.txt", "a") + "," + listed("stderr.txt", "b"));
  on_job("running");
  on_read("a", piece(0, "x", 1));
  on_error_read("b", batchai::test::empty_response(416));
  out_closed_ = true;
  on_job("running");
  on_job("failed", R"({"exitCode":7})");
  on_list(listed("stdout.txt", "a", 1) + "," + listed("stderr.txt", "b"));
  const Outcome outcome = run(creation({"--stream"}));
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_EQ(outcome.out, "x");
  EXPECT_EQ(outcome.err, "job 'j' failed with exit code 7\nsee it again with 'batchai job logs -g g -w w -e e -n j'\n");
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
  EXPECT_EQ(outcome.exit_code, 1);
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

/// The body of `job create --command` on a cluster with these properties.
class JobOfCommand : public JobTest {
 protected:
  const std::string cluster_ = workspace_path() + "/clusters/c";

  Outcome create(const std::string& cluster, const std::vector<std::string>& more, bool is_sent = true) {
    transport_->on("GET", url(job_), not_found("j"));
    transport_->on("GET", url(cluster_),
                   json_response(200, R"({"id":")" + id(cluster_) + R"(","name":"c","properties":)" + cluster + "}"));
    if (is_sent) {
      transport_->on_call("PUT", url(job_), [this](const HttpRequest& request, const CallContext&) {
        sent_ = json::parse(request.body).at("properties");
        return json_response(200, job("queued"));
      });
    }
    std::vector<std::string> all = words({"job", "create"}, {"-n", "j", "-c", "c", "--command", "python3 x.py"});
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }

  json sent_;
};

constexpr const char* kClusterWithShare = R"({"nodeSetup":{"mountVolumes":{"azureFileShares":[
    {"accountName":"a","azureFileUrl":"https://a.file.core.windows.net/s","relativeMountPath":"afs"}]}}})";

TEST_F(JobOfCommand, WritesToTheShareOfTheCluster) {
  const Outcome outcome = create(kClusterWithShare, {});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(sent_.at("customToolkitSettings").at("commandLine"), "python3 x.py");
  EXPECT_EQ(sent_.at("stdOutErrPathPrefix"), "$AZ_BATCHAI_MOUNT_ROOT/afs");
  EXPECT_EQ(sent_.at("nodeCount"), 1);
}

TEST_F(JobOfCommand, WritesToItsOwnShareFirst) {
  variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
  variables_["AZURE_BATCHAI_STORAGE_KEY"] = "a2V5";
  const Outcome outcome = create(kClusterWithShare, {"--afs-name", "own", "--afs-mount-path", "there", "--nodes", "3"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(sent_.at("stdOutErrPathPrefix"), "$AZ_BATCHAI_JOB_MOUNT_ROOT/there");
  EXPECT_EQ(sent_.at("nodeCount"), 3);
}

TEST_F(JobOfCommand, NeedsAShareForItsOutput) {
  const Outcome outcome = create("{}", {}, false);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("neither the cluster 'c' nor the job mounts a share"));
}

TEST_F(Jobs, TheFileOfAJobMayComeFromStandardInput) {
  input_ = R"({"properties":{"nodeCount":1,"stdOutErrPathPrefix":"p","customToolkitSettings":{"commandLine":"true"}}})";
  on_creation(json_response(200, job("queued")));
  const Outcome outcome = run(words({"job", "create"}, {"-n", "j", "-c", "c", "-f", "-"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(json::parse(transport_->last_request().body).at("properties").at("stdOutErrPathPrefix"), "p");
}

}  // namespace
}  // namespace batchai::cli::test
