#include "batchai/batchai/client.hpp"
#include "support/client_call.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {
namespace {

using nlohmann::json;
using Call = ClientCall<Client>;

const std::string kInSubscription = std::string("/subscriptions/") + kSubscription;
const std::string kInProvider = kInSubscription + "/resourceGroups/my.group/providers/Microsoft.BatchAI/workspaces";
const std::string kWorkspace = kInProvider + "/ws";
const std::string kCluster = kWorkspace + "/clusters/c";
const std::string kFileServer = kWorkspace + "/fileServers/f";
const std::string kExperiment = kWorkspace + "/experiments/e";
const std::string kJob = kExperiment + "/jobs/j";
const std::string kVersion = "?api-version=2018-05-01";
const char* const kTwo = R"({"value": [{"name": "a"}, {"name": "b"}]})";
const json kTwoNames = {"a", "b"};
const char* const kLogins = R"({"value": [{"nodeId": "n1", "ipAddress": "10.0.0.4", "port": 50000}]})";

template <class List>
json logins_of(List list) {
  json all = json::array();
  for (const RemoteLoginInformation& login : list) {
    all.push_back(login.node_id + " " + login.ip_address + ":" + std::to_string(login.port));
  }
  return all;
}

std::vector<Call> workspace_calls() {
  return {
      {.name = "WorkspacesList",
       .method = "GET",
       .target = kInSubscription + "/providers/Microsoft.BatchAI/workspaces" + kVersion + "&maxresults=5",
       .answer = kTwo,
       .run = [](const Client& client) { return names_of(client.workspaces().list({.page_size = 5})); },
       .result = kTwoNames},
      {.name = "WorkspacesListByResourceGroup",
       .method = "GET",
       .target = kInProvider + kVersion + "&maxresults=1000",
       .answer = kTwo,
       .run =
           [](const Client& client) {
             return names_of(client.workspaces().list_by_group("my.group", {.page_size = 1000}));
           },
       .result = kTwoNames},
      {.name = "WorkspacesCreate",
       .method = "PUT",
       .target = kWorkspace + kVersion,
       .body = json::parse(R"({"location": "eastus", "tags": {"team": "vision"}})"),
       .answer = R"({"name": "ws", "properties": {"provisioningState": "succeeded"}})",
       .run =
           [](const Client& client) {
             return client.workspaces()
                 .create("my.group", "ws", {.location = "eastus", .tags = {{"team", "vision"}}})
                 .name;
           },
       .result = "ws"},
      {.name = "WorkspacesUpdate",
       .method = "PATCH",
       .target = kWorkspace + kVersion,
       .body = json::parse(R"({"tags": {"a": "b"}})"),
       .answer = R"({"name": "ws", "tags": {"a": "b"}})",
       .run = [](const Client& client) -> json {
         return client.workspaces().update("my.group", "ws", {.tags = Tags{{"a", "b"}}}).tags;
       },
       .result = json::parse(R"({"a": "b"})")},
      {.name = "WorkspacesGet",
       .method = "GET",
       .target = kWorkspace + kVersion,
       .answer = R"({"name": "ws", "location": "eastus"})",
       .run = [](const Client& client) { return client.workspaces().get("my.group", "ws").location; },
       .result = "eastus"},
      {.name = "WorkspacesDelete",
       .method = "DELETE",
       .target = kWorkspace + kVersion,
       .long_running = true,
       .run = [](const Client& client) { return wait_for(client.workspaces().start_remove("my.group", "ws")); },
       .result = "done"},
  };
}

std::vector<Call> experiment_calls() {
  return {
      {.name = "ExperimentsListByWorkspace",
       .method = "GET",
       .target = kWorkspace + "/experiments" + kVersion + "&maxresults=7",
       .answer = kTwo,
       .run = [](const Client& client) { return names_of(client.experiments().list("my.group", "ws", {7})); },
       .result = kTwoNames},
      {.name = "ExperimentsCreate",
       .method = "PUT",
       .target = kExperiment + kVersion,
       .answer = R"({"name": "e"})",
       .run = [](const Client& client) { return client.experiments().create("my.group", "ws", "e").name; },
       .result = "e"},
      {.name = "ExperimentsGet",
       .method = "GET",
       .target = kExperiment + kVersion,
       .answer = R"({"name": "e"})",
       .run = [](const Client& client) { return client.experiments().get("my.group", "ws", "e").name; },
       .result = "e"},
      {.name = "ExperimentsDelete",
       .method = "DELETE",
       .target = kExperiment + kVersion,
       .status = 204,
       .run = [](const Client& client) { return wait_for(client.experiments().start_remove("my.group", "ws", "e")); },
       .result = "done"},
  };
}

std::vector<Call> cluster_calls() {
  return {
      {.name = "ClustersListByWorkspace",
       .method = "GET",
       .target = kWorkspace + "/clusters" + kVersion,
       .answer = kTwo,
       .run = [](const Client& client) { return names_of(client.clusters().list("my.group", "ws")); },
       .result = kTwoNames},
      {.name = "ClustersCreate",
       .method = "PUT",
       .target = kCluster + kVersion,
       .body = json::parse(R"({"properties": {"vmSize": "STANDARD_NC6",
                               "userAccountSettings": {"adminUserName": "me", "adminUserPassword": "pass"}}})"),
       .answer = R"({"name": "c", "properties": {"vmSize": "STANDARD_NC6"}})",
       .long_running = true,
       .run =
           [](const Client& client) {
             const ClusterCreateParameters parameters{
                 .vm_size = "STANDARD_NC6",
                 .user_account_settings = {.admin_user_name = "me", .admin_user_password = Secret("pass")}};
             return client.clusters().start_create("my.group", "ws", "c", parameters).wait().vm_size;
           },
       .result = "STANDARD_NC6"},
      {.name = "ClustersUpdate",
       .method = "PATCH",
       .target = kCluster + kVersion,
       .body = json::parse(R"({"properties": {"scaleSettings": {"manual": {"targetNodeCount": 3}}}})"),
       .answer = R"({"properties": {"allocationState": "resizing"}})",
       .run =
           [](const Client& client) {
             return client.clusters()
                 .update("my.group", "ws", "c", {.scale_settings = manual_scale(3)})
                 .allocation_state.value();
           },
       .result = "resizing"},
      {.name = "ClustersGet",
       .method = "GET",
       .target = kCluster + kVersion,
       .answer = R"({"properties": {"nodeStateCounts": {"idleNodeCount": 2}}})",
       .run =
           [](const Client& client) {
             return client.clusters().get("my.group", "ws", "c").node_state_counts->idle_node_count;
           },
       .result = 2},
      {.name = "ClustersDelete",
       .method = "DELETE",
       .target = kCluster + kVersion,
       .long_running = true,
       .run = [](const Client& client) { return wait_for(client.clusters().start_remove("my.group", "ws", "c")); },
       .result = "done"},
      {.name = "ClustersListRemoteLoginInformation",
       .method = "POST",
       .target = kCluster + "/listRemoteLoginInformation" + kVersion,
       .answer = kLogins,
       .only_reads = true,
       .run =
           [](const Client& client) {
             return logins_of(client.clusters().list_remote_login_information("my.group", "ws", "c"));
           },
       .result = {"n1 10.0.0.4:50000"}},
  };
}

