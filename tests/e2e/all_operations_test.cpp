#include "batchai/arm/client.hpp"
#include "batchai/batchai/client.hpp"
#include "batchai/core/error.hpp"
#include "batchai/files/share_service_client.hpp"
#include "batchai/identity/credentials.hpp"
#include "e2e/recorded_operations.hpp"
#include "e2e/service.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::MatchesRegex;

/// The typed library of this process against the real service.
class AllOperations : public ServiceTest {
 protected:
  void SetUp() override {
    start_service();
    service_ = endpoints();
    transport_ =
        std::make_shared<RecordingTransport>(make_network_transport({.ca_bundle = service_.value("caBundle", "")}));
    const ManagementOptions options{.endpoint = text("managementEndpoint"), .client = client_options()};
    const auto credential = std::make_shared<ClientSecretCredential>(
        text("tenantId"), text("clientId"), text("clientSecret"),
        CredentialOptions{.authority = text("managementEndpoint"), .client = client_options()});
    client_.emplace(credential, text("subscriptionId"), options);
    arm_.emplace(credential, text("subscriptionId"), options);
  }

  std::string text(const char* name) const { return service_.at(name).get<std::string>(); }
  ClientOptions client_options() const { return {.transport = transport_}; }

  template <class Call>
  static void expect_missing(const std::string& code, const Call& call) {
    try {
      call();
      ADD_FAILURE() << "expected " << code;
    } catch (const ServiceError& error) {
      EXPECT_EQ(error.status(), 404);
      EXPECT_EQ(error.code(), code);
      EXPECT_NE(error.body().message, "");
      EXPECT_NE(error.request_id(), "");
    }
  }

  template <class T>
  static std::vector<std::string> names(Pageable<T> list) {
    std::vector<std::string> result;
    for (const auto& item : list) {
      result.push_back(item.name);
    }
    return result;
  }

  void prepare_group_and_share();
  void create_workspace();
  void create_file_server();
  void create_cluster();
  void create_experiment();
  JobCreateParameters job_parameters(const std::string& command) const;
  void run_job();
  void look_at_running_job();
  void look_at_output();
  void terminate_job();
  void remove_all();

  nlohmann::json service_;
  std::shared_ptr<RecordingTransport> transport_;
  std::optional<Client> client_;
  std::optional<ArmClient> arm_;
  /// Of the file server.
  std::filesystem::path server_folder_;
};

void AllOperations::prepare_group_and_share() {
  arm_->resource_groups().create_or_update("rg", {.location = "eastus"});
  const files::ShareServiceClient shares(
      {.name = text("storageAccount"),
       .key = Secret(text("storageKey")),
       .endpoint = files::custom_files_endpoint(text("storageAccount"), text("filesEndpoint"))},
      client_options());
  shares.share("share").create();
}

void AllOperations::create_workspace() {
  const auto workspaces = client_->workspaces();
  expect_missing("WorkspaceNotFound", [&] { workspaces.get("rg", "ws"); });
  const Workspace made = workspaces.create("rg", "ws", {.location = "East US", .tags = {{"a", "1"}}});
  EXPECT_EQ(made.name, "ws");
  EXPECT_EQ(made.type, "Microsoft.BatchAI/workspaces");
  EXPECT_EQ(made.location, "eastus");
  EXPECT_EQ(made.provisioning_state, ProvisioningState::kSucceeded);
  EXPECT_TRUE(made.creation_time);
  EXPECT_EQ(workspaces.update("rg", "ws", {.tags = Tags{{"b", "2"}}}).tags, (Tags{{"b", "2"}}));
  EXPECT_EQ(workspaces.get("rg", "ws").tags, (Tags{{"b", "2"}}));
  workspaces.create("rg", "ws2", {.location = "eastus"});
  EXPECT_THAT(names(workspaces.list({.page_size = 1})), ElementsAre("ws", "ws2"));
  EXPECT_THAT(names(workspaces.list_by_group("rg")), ElementsAre("ws", "ws2"));
}

