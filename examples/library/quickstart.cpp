// The quickstart in C++: trains a network on handwritten digits as a Batch AI job and downloads the model.
//
//   quickstart DATA MODEL     reads the three files named below from DATA, leaves the model in the folder MODEL
//
// Credentials and endpoints come from the environment, as `batchai local env` prints it.
#include <batchai/batchai.hpp>

#include <filesystem>
#include <iostream>
#include <random>

namespace {

using namespace batchai;

constexpr auto kGroup = "batchaiquickstart", kWorkspace = "quickstart", kCluster = "nc6";
constexpr auto kExperiment = "mnist", kJob = "cntk", kShare = "batchaiquickstart", kFolder = "mnistcntksample";

/// One node with the share mounted. Its administrator's password is known to nobody.
ClusterCreateParameters cluster_with(const files::StorageAccount& account, const files::ShareClient& share) {
  std::random_device random;
  const std::string password = "P-" + std::to_string(random()) + "-" + std::to_string(random());
  const AzureFileShareReference mount{.account_name = account.name,
                                      .azure_file_url = share.url().to_string(),
                                      .credentials = {.account_key = account.key},
                                      .relative_mount_path = "azurefileshare"};
  return {.vm_size = "STANDARD_NC6",
          .scale_settings = ScaleSettings{.manual = ManualScaleSettings{.target_node_count = 1}},
          .node_setup = NodeSetup{.mount_volumes = MountVolumes{.azure_file_shares = {mount}}},
          .user_account_settings = {.admin_user_name = "demo", .admin_user_password = Secret(password)}};
}

JobCreateParameters job_on(const Cluster& cluster) {
  const std::string share = "$AZ_BATCHAI_MOUNT_ROOT/azurefileshare";
  const CntkSettings cntk{.python_script_file_path = "$AZ_BATCHAI_INPUT_SAMPLE/ConvNet_MNIST.py",
                          .python_interpreter_path = "/usr/bin/python3",
                          .command_line_args = "$AZ_BATCHAI_INPUT_SAMPLE $AZ_BATCHAI_OUTPUT_MODEL"};
  return {.cluster = {.id = cluster.id},
          .node_count = 1,
          .cntk_settings = cntk,
          .std_out_err_path_prefix = share,
          .input_directories = {{.id = "SAMPLE", .path = share + "/" + kFolder}},
          .output_directories = {{.id = "MODEL", .path_prefix = share, .path_suffix = "Models"}}};
}

int run(const std::filesystem::path& data, const std::filesystem::path& model) {
  const auto arm = ArmClient::from_environment();
  arm.providers().register_provider("Microsoft.BatchAI");
  arm.resource_groups().create_or_update(kGroup, {.location = "eastus"});

  const auto account = files::StorageAccount::from_environment();
  const files::ShareClient share = files::ShareServiceClient(account).share(kShare);
  share.create_if_absent();
  share.directory(kFolder).create_all();
  for (const char* name : {"Train-28x28_cntk_text.txt", "Test-28x28_cntk_text.txt", "ConvNet_MNIST.py"})
    files::upload_file(data / name, share.directory(kFolder).file(name));

  const auto client = Client::from_environment();
  client.workspaces().create(kGroup, kWorkspace, {.location = "eastus"});
  auto cluster = client.clusters().start_create(kGroup, kWorkspace, kCluster, cluster_with(account, share)).wait();
  client.experiments().create(kGroup, kWorkspace, kExperiment);
  client.jobs().start_create(kGroup, kWorkspace, kExperiment, kJob, job_on(cluster)).wait();
  const JobRef job{kGroup, kWorkspace, kExperiment, kJob};
  for (const OutputPiece& piece : client.jobs().follow(job)) std::cout << piece.bytes << std::flush;
  const auto complain = [](const OutputFailure& failure) {
    std::cerr << failure.path << ": " << failure.reason << '\n';
  };
  const bool succeeded =
      client.jobs().wait(job).execution_state == ExecutionState::kSucceeded &&
      client.jobs().download_outputs(job, model, {.place = {"MODEL"}, .on_failure = complain}).failures.empty();
  client.jobs().start_remove(kGroup, kWorkspace, kExperiment, kJob).wait();
  client.clusters().start_remove(kGroup, kWorkspace, kCluster).wait();
  arm.resource_groups().start_remove(kGroup).wait();
  return succeeded ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return argc == 3 ? run(argv[1], argv[2]) : throw InvalidArgument("give two folders: DATA MODEL");
  } catch (const std::exception& error) {
    std::cerr << "quickstart: " << error.what() << '\n';
    return 1;
  }
}