std::vector<Call> file_server_calls() {
  return {
      {.name = "FileServersListByWorkspace",
       .method = "GET",
       .target = kWorkspace + "/fileServers" + kVersion,
       .answer = kTwo,
       .run = [](const Client& client) { return names_of(client.file_servers().list("my.group", "ws")); },
       .result = kTwoNames},
      {.name = "FileServersCreate",
       .method = "PUT",
       .target = kFileServer + kVersion,
       .body = json::parse(R"({"properties": {"vmSize": "STANDARD_D2_V2",
                               "sshConfiguration": {"userAccountSettings": {"adminUserName": "me"}},
                               "dataDisks": {"diskSizeInGB": 10, "diskCount": 2, "storageAccountType": "Standard_LRS"}}})"),
       .answer = R"({"properties": {"mountSettings": {"mountPoint": "/mnt/data"}}})",
       .long_running = true,
       .run =
           [](const Client& client) {
             const FileServerCreateParameters parameters{
                 .vm_size = "STANDARD_D2_V2",
                 .ssh_configuration = {.user_account_settings = {.admin_user_name = "me"}},
                 .data_disks = {.disk_size_in_gb = 10, .disk_count = 2, .storage_account_type = "Standard_LRS"}};
             return *client.file_servers()
                         .start_create("my.group", "ws", "f", parameters)
                         .wait()
                         .mount_settings->mount_point;
           },
       .result = "/mnt/data"},
      {.name = "FileServersGet",
       .method = "GET",
       .target = kFileServer + kVersion,
       .answer = R"({"name": "f"})",
       .run = [](const Client& client) { return client.file_servers().get("my.group", "ws", "f").name; },
       .result = "f"},
      {.name = "FileServersDelete",
       .method = "DELETE",
       .target = kFileServer + kVersion,
       .status = 200,
       .run = [](const Client& client) { return wait_for(client.file_servers().start_remove("my.group", "ws", "f")); },
       .result = "done"},
  };
}