void AllOperations::create_file_server() {
  const auto file_servers = client_->file_servers();
  expect_missing("FileServerNotFound", [&] { file_servers.get("rg", "ws", "nfs"); });
  const FileServerCreateParameters parameters{
      .vm_size = "Standard_D2_v2",
      .ssh_configuration = {.user_account_settings = {.admin_user_name = "demo",
                                                      .admin_user_password = Secret("not-a-real-password")}},
      .data_disks = {.disk_size_in_gb = 10,
                     .disk_count = 2,
                     .storage_account_type = StorageAccountType(StorageAccountType::kStandardLrs)}};
  const FileServer made = file_servers.start_create("rg", "ws", "nfs", parameters).wait();
  EXPECT_EQ(made.provisioning_state, ProvisioningState::kSucceeded);
  EXPECT_EQ(made.vm_size, "STANDARD_D2_V2");
  ASSERT_TRUE(made.data_disks);
  EXPECT_EQ(made.data_disks->caching_type, CachingType::kNone);
  ASSERT_TRUE(made.ssh_configuration);
  EXPECT_FALSE(made.ssh_configuration->user_account_settings.admin_user_password);
  const FileServer shown = file_servers.get("rg", "ws", "nfs");
  EXPECT_EQ(shown, made);
  ASSERT_TRUE(shown.mount_settings);
  EXPECT_EQ(shown.mount_settings->file_server_internal_ip, "127.0.0.1");
  EXPECT_EQ(shown.mount_settings->mount_point, "/data");
  server_folder_ = std::filesystem::directory_iterator(data_folder() / "fileservers")->path();
  EXPECT_THAT(names(file_servers.list("rg", "ws")), ElementsAre("nfs"));
}

void AllOperations::create_cluster() {
  const auto clusters = client_->clusters();
  expect_missing("ClusterNotFound", [&] { clusters.get("rg", "ws", "c"); });
  const AzureFileShareReference share{
      .account_name = text("storageAccount"),
      .azure_file_url = "https://" + text("storageAccount") + ".file.core.windows.net/share",
      .credentials = {.account_key = Secret(text("storageKey"))},
      .relative_mount_path = "afs"};
  const ClusterCreateParameters parameters{
      .vm_size = "Standard_NC6",
      .scale_settings = ScaleSettings{.manual = ManualScaleSettings{.target_node_count = 0}},
      .node_setup = NodeSetup{.mount_volumes = MountVolumes{.azure_file_shares = {share}}},
      .user_account_settings = {.admin_user_name = "demo", .admin_user_password = Secret("not-a-real-password")}};
  const Cluster made = clusters.start_create("rg", "ws", "c", parameters).wait();
  EXPECT_EQ(made.vm_size, "STANDARD_NC6");
  EXPECT_EQ(made.current_node_count, 0);
  ASSERT_TRUE(made.node_setup && made.node_setup->mount_volumes);
  EXPECT_FALSE(made.node_setup->mount_volumes->azure_file_shares.at(0).credentials.account_key);
  eventually("the cluster is steady",
             [&] { return clusters.get("rg", "ws", "c").allocation_state == AllocationState::kSteady; });
  const Cluster resized = clusters.update(
      "rg", "ws", "c", {.scale_settings = ScaleSettings{.manual = ManualScaleSettings{.target_node_count = 1}}});
  EXPECT_EQ(resized.allocation_state, AllocationState::kSteady) << "as it was before";
  eventually("the cluster has a node", [&] {
    const auto counts = clusters.get("rg", "ws", "c").node_state_counts;
    return counts && counts->idle_node_count == 1;
  });
  const auto logins = clusters.list_remote_login_information("rg", "ws", "c").to_vector();
  ASSERT_EQ(logins.size(), 1U);
  EXPECT_THAT(logins[0].node_id, MatchesRegex("tvm-[0-9]+_1-.*"));
  EXPECT_GE(logins[0].port, 50000);
  EXPECT_THAT(names(clusters.list("rg", "ws")), ElementsAre("c"));
}

void AllOperations::create_experiment() {
  const auto experiments = client_->experiments();
  expect_missing("ExperimentNotFound", [&] { experiments.get("rg", "ws", "e"); });
  const Experiment made = experiments.create("rg", "ws", "e");
  EXPECT_EQ(made.provisioning_state, ProvisioningState::kSucceeded);
  EXPECT_EQ(experiments.get("rg", "ws", "e"), made);
  EXPECT_THAT(names(experiments.list("rg", "ws")), ElementsAre("e"));
}

JobCreateParameters AllOperations::job_parameters(const std::string& command) const {
  const FileServerReference nfs{.file_server = {.id = client_->file_servers().get("rg", "ws", "nfs").id},
                                .relative_mount_path = "nfs"};
  return {.cluster = {.id = client_->clusters().get("rg", "ws", "c").id},
          .mount_volumes = MountVolumes{.file_servers = {nfs}},
          .node_count = 1,
          .custom_toolkit_settings = CustomToolkitSettings{.command_line = command},
          .std_out_err_path_prefix = "$AZ_BATCHAI_MOUNT_ROOT/afs",
          .output_directories = {{.id = "OUT", .path_prefix = "$AZ_BATCHAI_MOUNT_ROOT/afs"}},
          .secrets = {{.name = "TOKEN", .value = Secret("hush")}}};
}

