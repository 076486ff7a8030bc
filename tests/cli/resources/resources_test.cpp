#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;

class Resources : public CliTest {
 protected:
  json sent_body() const { return json::parse(transport_->last_request().body); }

  const std::string cluster_ = workspace_path() + "/clusters/c";
  const std::vector<std::string> place_{"-g", "g", "-w", "w", "-n", "c"};
};

TEST_F(Resources, AutoScaleSendsTheBounds) {
  transport_->on("PATCH", url(cluster_), json_response(200, R"({"name":"c"})"));
  EXPECT_EQ(run({"cluster", "auto-scale", "-g", "g", "-w", "w", "-n", "c", "--min", "1", "--max", "4"}).exit_code, 0);
  EXPECT_EQ(sent_body(), json::parse(R"({"properties":{"scaleSettings":{"autoScale":
      {"minimumNodeCount":1,"maximumNodeCount":4,"initialNodeCount":0}}}})"));
}

TEST_F(Resources, AutoScaleRefusesBoundsThatCannotBe) {
  const std::vector<std::string> words{"cluster", "auto-scale", "-g", "g", "-w", "w", "-n", "c", "--max", "1", "--min"};
  const auto with = [&](const char* least) {
    auto all = words;
    all.emplace_back(least);
    return run(all);
  };
  EXPECT_EQ(with("2").exit_code, 2);
  EXPECT_THAT(with("2").err, HasSubstr("--max must not be less than --min"));
  EXPECT_THAT(with("-1").err, HasSubstr("cannot be negative"));
}

TEST_F(Resources, WorkspaceUpdateChangesSingleTags) {
  transport_->on("GET", url(workspace_path()), json_response(200, R"({"name":"w","tags":{"a":"1","b":"2"}})"));
  transport_->on("PATCH", url(workspace_path()), json_response(200, R"({"name":"w"})"));
  EXPECT_EQ(run({"workspace", "update", "-g", "g", "-n", "w", "--set", "tags.a=x=y", "tags.c=", "--remove", "tags.b"})
                .exit_code,
            0);
  EXPECT_EQ(sent_body(), json::parse(R"({"tags":{"a":"x=y","c":""}})"));
}

TEST_F(Resources, WorkspaceUpdateReplacesAllTags) {
  transport_->on("PATCH", url(workspace_path()), json_response(200, R"({"name":"w"})"));
  EXPECT_EQ(run({"workspace", "update", "-g", "g", "-n", "w", "--tags", "owner=vision", "paid"}).exit_code, 0);
  EXPECT_EQ(sent_body(), json::parse(R"({"tags":{"owner":"vision","paid":""}})"));
}

TEST_F(Resources, WorkspaceUpdateSaysWhatItCannotChange) {
  EXPECT_THAT(run({"workspace", "update", "-g", "g", "-n", "w"}).err, HasSubstr("nothing to update"));
  transport_->on("GET", url(workspace_path()), json_response(200, R"({"name":"w"})"));
  const Outcome other = run({"workspace", "update", "-g", "g", "-n", "w", "--set", "location=westus"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("'location=westus' is not tags.KEY=VALUE"));
}

class AutoStorage : public Resources {
 protected:
  AutoStorage() {
    transport_->on("GET", url(cluster_), not_found("cluster"));
    transport_->on("GET", url(workspace_path()), json_response(200, R"({"name":"w","location":"East US"})"));
  }
  void on_keys_share_and_cluster() {
    transport_->on("POST", accounts_ + "/bai/listKeys?api-version=2022-09-01",
                   json_response(200, R"({"keys":[{"keyName":"key1","value":"a2V5"}]})"));
    for (const char* folder :
         {"fileServices/default/shares/batchaishare?", "blobServices/default/containers/batchaicontainer?"}) {
      transport_->on_below("PUT", accounts_ + "/bai/" + folder, json_response(201, "{}"));
    }
    transport_->on("PUT", url(cluster_), json_response(200, R"({"name":"c"})"));
  }
  Outcome create() {
    return run(
        {"cluster", "create", "-g", "g", "-w", "w", "-n", "c", "-s", "X", "-t", "0", "-p", "pw", "--use-auto-storage"});
  }
  void expect_mounted() const {
    EXPECT_EQ(sent_body().at("/properties/nodeSetup/mountVolumes/azureFileShares/0"_json_pointer),
              json::parse(R"({"accountName":"bai","relativeMountPath":"autoafs","fileMode":"0777",
        "directoryMode":"0777","azureFileUrl":"https://bai.file.core.windows.net/batchaishare",
        "credentials":{"accountKey":"a2V5"}})"));
    EXPECT_EQ(sent_body().at("/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0"_json_pointer),
              json::parse(R"({"accountName":"bai","containerName":"batchaicontainer","relativeMountPath":"autobfs",
        "credentials":{"accountKey":"a2V5"}})"));
  }

  const std::string group_ =
      "https://management.azure.com/subscriptions/sub/resourcegroups/batchaiautostorage?api-version=2021-04-01";
  const std::string accounts_ =
      "https://management.azure.com/subscriptions/sub/resourceGroups/batchaiautostorage/providers/"
      "Microsoft.Storage/storageAccounts";
};

TEST_F(AutoStorage, TakesTheAccountOfTheRegion) {
  transport_->on("HEAD", group_, batchai::test::empty_response(204));
  transport_->on("GET", accounts_ + "?api-version=2022-09-01", json_response(200, R"({"value":[
      {"name":"west","location":"westus"},{"name":"bai","location":"eastus"}]})"));
  on_keys_share_and_cluster();
  const Outcome outcome = create();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("using the resource group 'batchaiautostorage'"));
  expect_mounted();
}

