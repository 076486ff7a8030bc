#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class DryRun : public CliTest {
 protected:
  const std::string storage_ = "https://acct.file.core.windows.net/";
  const std::string arm_ = "https://management.azure.com/subscriptions/sub";

  DryRun() {
    variables_["AZURE_STORAGE_ACCOUNT"] = "acct";
    variables_["AZURE_STORAGE_KEY"] = "aHVzaA==";
  }

  Outcome dry(std::vector<std::string> words) {
    words.emplace_back("--dry-run");
    Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, Not(HasSubstr("hush")));
    EXPECT_THAT(outcome.out, Not(HasSubstr("aHVzaA==")));
    return outcome;
  }
  static std::string closing(int requests) {
    return "batchai: dry run: nothing was sent; the command would change something with " + std::to_string(requests) +
           (requests == 1 ? " request\n" : " requests\n");
  }
  /// Only reads may arrive.
  void expect_nothing_sent() const {
    for (const HttpRequest& request : transport_->requests()) {
      EXPECT_TRUE(request.method == "GET" || request.method == "HEAD" || request.method == "POST") << request.method;
    }
  }
};

TEST_F(DryRun, ShowsAllRequestsOfAnUpload) {
  write_file("data/a.txt", "12345");
  write_file("data/b.bin", std::string(9 * 1024 * 1024, 'x'));
  const Outcome outcome = dry({"files", "upload", "-r", (folder_ / "data").string(), "share/in"});
  EXPECT_THAT(outcome.out, HasSubstr("PUT " + storage_ + "share/in?restype=directory\nPUT " + storage_ +
                                     "share/in/data?restype=directory\n"));
  EXPECT_THAT(outcome.out, HasSubstr("PUT " + storage_ + "share/in/data/a.txt\nPUT " + storage_ +
                                     "share/in/data/a.txt?comp=range\n(5 bytes of application/octet-stream)\n"));
  EXPECT_THAT(outcome.out,
              HasSubstr("PUT " + storage_ + "share/in/data/b.bin\nPUT " + storage_ +
                        "share/in/data/b.bin?comp=range\n(9437184 bytes of application/octet-stream in 3 requests)\n"));
  EXPECT_EQ(outcome.err, closing(10));
  EXPECT_THAT(transport_->requests(), ::testing::IsEmpty());
}