void AllOperations::run_job() {
  const auto jobs = client_->jobs();
  expect_missing("JobNotFound", [&] { jobs.get("rg", "ws", "e", "j"); });
  // The job waits for a file that comes over the file server's folder, and leaves one there.
  const auto parameters = job_parameters(
      "echo $TOKEN; cd $AZ_BATCHAI_JOB_MOUNT_ROOT/nfs; while [ ! -e go ]; do sleep 0.05; done; echo kept > left; "
      "echo weights > $AZ_BATCHAI_OUTPUT_OUT/model");
  const Job made = jobs.start_create("rg", "ws", "e", "j", parameters).wait();
  EXPECT_EQ(made.tool_type, ToolType::kCustom);
  EXPECT_EQ(made.scheduling_priority, JobPriority::kNormal);
  ASSERT_EQ(made.secrets.size(), 1U);
  EXPECT_FALSE(made.secrets[0].value);
  EXPECT_EQ(made.mount_volumes->file_servers, parameters.mount_volumes->file_servers);
  look_at_running_job();
  std::ofstream(server_folder_ / "go") << "";
  eventually("the job has ended", [&] { return jobs.get("rg", "ws", "e", "j").execution_info->end_time.has_value(); });
  const Job ended = jobs.get("rg", "ws", "e", "j");
  EXPECT_EQ(ended.execution_state, ExecutionState::kSucceeded);
  EXPECT_EQ(ended.execution_info->exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(server_folder_ / "left"));
  EXPECT_THAT(names(jobs.list("rg", "ws", "e")), ElementsAre("j"));
}

void AllOperations::look_at_running_job() {
  eventually("the job runs",
             [&] { return client_->jobs().get("rg", "ws", "e", "j").execution_state == ExecutionState::kRunning; });
  const auto logins = client_->jobs().list_remote_login_information("rg", "ws", "e", "j").to_vector();
  ASSERT_EQ(logins.size(), 1U);
  EXPECT_GE(logins[0].port, 50000);
  std::map<std::string, std::int32_t> in_use;
  for (const auto& usage : client_->usages().list("eastus")) {
    EXPECT_EQ(usage.unit, UsageUnit::kCount);
    EXPECT_GT(usage.limit, 0);
    in_use[usage.name.value] = usage.current_value;
  }
  EXPECT_EQ(in_use["Clusters"], 1);
  EXPECT_EQ(in_use["Standard NC Family Cluster Dedicated vCPUs"], 6);
  EXPECT_EQ(in_use["ActiveJobs"], 1);
}

void AllOperations::look_at_output() {
  const auto jobs = client_->jobs();
  const auto list = [&](const ListOutputFilesOptions& options) {
    return jobs.list_output_files("rg", "ws", "e", "j", options).to_vector();
  };
  const auto logs = list({.directory_id = "stdouterr", .page_size = 1});
  ASSERT_EQ(logs.size(), 3U) << "one on each page";
  const File& output = logs[2];
  EXPECT_EQ(output.name, "stdout.txt");
  EXPECT_EQ(output.file_type, FileType::kFile);
  EXPECT_EQ(output.content_length, 5);
  ASSERT_TRUE(output.download_url);
  const auto content = transport_->send({.method = "GET", .url = Url::parse(*output.download_url)}, {});
  EXPECT_EQ(content.status, 200);
  EXPECT_EQ(content.body, "hush\n");
  EXPECT_THAT(list({.directory_id = "OUT", .directory = ".", .link_expiry_in_minutes = 5}),
              ElementsAre(Field(&File::name, "model")));
}

void AllOperations::terminate_job() {
  const auto jobs = client_->jobs();
  jobs.start_create("rg", "ws", "e", "endless", job_parameters("while :; do sleep 0.1; done")).wait();
  eventually("the job runs",
             [&] { return jobs.get("rg", "ws", "e", "endless").execution_state == ExecutionState::kRunning; });
  jobs.start_terminate("rg", "ws", "e", "endless").wait();
  const Job ended = jobs.get("rg", "ws", "e", "endless");
  EXPECT_EQ(ended.execution_state, ExecutionState::kFailed);
  ASSERT_EQ(ended.execution_info->errors.size(), 1U);
  EXPECT_EQ(ended.execution_info->errors[0].code, "JobTerminated");
  EXPECT_FALSE(ended.execution_info->exit_code);
  EXPECT_TRUE(jobs.start_terminate("rg", "ws", "e", "endless").done()) << "a job that is over is answered with 200";
}

