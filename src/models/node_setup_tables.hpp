#pragma once

#include "batchai/models/node_setup.hpp"
#include "models/volumes_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<SetupTask> {
  static constexpr auto kFields = std::tuple(
      field("commandLine", &SetupTask::command_line, kRequired),
      field("environmentVariables", &SetupTask::environment_variables), field("secrets", &SetupTask::secrets),
      field("stdOutErrPathPrefix", &SetupTask::std_out_err_path_prefix, kRequired),
      field("stdOutErrPathSuffix", &SetupTask::std_out_err_path_suffix, kReadOnly));
};

template <>
struct Table<AppInsightsReference> {
  static constexpr auto kFields = std::tuple(
      field("component", &AppInsightsReference::component, kRequired),
      field("instrumentationKey", &AppInsightsReference::instrumentation_key),
      field("instrumentationKeySecretReference", &AppInsightsReference::instrumentation_key_secret_reference));
};

template <>
struct Table<PerformanceCountersSettings> {
  static constexpr auto kFields =
      std::tuple(field("appInsightsReference", &PerformanceCountersSettings::app_insights_reference, kRequired));
};

template <>
struct Table<NodeSetup> {
  static constexpr auto kFields =
      std::tuple(field("setupTask", &NodeSetup::setup_task), field("mountVolumes", &NodeSetup::mount_volumes),
                 field("performanceCountersSettings", &NodeSetup::performance_counters_settings));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL_ELSEWHERE(SetupTask)
BATCHAI_MODEL_ELSEWHERE(AppInsightsReference)
BATCHAI_MODEL_ELSEWHERE(PerformanceCountersSettings)
BATCHAI_MODEL_ELSEWHERE(NodeSetup)

}  // namespace batchai::inline v1
