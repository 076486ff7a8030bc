#pragma once

#include "batchai/models/container.hpp"
#include "batchai/models/toolkits.hpp"
#include "batchai/models/volumes.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// Which of the waiting jobs of a cluster comes first.
struct JobPriority : OpenEnum<JobPriority> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kLow{"low"};
  static constexpr Constant kNormal{"normal"};
  static constexpr Constant kHigh{"high"};
};

/// How far a job is.
struct ExecutionState : OpenEnum<ExecutionState> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kQueued{"queued"};
  static constexpr Constant kRunning{"running"};
  static constexpr Constant kTerminating{"terminating"};
  static constexpr Constant kSucceeded{"succeeded"};
  static constexpr Constant kFailed{"failed"};
};

/// Runs on every node of the job before the toolkit.
struct JobPreparation {
  std::string command_line;
  UnknownMembers unknown = {};

  friend bool operator==(const JobPreparation&, const JobPreparation&) = default;
};

/// The job sees `path` as `$AZ_BATCHAI_INPUT_{id}`.
struct InputDirectory {
  std::string id;
  std::string path;
  UnknownMembers unknown = {};

  friend bool operator==(const InputDirectory&, const InputDirectory&) = default;
};

/// Made by the service; the job sees it as `$AZ_BATCHAI_OUTPUT_{id}`.
struct OutputDirectory {
  std::string id;
  std::string path_prefix;
  std::optional<std::string> path_suffix = {};
  UnknownMembers unknown = {};

  friend bool operator==(const OutputDirectory&, const OutputDirectory&) = default;
};

/// What ends a job.
struct JobConstraints {
  /// One week where it is absent.
  std::optional<Duration> max_wall_clock_time = {};
  UnknownMembers unknown = {};

  friend bool operator==(const JobConstraints&, const JobConstraints&) = default;
};

/// Read-only. Any of its members may be absent, also after the end: a job may end without having run.
struct JobExecutionInfo {
  std::optional<Timestamp> start_time = {};
  std::optional<Timestamp> end_time = {};
  std::optional<std::int32_t> exit_code = {};
  std::vector<BatchAiError> errors = {};
  UnknownMembers unknown = {};

  friend bool operator==(const JobExecutionInfo&, const JobExecutionInfo&) = default;
};

/// Exactly one of the toolkits (`…_settings`, but for `container_settings`) is needed.
struct JobCreateParameters {
  JobPriority scheduling_priority = {};
  ResourceId cluster = {};
  std::optional<MountVolumes> mount_volumes = {};
  /// At least 1. It has to be set: a job without it is refused before it is sent.
  std::optional<std::int32_t> node_count = {};
  /// The job runs on the node itself where it is absent.
  std::optional<ContainerSettings> container_settings = {};
  std::optional<CntkSettings> cntk_settings = {};
  std::optional<PyTorchSettings> py_torch_settings = {};
  std::optional<TensorFlowSettings> tensor_flow_settings = {};
  std::optional<CaffeSettings> caffe_settings = {};
  std::optional<Caffe2Settings> caffe2_settings = {};
  std::optional<ChainerSettings> chainer_settings = {};
  std::optional<CustomToolkitSettings> custom_toolkit_settings = {};
  std::optional<CustomMpiSettings> custom_mpi_settings = {};
  std::optional<HorovodSettings> horovod_settings = {};
  std::optional<JobPreparation> job_preparation = {};
  std::string std_out_err_path_prefix;
  std::vector<InputDirectory> input_directories = {};
  std::vector<OutputDirectory> output_directories = {};
  std::vector<EnvironmentVariable> environment_variables = {};
  std::vector<EnvironmentVariableWithSecretValue> secrets = {};
  std::optional<JobConstraints> constraints = {};
  UnknownMembers unknown = {};

  friend bool operator==(const JobCreateParameters&, const JobCreateParameters&) = default;
};

/// A run of a program on the nodes of a cluster, as the service shows it.
struct Job {
  std::string id;
  std::string name;
  std::string type;
  JobPriority scheduling_priority = {};
  std::optional<ResourceId> cluster = {};
  std::optional<MountVolumes> mount_volumes = {};
  std::int32_t node_count = 0;
  std::optional<ContainerSettings> container_settings = {};
  ToolType tool_type = {};
  std::optional<CntkSettings> cntk_settings = {};
  std::optional<PyTorchSettings> py_torch_settings = {};
  std::optional<TensorFlowSettings> tensor_flow_settings = {};
  std::optional<CaffeSettings> caffe_settings = {};
  std::optional<Caffe2Settings> caffe2_settings = {};
  std::optional<ChainerSettings> chainer_settings = {};
  std::optional<CustomToolkitSettings> custom_toolkit_settings = {};
  std::optional<CustomMpiSettings> custom_mpi_settings = {};
  std::optional<HorovodSettings> horovod_settings = {};
  std::optional<JobPreparation> job_preparation = {};
  /// Folder of this job below the output prefixes; unique, so that a job of the same name does not mix its output in.
  std::optional<std::string> job_output_directory_path_segment = {};
  std::string std_out_err_path_prefix;
  std::vector<InputDirectory> input_directories = {};
  std::vector<OutputDirectory> output_directories = {};
  std::vector<EnvironmentVariable> environment_variables = {};
  std::vector<EnvironmentVariableWithSecretValue> secrets = {};
  std::optional<JobConstraints> constraints = {};
  std::optional<Timestamp> creation_time = {};
  ProvisioningState provisioning_state = {};
  std::optional<Timestamp> provisioning_state_transition_time = {};
  ExecutionState execution_state = {};
  /// Of batchai-server, while the job is queued: what it waits for, as `ClusterTooSmall`. Other services say nothing.
  std::optional<BatchAiError> waiting_reason = {};
  std::optional<Timestamp> execution_state_transition_time = {};
  std::optional<JobExecutionInfo> execution_info = {};
  UnknownMembers unknown = {};

  friend bool operator==(const Job&, const Job&) = default;
};

BATCHAI_NAMESPACE_END
