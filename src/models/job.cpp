#include "batchai/models/job.hpp"

#include "models/container_tables.hpp"
#include "models/toolkits_tables.hpp"
#include "models/volumes_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<JobPreparation> {
  static constexpr auto kFields = std::tuple(field("commandLine", &JobPreparation::command_line, kRequired));
};

template <>
struct Table<InputDirectory> {
  static constexpr auto kFields =
      std::tuple(field("id", &InputDirectory::id, kRequired), field("path", &InputDirectory::path, kRequired));
};

template <>
struct Table<OutputDirectory> {
  static constexpr auto kFields = std::tuple(field("id", &OutputDirectory::id, kRequired),
                                             field("pathPrefix", &OutputDirectory::path_prefix, kRequired),
                                             field("pathSuffix", &OutputDirectory::path_suffix));
};

template <>
struct Table<JobConstraints> {
  static constexpr auto kFields = std::tuple(field("maxWallClockTime", &JobConstraints::max_wall_clock_time));
};

template <>
struct Table<JobExecutionInfo> {
  static constexpr auto kFields = std::tuple(field("startTime", &JobExecutionInfo::start_time, kReadOnly),
                                             field("endTime", &JobExecutionInfo::end_time, kReadOnly),
                                             field("exitCode", &JobExecutionInfo::exit_code, kReadOnly),
                                             field("errors", &JobExecutionInfo::errors, kReadOnly));
};

// What the creator of a job says and the job then shows, in three parts because the service puts members of its own in
// between. Requests need more of it than answers.

template <class T>
constexpr auto job_place(unsigned required) {
  return std::tuple(field("schedulingPriority", &T::scheduling_priority, kInProperties),
                    field("cluster", &T::cluster, kInProperties | required),
                    field("mountVolumes", &T::mount_volumes, kInProperties),
                    field("nodeCount", &T::node_count, kInProperties | required),
                    field("containerSettings", &T::container_settings, kInProperties));
}

template <class T>
constexpr auto job_work() {
  return std::tuple(field("cntkSettings", &T::cntk_settings, kInProperties),
                    field("pyTorchSettings", &T::py_torch_settings, kInProperties),
                    field("tensorFlowSettings", &T::tensor_flow_settings, kInProperties),
                    field("caffeSettings", &T::caffe_settings, kInProperties),
                    field("caffe2Settings", &T::caffe2_settings, kInProperties),
                    field("chainerSettings", &T::chainer_settings, kInProperties),
                    field("customToolkitSettings", &T::custom_toolkit_settings, kInProperties),
                    field("customMpiSettings", &T::custom_mpi_settings, kInProperties),
                    field("horovodSettings", &T::horovod_settings, kInProperties),
                    field("jobPreparation", &T::job_preparation, kInProperties));
}

template <class T>
constexpr auto job_data(unsigned required) {
  return std::tuple(field("stdOutErrPathPrefix", &T::std_out_err_path_prefix, kInProperties | required),
                    field("inputDirectories", &T::input_directories, kInProperties),
                    field("outputDirectories", &T::output_directories, kInProperties),
                    field("environmentVariables", &T::environment_variables, kInProperties),
                    field("secrets", &T::secrets, kInProperties), field("constraints", &T::constraints, kInProperties));
}

template <>
struct Table<JobCreateParameters> {
  static constexpr auto kFields =
      std::tuple_cat(job_place<JobCreateParameters>(kRequired), job_work<JobCreateParameters>(),
                     job_data<JobCreateParameters>(kRequired));
};

template <>
struct Table<Job> {
  static constexpr unsigned kShown = kReadOnly | kInProperties;
  static constexpr auto kFields = std::tuple_cat(
      identity<Job>(), job_place<Job>(kPlain), std::tuple(field("toolType", &Job::tool_type, kShown)), job_work<Job>(),
      std::tuple(field("jobOutputDirectoryPathSegment", &Job::job_output_directory_path_segment, kShown)),
      job_data<Job>(kPlain), provisioning<Job>(),
      std::tuple(field("executionState", &Job::execution_state, kShown),
                 field("waitingReason", &Job::waiting_reason, kShown),
                 field("executionStateTransitionTime", &Job::execution_state_transition_time, kShown),
                 field("executionInfo", &Job::execution_info, kShown)));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL(JobPreparation)
BATCHAI_MODEL(InputDirectory)
BATCHAI_MODEL(OutputDirectory)
BATCHAI_MODEL(JobConstraints)
BATCHAI_MODEL(JobExecutionInfo)
BATCHAI_MODEL(JobCreateParameters)
BATCHAI_MODEL(Job)

}  // namespace batchai::inline v1