TEST_F(DryRun, OfAnUploadEndsAsTheUploadWould) {
  write_file("data/CON", "1");
  write_file("data/good", "1");
  const Outcome outcome = run({"files", "upload", "-r", (folder_ / "data").string(), "share/in", "--dry-run"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("names of devices"));
  EXPECT_THAT(outcome.err, HasSubstr(closing(5)));
}

TEST_F(DryRun, HidesTheSignatureInAUrl) {
  variables_.erase("AZURE_STORAGE_KEY");
  const Outcome outcome = dry({"files", "share", "create", "-n", "share", "--sas-token", "sv=1&sig=hush"});
  EXPECT_EQ(outcome.out, "PUT " + storage_ + "share?restype=share&sv=1&sig=REDACTED\n");
  EXPECT_EQ(outcome.err, closing(1));
}

TEST_F(DryRun, ShowsADeletionForEveryId) {
  const std::string jobs = workspace_path() + "/experiments/e/jobs/";
  const Outcome outcome = dry({"job", "delete", "--ids", id(jobs + "a"), id(jobs + "b")});
  EXPECT_EQ(outcome.out, "DELETE " + url(jobs + "a") + "\nDELETE " + url(jobs + "b") + "\n");
  EXPECT_EQ(outcome.err, closing(2));
}

TEST_F(DryRun, ShowsTheWholeWayToAutomaticStorage) {
  const std::string cluster = workspace_path() + "/clusters/c";
  const std::string group = "/resourceGroups/batchaiautostorage/providers/Microsoft.Storage/storageAccounts";
  const std::string version = "?api-version=2022-09-01";
  transport_->on("GET", url(cluster), not_found("c"))
      .on("GET", url(workspace_path()), json_response(200, R"({"name":"w","location":"eastus"})"))
      .on("HEAD", arm_ + "/resourcegroups/batchaiautostorage?api-version=2021-04-01", empty_response(404))
      .on("GET", arm_ + group + version, not_found("batchaiautostorage"))
      .on("POST", arm_ + "/providers/Microsoft.Storage/checkNameAvailability" + version,
          json_response(200, R"({"nameAvailable":true})"))
      .on_below("POST", arm_ + group + "/bai", not_found("account"));
  const Outcome outcome = dry(
      {"cluster", "create", "-g", "g", "-w", "w", "-n", "c", "-s", "S", "-t", "1", "-p", "hush", "--use-auto-storage"});
  const auto at = [&](const std::string& text) { return outcome.out.find(text); };
  EXPECT_EQ(at("PUT " + arm_ + "/resourcegroups/batchaiautostorage"), 0U);
  EXPECT_LT(at("PUT " + arm_ + "/resourcegroups"), at("PUT " + arm_ + group + "/bai"));
  EXPECT_LT(at("PUT " + arm_ + group + "/bai"), at("fileServices/default/shares/batchaishare"));
  EXPECT_LT(at("shares/batchaishare"), at("blobServices/default/containers/batchaicontainer"));
  EXPECT_LT(at("containers/batchaicontainer"), at("PUT " + url(cluster)));
  EXPECT_THAT(outcome.out, HasSubstr("\"accountKey\": \"***\""));
  EXPECT_THAT(outcome.err, HasSubstr(closing(5)));
  expect_nothing_sent();
}

TEST_F(DryRun, DoesNotWaitForAJobThatIsNotThere) {
  const std::string job = workspace_path() + "/experiments/e/jobs/j";
  const std::string cluster = workspace_path() + "/clusters/c";
  const std::string file = write_file("job.json", R"({"properties":{"nodeCount":1,"stdOutErrPathPrefix":"p",
      "customToolkitSettings":{"commandLine":"true"},"secrets":[{"name":"S","value":"hush"}]}})");
  transport_->on("GET", url(job), not_found("j"))
      .on("GET", url(cluster), json_response(200, R"({"id":")" + id(cluster) + R"(","name":"c"})"));
  const Outcome outcome =
      dry({"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "-c", "c", "-f", file, "--stream"});
  EXPECT_THAT(outcome.out, HasSubstr("PUT " + url(job) + "\n{"));
  EXPECT_EQ(outcome.err, closing(1));
}

TEST_F(DryRun, GoesThroughEveryChangeOfAResource) {
  const std::vector<std::string> workspace{"-g", "g", "-w", "w"};
  const auto in_workspace = [&](std::vector<std::string> words) {
    words.insert(words.end(), workspace.begin(), workspace.end());
    return dry(words);
  };
  EXPECT_THAT(dry({"group", "create", "-n", "g", "-l", "eastus"}).out, HasSubstr("\"location\": \"eastus\""));
  EXPECT_THAT(dry({"group", "delete", "-n", "g"}).out, HasSubstr("DELETE "));
  EXPECT_THAT(dry({"provider", "register", "-n", "Microsoft.BatchAI"}).out, HasSubstr("POST "));
  EXPECT_THAT(dry({"workspace", "create", "-g", "g", "-n", "w", "-l", "eastus"}).out, HasSubstr("PUT "));
  EXPECT_THAT(dry({"workspace", "delete", "-g", "g", "-n", "w"}).out, HasSubstr("DELETE "));
  EXPECT_THAT(in_workspace({"experiment", "create", "-n", "e"}).out, HasSubstr("PUT "));
  EXPECT_THAT(in_workspace({"cluster", "resize", "-n", "c", "-t", "2"}).out, HasSubstr("\"targetNodeCount\": 2"));
  EXPECT_THAT(in_workspace({"cluster", "auto-scale", "-n", "c", "--min", "0", "--max", "2"}).out, HasSubstr("PATCH "));
  EXPECT_THAT(in_workspace({"cluster", "delete", "-n", "c"}).out, HasSubstr("DELETE "));
  EXPECT_THAT(in_workspace({"job", "terminate", "-e", "e", "-n", "j"}).out, HasSubstr("/terminate?"));
  expect_nothing_sent();
}

TEST_F(DryRun, PrintsTheResultOfACommandThatOnlyReads) {
  transport_->on("GET", arm_ + "/resourcegroups?api-version=2021-04-01", json_response(200, R"({"value":[]})"));
  const Outcome outcome = dry({"group", "list"});
  EXPECT_EQ(outcome.out, "[]\n");
  EXPECT_EQ(outcome.err, "batchai: dry run: the command would change nothing\n");
}

TEST_F(DryRun, EndsWithItsLineAlsoWhenItFailsOnTheWay) {
  const std::string cluster = workspace_path() + "/clusters/c";
  transport_->on("GET", url(cluster), json_response(200, R"({"name":"c"})"));
  const Outcome outcome =
      run({"cluster", "create", "-g", "g", "-w", "w", "-n", "c", "-s", "S", "-t", "1", "-p", "x", "--dry-run"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err,
              HasSubstr("dry run: nothing was sent or changed before the error\nbatchai: error: the cluster 'c'"));
}

/// Sends job files through `job create --dry-run`.
class JobFile : public CliTest {
 protected:
  JobFile() {
    variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
    variables_["AZURE_BATCHAI_STORAGE_KEY"] = "the-key";
  }

  json body_of(const std::string& file) {
    const std::string job = workspace_path() + "/experiments/e/jobs/j";
    transport_->on("GET", url(job), not_found("j"))
        .on("GET", url(cluster_), json_response(200, R"({"id":")" + id(cluster_) + R"(","name":"c"})"));
    const Outcome outcome =
        run({"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "-c", "c", "-f", file, "--dry-run"});
    EXPECT_EQ(outcome.exit_code, 0) << file << ": " << outcome.err;
    const std::string first = "PUT " + url(job) + "\n";
    EXPECT_THAT(outcome.out, ::testing::StartsWith(first));
    return json::parse(outcome.out.substr(std::min(first.size(), outcome.out.size())), nullptr, false);
  }

  const std::string cluster_ = workspace_path() + "/clusters/c";
};

TEST_F(JobFile, OddMembersAreDroppedAndVolumesCompleted) {
  const std::string file = write_file("odd.json", R"({
    "$schema": "https://example.org/job.json", "_remark": ["kept in mind only"],
    "properties": {
      "nodeCount": 3, "_comment": "not for the service",
      "horovodSettings": {"pythonScriptFilePath": "$AZ_BATCHAI_JOB_MOUNT_ROOT/s/train.py", "_why": 1},
      "stdOutErrPathPrefix": "$AZ_BATCHAI_JOB_MOUNT_ROOT/s",
      "environmentVariables": [{"name": "EMPTY", "value": ""}, {"name": "SIGN", "value": "a=b&c"}],
      "secrets": [{"name": "TOKEN", "value": "hush"}],
      "mountVolumes": {
        "azureFileShares": [
          {"azureFileUrl": "https://<AZURE_BATCHAI_STORAGE_ACCOUNT>.file.core.windows.net/s", "relativeMountPath": "s"},
          {"azureFileUrl": "https://acct.file.core.windows.net/t", "relativeMountPath": "t"},
          {"azureFileUrl": "https://other.file.core.windows.net/u", "relativeMountPath": "u",
           "credentials": {"accountKey": "own-key"}}],
        "azureBlobFileSystems": [
          {"accountName": "<AZURE_BATCHAI_STORAGE_ACCOUNT>", "containerName": "b", "relativeMountPath": "b",
           "credentials": {"accountKey": "<AZURE_BATCHAI_STORAGE_KEY>"}}],
        "unmanagedFileSystems": [{"mountCommand": "mount -t tmpfs tmpfs", "relativeMountPath": "m"}]}}})");
  EXPECT_EQ(body_of(file), json::parse(R"({
    "properties": {
      "nodeCount": 3, "cluster": {"id": ")" +
                                       id(cluster_) + R"("},
      "horovodSettings": {"pythonScriptFilePath": "$AZ_BATCHAI_JOB_MOUNT_ROOT/s/train.py"},
      "stdOutErrPathPrefix": "$AZ_BATCHAI_JOB_MOUNT_ROOT/s",
      "environmentVariables": [{"name": "EMPTY", "value": ""}, {"name": "SIGN", "value": "a=b&c"}],
      "secrets": [{"name": "TOKEN", "value": "***"}],
      "mountVolumes": {
        "azureFileShares": [
          {"accountName": "acct", "azureFileUrl": "https://acct.file.core.windows.net/s", "relativeMountPath": "s",
           "credentials": {"accountKey": "***"}},
          {"accountName": "acct", "azureFileUrl": "https://acct.file.core.windows.net/t", "relativeMountPath": "t",
           "credentials": {"accountKey": "***"}},
          {"accountName": "other", "azureFileUrl": "https://other.file.core.windows.net/u", "relativeMountPath": "u",
           "credentials": {"accountKey": "***"}}],
        "azureBlobFileSystems": [
          {"accountName": "acct", "containerName": "b", "relativeMountPath": "b", "credentials": {"accountKey": "***"}}],
        "unmanagedFileSystems": [{"mountCommand": "mount -t tmpfs tmpfs", "relativeMountPath": "m"}]}}})"));
}

TEST_F(JobFile, WithoutVolumesNoAccountIsNeeded) {
  variables_.erase("AZURE_BATCHAI_STORAGE_ACCOUNT");
  variables_.erase("AZURE_BATCHAI_STORAGE_KEY");
  const json document{{"properties",
                       {{"nodeCount", 1},
                        {"stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/external"},
                        {"cntkSettings", {{"configFilePath", "a b.cntk"}, {"commandLineArgs", "x=\"1\" ü"}}},
                        {"outputDirectories", {{{"id", "MODEL"}, {"pathPrefix", "p"}, {"pathSuffix", "Models"}}}}}}};
  json expected = document;
  expected["properties"]["cluster"] = {{"id", id(cluster_)}};
  EXPECT_EQ(body_of(write_file("plain.json", document.dump())), expected);
}

}  // namespace
}  // namespace batchai::cli::test