TEST_F(AutoStorage, MakesAContainerAndNoShareOfThatNameAtAServiceOfOnesOwn) {
  variables_["BATCHAI_FILES_ENDPOINT"] = "https://127.0.0.1:10011";
  transport_->on("HEAD", group_, batchai::test::empty_response(204));
  transport_->on("GET", accounts_ + "?api-version=2022-09-01",
                 json_response(200, R"({"value":[{"name":"bai","location":"eastus"}]})"));
  on_keys_share_and_cluster();
  const Outcome outcome = create();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_mounted();
}

TEST_F(AutoStorage, IsMadeWhereThereIsNone) {
  transport_->on("HEAD", group_, batchai::test::empty_response(404));
  transport_->on("PUT", group_, json_response(201, R"({"name":"batchaiautostorage"})"));
  transport_->on("GET", accounts_ + "?api-version=2022-09-01", json_response(200, R"({"value":[]})"));
  transport_->on("POST",
                 "https://management.azure.com/subscriptions/sub/providers/Microsoft.Storage/checkNameAvailability"
                 "?api-version=2022-09-01",
                 json_response(200, R"({"nameAvailable":true})"));
  transport_->on_below("PUT", accounts_ + "/bai", json_response(200, R"({"name":"bai"})"));
  on_keys_share_and_cluster();
  const Outcome outcome = create();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_mounted();
}

class ClusterFiles : public Resources {
 protected:
  void on_cluster(const std::string& setup) {
    transport_->on("GET", url(cluster_),
                   json_response(200, R"({"name":"c","properties":{"nodeSetup":)" + setup + "}}"));
  }
  static std::string setup(const std::string& prefix) {
    return R"({"setupTask":{"commandLine":"x","stdOutErrPathPrefix":")" + prefix +
           R"(","stdOutErrPathSuffix":"sub/g/w/c/uuid"},"mountVolumes":{"azureFileShares":[
            {"accountName":"acct","azureFileUrl":"https://acct.file.core.windows.net/share","relativeMountPath":"afs"}]}})";
  }
  Outcome list() {
    variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
    variables_["AZURE_BATCHAI_STORAGE_KEY"] = "a2V5";
    return run({"cluster", "file", "list", "-g", "g", "-w", "w", "-c", "c", "-o", "table"});
  }
};

TEST_F(ClusterFiles, ListWhatTheSetupTaskWrote) {
  on_cluster(setup("$AZ_BATCHAI_MOUNT_ROOT/afs/logs"));
  transport_->on("GET",
                 "https://acct.file.core.windows.net/share/logs/sub/g/w/c/uuid?restype=directory&comp=list&include="
                 "Timestamps%2CEtag",
                 {.status = 200,
                  .body = "<EnumerationResults><Entries><File><Name>stdout.txt</Name><Properties><Content-Length>5"
                          "</Content-Length></Properties></File><Directory><Name>d</Name></Directory></Entries>"
                          "</EnumerationResults>"});
  const Outcome outcome = list();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("stdout.txt  no               5\n"));
}