void AllOperations::remove_all() {
  client_->jobs().start_remove("rg", "ws", "e", "j").wait();
  expect_missing("JobNotFound", [&] { client_->jobs().get("rg", "ws", "e", "j"); });
  client_->experiments().start_remove("rg", "ws", "e").wait();
  expect_missing("ExperimentNotFound", [&] { client_->jobs().list("rg", "ws", "e").to_vector(); });
  client_->file_servers().start_remove("rg", "ws", "nfs").wait();
  EXPECT_FALSE(std::filesystem::exists(server_folder_));
  client_->clusters().start_remove("rg", "ws", "c").wait();
  EXPECT_THAT(names(client_->clusters().list("rg", "ws")), ElementsAre());
  client_->workspaces().start_remove("rg", "ws").wait();
  expect_missing("WorkspaceNotFound", [&] { client_->file_servers().list("rg", "ws").to_vector(); });
}

TEST_F(AllOperations, OfBatchAiAnswerTheTypedLibrary) {
  prepare_group_and_share();
  create_workspace();
  create_file_server();
  create_cluster();
  create_experiment();
  run_job();
  look_at_output();
  terminate_job();
  remove_all();
  EXPECT_THAT(names(client_->operations().list()),
              IsSupersetOf({"Microsoft.BatchAI/workspaces/fileServers/write",
                            "Microsoft.BatchAI/workspaces/experiments/jobs/listOutputFiles/action"}));
  EXPECT_EQ(all_operation_ids().size(), 29U);
  EXPECT_EQ(transport_->operation_ids(), all_operation_ids());
}

TEST_F(AllOperations, OfSubscriptionsAndProvidersAnswerTheTypedLibrary) {
  const auto is_ours = Field(&Subscription::subscription_id, text("subscriptionId"));
  EXPECT_THAT(arm_->subscriptions().list().to_vector(), ElementsAre(is_ours));
  EXPECT_EQ(arm_->subscriptions().get(text("subscriptionId")).tenant_id, text("tenantId"));
  EXPECT_THAT(arm_->subscriptions().list_tenants().to_vector(),
              ElementsAre(Field(&Tenant::tenant_id, text("tenantId"))));
  expect_missing("SubscriptionNotFound", [&] { arm_->subscriptions().get("00000000-0000-0000-0000-000000000001"); });
  const auto providers = arm_->providers();
  providers.register_provider("Microsoft.BatchAI");
  EXPECT_EQ(providers.get("Microsoft.BatchAI").registration_state, RegistrationState::kRegistered);
  EXPECT_THAT(providers.list().to_vector(), Contains(Field(&Provider::provider_namespace, "Microsoft.BatchAI")));
  expect_missing("InvalidResourceNamespace", [&] { providers.get("Microsoft.Nothing"); });
}

TEST_F(AllOperations, OfResourceGroupsAndAccountsAnswerTheTypedLibrary) {
  const auto groups = arm_->resource_groups();
  EXPECT_FALSE(groups.exists("rg"));
  expect_missing("ResourceGroupNotFound", [&] { groups.get("rg"); });
  EXPECT_EQ(groups.create_or_update("rg", {.location = "westus2", .tags = {{"a", "1"}}}).provisioning_state,
            ArmState::kSucceeded);
  EXPECT_TRUE(groups.exists("rg"));
  EXPECT_EQ(groups.get("rg").tags, (Tags{{"a", "1"}}));
  EXPECT_THAT(names(groups.list()), Contains("rg"));

  const auto accounts = arm_->storage_accounts();
  EXPECT_EQ(accounts.check_name("liveaccount").name_available, true);
  const StorageAccountResource made =
      accounts
          .start_create("rg", "liveaccount",
                        {.sku = {.name = "Standard_LRS"}, .kind = "Storage", .location = "westus2"})
          .wait();
  EXPECT_EQ(made.provisioning_state, ArmState::kSucceeded);
  EXPECT_THAT(made.primary_endpoints.value().file.value(), HasSubstr("liveaccount"));
  EXPECT_EQ(accounts.check_name("liveaccount").reason, "AlreadyExists");
  EXPECT_THAT(names(accounts.list()), IsSupersetOf({std::string("liveaccount"), text("storageAccount")}));
  EXPECT_THAT(names(accounts.list_by_group("rg")), ElementsAre("liveaccount"));
  EXPECT_THAT(accounts.list_keys("rg", "liveaccount"),
              ElementsAre(Field(&StorageAccountKey::key_name, "key1"), Field(&StorageAccountKey::key_name, "key2")));
  expect_missing("ResourceNotFound", [&] { accounts.list_keys("rg", "absent"); });

  groups.start_remove("rg").wait();
  EXPECT_FALSE(groups.exists("rg"));
}

}  // namespace
}  // namespace batchai::test