std::vector<Call> job_calls() {
  return {
      {.name = "JobsListByExperiment",
       .method = "GET",
       .target = kExperiment + "/jobs" + kVersion + "&maxresults=1",
       .answer = kTwo,
       .run = [](const Client& client) { return names_of(client.jobs().list("my.group", "ws", "e", {1})); },
       .result = kTwoNames},
      {.name = "JobsCreate",
       .method = "PUT",
       .target = kJob + kVersion,
       .body = json::parse(R"({"properties": {"cluster": {"id": "/c"}, "nodeCount": 2, "stdOutErrPathPrefix": "$P",
                               "customToolkitSettings": {"commandLine": "true"}}})"),
       .answer = R"({"properties": {"executionState": "queued"}})",
       .long_running = true,
       .run =
           [](const Client& client) {
             const JobCreateParameters parameters{
                 .cluster = {.id = "/c"},
                 .node_count = 2,
                 .custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"},
                 .std_out_err_path_prefix = "$P"};
             return client.jobs().start_create("my.group", "ws", "e", "j", parameters).wait().execution_state.value();
           },
       .result = "queued"},
      {.name = "JobsGet",
       .method = "GET",
       .target = kJob + kVersion,
       .answer = R"({"properties": {"executionInfo": {"exitCode": 3}}})",
       .run =
           [](const Client& client) {
             return *client.jobs().get("my.group", "ws", "e", "j").execution_info->exit_code;
           },
       .result = 3},
      {.name = "JobsDelete",
       .method = "DELETE",
       .target = kJob + kVersion,
       .long_running = true,
       .run = [](const Client& client) { return wait_for(client.jobs().start_remove("my.group", "ws", "e", "j")); },
       .result = "done"},
      {.name = "JobsTerminate",
       .method = "POST",
       .target = kJob + "/terminate" + kVersion,
       .long_running = true,
       .run = [](const Client& client) { return wait_for(client.jobs().start_terminate("my.group", "ws", "e", "j")); },
       .result = "done"},
      {.name = "JobsListOutputFiles",
       .method = "POST",
       .target = kJob + "/listOutputFiles" + kVersion +
                 "&outputdirectoryid=MODEL&directory=a%2Fb%20c&linkexpiryinminutes=30&maxresults=10",
       .answer = kTwo,
       .only_reads = true,
       .run =
           [](const Client& client) {
             return names_of(client.jobs().list_output_files(
                 "my.group", "ws", "e", "j",
                 {.directory_id = "MODEL", .directory = "a/b c", .link_expiry_in_minutes = 30, .page_size = 10}));
           },
       .result = kTwoNames},
      {.name = "JobsListRemoteLoginInformation",
       .method = "POST",
       .target = kJob + "/listRemoteLoginInformation" + kVersion,
       .answer = kLogins,
       .only_reads = true,
       .run =
           [](const Client& client) {
             return logins_of(client.jobs().list_remote_login_information("my.group", "ws", "e", "j"));
           },
       .result = {"n1 10.0.0.4:50000"}},
  };
}

std::vector<Call> other_calls() {
  return {
      {.name = "OperationsList",
       .method = "GET",
       .target = "/providers/Microsoft.BatchAI/operations" + kVersion,
       .answer = kTwo,
       .run = [](const Client& client) { return names_of(client.operations().list()); },
       .result = kTwoNames},
      {.name = "UsagesList",
       .method = "GET",
       .target = kInSubscription + "/providers/Microsoft.BatchAI/locations/eastus/usages" + kVersion,
       .answer = R"({"value": [{"name": {"value": "Clusters"}, "unit": "Count", "currentValue": 1, "limit": 20}]})",
       .run =
           [](const Client& client) {
             const Usage usage = client.usages().list("eastus").to_vector().at(0);
             return json{usage.name.value, usage.current_value, usage.limit};
           },
       .result = {"Clusters", 1, 20}},
  };
}

std::vector<Call> all_calls() {
  std::vector<Call> all;
  for (const auto& group :
       {workspace_calls(), experiment_calls(), cluster_calls(), file_server_calls(), job_calls(), other_calls()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

class BatchAiOperation : public testing::TestWithParam<Call> {};

TEST_P(BatchAiOperation, SendsItsRequestAndDecodesTheAnswer) { expect_request_and_result(GetParam()); }
TEST_P(BatchAiOperation, IsRepeatedAfterAFailureWhereThatIsHarmless) { expect_repeated_where_harmless(GetParam()); }
TEST_P(BatchAiOperation, ThrowsTheErrorOfTheService) { expect_service_error(GetParam()); }
TEST_P(BatchAiOperation, KeepsAnErrorThatIsNotJson) { expect_foreign_error(GetParam()); }

INSTANTIATE_TEST_SUITE_P(All, BatchAiOperation, testing::ValuesIn(all_calls()),
                         [](const auto& call) { return call.param.name; });

TEST(BatchAiOperations, AreTwentyNine) { EXPECT_EQ(all_calls().size(), 29U); }

}  // namespace
}  // namespace batchai::test
