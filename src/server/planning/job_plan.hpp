#pragma once

#include "batchai/core/secret.hpp"
#include "server/run/node_provider.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace batchai::inline v1 {
struct Cluster;
struct Job;
}  // namespace batchai::inline v1

namespace batchai::server {

/// A storage account that this service hosts.
struct HostedAccount {
  /// Base64, as listKeys shows them; any of them opens the account.
  std::vector<Secret> keys;
  /// Folder that holds one folder per share.
  std::filesystem::path shares;
  /// The same for blob containers.
  std::filesystem::path containers;
  /// Name of its resource group, in lower case.
  std::string group = {};
};

/// Looks a storage account up by name, in lower case; nothing for accounts that this service does not host.
using AccountResolver = std::function<std::optional<HostedAccount>(std::string_view name)>;

/// Folder that a file server exports, by the ARM id of the file server as the volume gives it; nothing if there is no
/// such file server or it has no folder on this machine.
using FileServerResolver = std::function<std::optional<std::filesystem::path>(std::string_view resource_id)>;

/// A node that the scheduler gave to a job.
struct JobNode {
  /// As `tvm-1915592855_1-20180621t171517z`.
  std::string id;
  /// Where the job's processes reach this node; different for every node.
  std::string address;
  int gpus = 0;
  /// Value of CUDA_VISIBLE_DEVICES, where it is to be set.
  std::optional<std::string> visible_gpus = {};
  /// In a sandbox: RunNode::devices.
  std::vector<std::filesystem::path> devices = {};
  /// This node's own folder tree: `mounts`, `jobs`, `temp` go in there.
  std::filesystem::path folder;
  /// Parent of `home` and `setup`, which last as long as what a setup task has done; empty: `folder`.
  std::filesystem::path machine_folder = {};

  const std::filesystem::path& lasting_folder() const { return machine_folder.empty() ? folder : machine_folder; }
};

/// What becomes of jobs that ask for a container.
struct ContainerUse {
  enum class Kind {
    Refuse,  ///< they fail
    Host,    ///< they run on the node itself
    Podman,  ///< they get one
  };
  Kind kind = Kind::Refuse;
  /// Why it is less than it could be, as one sentence; empty: somebody decided that.
  std::string reason = {};
  /// What is the same for all containers.
  RunContainer common = {};
};

/// What a plan is made from. Refers to the models; they must outlive the call.
struct JobPlanInput {
  /// With `secrets[].value` and account keys in it.
  const Job& job;
  /// With the account keys of its volumes.
  const Cluster& cluster;
  std::string subscription;
  std::string group;
  std::string workspace;
  std::string experiment;
  std::string job_name;
  /// Random, one per job: part of the output path.
  std::string output_uuid;
  /// Becomes RunPlan::run_id.
  std::string run_id;
  /// `nodeCount` nodes, the master first.
  std::vector<JobNode> nodes;
  AccountResolver accounts;
  FileServerResolver file_servers = nullptr;
  ContainerUse containers = {};
  /// Where runs are put into a sandbox: what is the same for all of them. Folders of the job are added to it.
  std::optional<RunSandbox> sandbox = {};
  RunLimits limits = {};
  /// `stdOutErrPathSuffix` of the cluster's setup task: needed where the engine chooses the machines, so that the task
  /// is a part of the job.
  std::string setup_suffix = {};
  /// Null only where nothing but output locations is asked for. Outlives the call.
  const NodeProvider* provider = nullptr;
};

/// A job that cannot be run as it stands. `code()` is a resource error code as `AZFMountError`, `BFSMountError`,
/// `NFSMountError`, `UnmanagedFileSystemMountError`, `FailedStartingContainer` or `InvalidJob`; the three parts are
/// what `executionInfo.errors[]` shows. Holds no secrets.
class JobPlanError : public std::runtime_error {
 public:
  using Details = std::vector<std::pair<std::string, std::string>>;
  JobPlanError(std::string code, const std::string& message, Details details = {})
      : std::runtime_error(message), code_(std::move(code)), details_(std::move(details)) {}
  const std::string& code() const noexcept { return code_; }
  std::string message() const { return what(); }
  /// Names and values.
  const Details& details() const noexcept { return details_; }

 private:
  std::string code_;
  Details details_;
};

/// Turns a job and the nodes it was given into what an engine runs: folders, mounts, environment, command of every
/// process. Looks at the file system (do shares exist) and changes nothing. Throws JobPlanError.
RunPlan plan_job(const JobPlanInput& input);

/// `{subscription}/{group}/workspaces/{w}/experiments/{e}/jobs/{job}/{uuid}`: `jobOutputDirectoryPathSegment`.
std::string job_output_segment(std::string_view subscription, std::string_view group, std::string_view workspace,
                               std::string_view experiment, std::string_view job, std::string_view output_uuid);

/// Id of the directory of standard output and error, which every job has.
constexpr std::string_view kStdOutErr = "stdouterr";

enum class StorageKind { Share, Container };

/// Where an output directory of a job is, for readers outside the job, while it runs or afterwards.
struct OutputLocation {
  StorageKind kind = StorageKind::Share;
  /// Hosted account and its share or blob container.
  std::string account;
  std::string share;
  /// Inside the share, with `/` between names, none at the ends; empty for the share itself.
  std::string path;
  /// The share's folder on this machine.
  std::filesystem::path root;
  /// Whether the key that the job has for the account is one of its keys now. Where it is not, whoever made the job may
  /// never have had one.
  bool key_is_right = false;

  /// The output directory on this machine, outside all mounts.
  std::filesystem::path folder() const { return root / path; }
};

/// Location of the output directory `directory_id`, or of `stdouterr`, which every job has. Nothing when it is not on a
/// share that this service hosts. Throws std::out_of_range if the job has no such output directory; never throws
/// JobPlanError. `input.nodes` may be empty and account keys may be missing.
std::optional<OutputLocation> output_location(const JobPlanInput& input, std::string_view directory_id);

}  // namespace batchai::server
