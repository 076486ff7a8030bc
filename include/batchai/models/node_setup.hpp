#pragma once

#include "batchai/models/volumes.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// Runs as root on each node when that is allocated or rebooted.
struct SetupTask {
  std::string command_line;
  std::vector<EnvironmentVariable> environment_variables = {};
  std::vector<EnvironmentVariableWithSecretValue> secrets = {};
  std::string std_out_err_path_prefix;
  /// Read-only: made by the service.
  std::optional<std::string> std_out_err_path_suffix = {};
  UnknownMembers unknown = {};

  friend bool operator==(const SetupTask&, const SetupTask&) = default;
};

/// The service never returns the instrumentation key.
struct AppInsightsReference {
  ResourceId component;
  std::optional<Secret> instrumentation_key = {};
  std::optional<KeyVaultSecretReference> instrumentation_key_secret_reference = {};
  UnknownMembers unknown = {};

  friend bool operator==(const AppInsightsReference&, const AppInsightsReference&) = default;
};

/// Counters of nodes that go to Application Insights.
struct PerformanceCountersSettings {
  AppInsightsReference app_insights_reference;
  UnknownMembers unknown = {};

  friend bool operator==(const PerformanceCountersSettings&, const PerformanceCountersSettings&) = default;
};

/// What happens to a node before it takes jobs.
struct NodeSetup {
  std::optional<SetupTask> setup_task = {};
  std::optional<MountVolumes> mount_volumes = {};
  std::optional<PerformanceCountersSettings> performance_counters_settings = {};
  UnknownMembers unknown = {};

  friend bool operator==(const NodeSetup&, const NodeSetup&) = default;
};

BATCHAI_NAMESPACE_END
