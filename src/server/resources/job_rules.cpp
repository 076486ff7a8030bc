#include "server/resources/job_rules.hpp"

#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"
#include "server/planning/toolkits/toolkits.hpp"

#include <chrono>
#include <regex>
#include <set>

namespace batchai::server {

namespace {

constexpr Duration kLongestRun = std::chrono::days(7);

std::string indexed(const std::string& target, std::size_t index) { return target + "[" + std::to_string(index) + "]"; }

// Ids become parts of variable names (AZ_BATCHAI_INPUT_<id>); `stdouterr` names the log folder.
void check_directory_id(const std::string& target, const std::string& id, std::set<std::string>& seen) {
  static const std::regex pattern("[A-Za-z0-9_]+");
  if (!std::regex_match(id, pattern)) {
    throw invalid_content(target, target + ": expected letters, digits and _");
  }
  if (id == "stdouterr") {
    throw invalid_content(target, target + ": stdouterr is reserved for the job's logs");
  }
  if (!seen.insert(id).second) {
    throw invalid_content(target, target + ": the id " + id + " is used twice");
  }
}

bool goes_upwards(const std::string& path) {
  static const std::regex upwards("(.*/)?\\.\\.(/.*)?");
  return std::regex_match(path, upwards);
}

void check_directories(const JobCreateParameters& job) {
  std::set<std::string> inputs;
  for (std::size_t i = 0; i < job.input_directories.size(); ++i) {
    const std::string target = indexed("properties.inputDirectories", i);
    check_directory_id(target + ".id", job.input_directories[i].id, inputs);
    require_text(target + ".path", job.input_directories[i].path);
  }
  std::set<std::string> outputs;
  for (std::size_t i = 0; i < job.output_directories.size(); ++i) {
    const std::string target = indexed("properties.outputDirectories", i);
    const auto& directory = job.output_directories[i];
    check_directory_id(target + ".id", directory.id, outputs);
    require_text(target + ".pathPrefix", directory.path_prefix);
    if (directory.path_suffix && goes_upwards(*directory.path_suffix)) {
      throw invalid_content(target + ".pathSuffix", target + ".pathSuffix: may not go upwards (..)");
    }
  }
}

void complete_constraints(JobCreateParameters& job) {
  if (!job.constraints) {
    job.constraints.emplace();
  }
  auto& limit = job.constraints->max_wall_clock_time;
  limit = limit.value_or(kLongestRun);
  if (*limit <= Duration::zero() || *limit > kLongestRun) {
    throw invalid_content("properties.constraints.maxWallClockTime",
                          "properties.constraints.maxWallClockTime: expected more than nothing and at most P7D");
  }
}

void check_container(const ContainerSettings& container) {
  const std::string target = "properties.containerSettings.imageSourceRegistry";
  const auto& registry = container.image_source_registry;
  require_text(target + ".image", registry.image);
  if (registry.credentials) {
    require_text(target + ".credentials.username", registry.credentials->username);
    check_secret_choice(target + ".credentials", "password", registry.credentials->password.has_value(),
                        registry.credentials->password_secret_reference.has_value());
  }
}

}  // namespace

void complete_job(JobCreateParameters& job, int gpus_per_node) {
  job.scheduling_priority = enum_or_default("properties.schedulingPriority", job.scheduling_priority.value(),
                                            {JobPriority::kNormal, JobPriority::kLow, JobPriority::kHigh});
  check_resource_id("properties.cluster.id", job.cluster.id, "Microsoft.BatchAI/workspaces/clusters");
  if (job.node_count.value_or(0) < 1) {
    throw invalid_content("properties.nodeCount", "properties.nodeCount: expected at least 1");
  }
  complete_toolkit(job, gpus_per_node);
  require_text("properties.stdOutErrPathPrefix", job.std_out_err_path_prefix);
  check_directories(job);
  check_environment("properties.environmentVariables", job.environment_variables);
  check_secrets("properties.secrets", job.secrets);
  complete_constraints(job);
  if (job.mount_volumes) {
    complete_volumes("properties.mountVolumes", *job.mount_volumes);
  }
  if (job.container_settings) {
    check_container(*job.container_settings);
  }
  if (job.job_preparation) {
    require_text("properties.jobPreparation.commandLine", job.job_preparation->command_line);
  }
}

}  // namespace batchai::server