TEST_F(ClusterFiles, AreNotListedInAContainerAlsoWhereAServiceOfOnesOwnHasIt) {
  const std::string in_container =
      R"({"setupTask":{"commandLine":"x","stdOutErrPathPrefix":"$AZ_BATCHAI_MOUNT_ROOT/bfs","stdOutErrPathSuffix":"s"},
          "mountVolumes":{"azureBlobFileSystems":[
            {"accountName":"acct","containerName":"data","relativeMountPath":"bfs"}]}})";
  on_cluster(in_container);
  EXPECT_THAT(list().err, HasSubstr("is in a blob container, and this program reads file shares only"));
  variables_["BATCHAI_FILES_ENDPOINT"] = "https://127.0.0.1:10011";
  on_cluster(in_container);
  EXPECT_THAT(list().err, HasSubstr("is in a blob container, and this program reads file shares only"));
}

TEST_F(ClusterFiles, AreNoneWhereTheFolderIsNotThereYet) {
  on_cluster(setup("$AZ_BATCHAI_MOUNT_ROOT/afs"));
  transport_->on_below("GET", "https://acct.file.core.windows.net/share/sub/g/w/c/uuid?",
                       {.status = 404, .headers = {{"x-ms-error-code", "ResourceNotFound"}}});
  const Outcome outcome = list();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
}

TEST_F(ClusterFiles, AreNoneWithoutASetupTask) {
  on_cluster("null");
  EXPECT_EQ(run({"cluster", "file", "list", "-g", "g", "-w", "w", "-c", "c"}).out, "[]\n");
}

TEST_F(ClusterFiles, CannotBeListedElsewhere) {
  on_cluster(setup("/tmp"));
  EXPECT_THAT(list().err, HasSubstr("only when its output is on a file share that the cluster mounts"));
  on_cluster(setup("$AZ_BATCHAI_MOUNT_ROOT/afs2"));
  EXPECT_EQ(list().exit_code, 1);
}

class Resubmit : public Resources {
 protected:
  const std::string experiment_ = workspace_path() + "/experiments/e";
  void on_job(const std::string& more = "") {
    transport_->on("GET", url(experiment_ + "/jobs/j"),
                   json_response(200, R"({"id":"/x","name":"j","properties":{"nodeCount":2,"executionState":"failed",
        "provisioningState":"succeeded","toolType":"custom","stdOutErrPathPrefix":"$AZ_BATCHAI_MOUNT_ROOT/afs",
        "cluster":{"id":"/c"},"customToolkitSettings":{"commandLine":"true"},"jobOutputDirectoryPathSegment":"s")" +
                                          more + "}}"));
  }
  Outcome resubmit(const std::vector<std::string>& more) {
    std::vector<std::string> words{"job", "resubmit", "-g", "g", "-w", "w", "-e", "e", "-n", "j"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
};

TEST_F(Resubmit, SendsWhatTheJobWasMadeFromUnderAFreeName) {
  on_job();
  transport_->on("GET", url(experiment_ + "/jobs"), json_response(200, R"({"value":[{"name":"j"},{"name":"J-2"}]})"));
  transport_->on("PUT", url(experiment_ + "/jobs/j-3"), json_response(200, R"({"name":"j-3"})"));
  EXPECT_EQ(resubmit({}).exit_code, 0);
  EXPECT_EQ(sent_body()["properties"], json::parse(R"({"nodeCount":2,"cluster":{"id":"/c"},
      "stdOutErrPathPrefix":"$AZ_BATCHAI_MOUNT_ROOT/afs","customToolkitSettings":{"commandLine":"true"}})"));
}

TEST_F(Resubmit, FillsInTheKeysThatTheServiceKeepsToItself) {
  variables_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = "acct";
  variables_["AZURE_BATCHAI_STORAGE_KEY"] = "a2V5";
  on_job(R"(,"mountVolumes":{"azureFileShares":[{"accountName":"acct","credentials":{},
      "azureFileUrl":"https://acct.file.core.windows.net/s","relativeMountPath":"afs"}]})");
  transport_->on("GET", url(experiment_ + "/jobs/again"), not_found("job"));
  transport_->on("PUT", url(experiment_ + "/jobs/again"), json_response(200, R"({"name":"again"})"));
  EXPECT_EQ(resubmit({"--new-name", "again"}).exit_code, 0);
  EXPECT_EQ(sent_body().at("/properties/mountVolumes/azureFileShares/0/credentials/accountKey"_json_pointer), "a2V5");
}

TEST_F(Resubmit, RefusesAJobWithSecretsThatAreGone) {
  on_job(R"(,"secrets":[{"name":"TOKEN"}])");
  const Outcome outcome = resubmit({});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("does not return the value of the job's secret 'TOKEN'"));
}

}  // namespace
}  // namespace batchai::cli::test
