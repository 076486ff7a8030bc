#pragma once

#include "batchai/models/cluster.hpp"
#include "batchai/models/job.hpp"
#include "contract/scratch.hpp"
#include "server/planning/job_plan.hpp"
#include "support/fake_nodes.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {

/// A hosted account `store` with the shares `logs` and `data`, the blob container `images` and the key `key`, and jobs
/// that mount `logs`.
class JobPlanTest : public ::testing::Test {
 protected:
  JobPlanTest() {
    std::filesystem::create_directories(scratch / "files/logs");
    std::filesystem::create_directories(scratch / "files/data");
    std::filesystem::create_directories(scratch / "blobs/images");
    job.node_count = 1;
    job.std_out_err_path_prefix = "$AZ_BATCHAI_JOB_MOUNT_ROOT/logs";
    job.mount_volumes = MountVolumes{.azure_file_shares = {share("logs")}};
  }

  static AzureFileShareReference share(const std::string& name) {
    return {.account_name = "store",
            .azure_file_url = "https://store.file.core.windows.net/" + name,
            .credentials = {.account_key = Secret("key")},
            .relative_mount_path = name};
  }

  std::string folder(int node) const { return scratch / ("node-" + std::to_string(node)); }
  std::string job_folder(int node) const { return folder(node) + "/jobs/ws/exp/job"; }

  JobPlanInput input() const {
    JobPlanInput result{.job = job,
                        .cluster = cluster,
                        .subscription = "sub",
                        .group = "grp",
                        .workspace = "ws",
                        .experiment = "exp",
                        .job_name = "job",
                        .output_uuid = "uuid",
                        .run_id = "run"};
    for (int node = 1; node <= job.node_count; ++node) {
      result.nodes.push_back({.id = "tvm-" + std::to_string(node),
                              .address = "10.0.0." + std::to_string(node + 3),
                              .gpus = gpus,
                              .folder = folder(node)});
    }
    result.accounts = [this](std::string_view name) {
      const HostedAccount hosted{
          .keys = {Secret("other"), Secret("key")}, .shares = scratch / "files", .containers = scratch / "blobs"};
      return name == "store" ? std::optional(hosted) : std::nullopt;
    };
    result.provider = &provider;
    return result;
  }

  RunPlan plan() const { return plan_job(input()); }

  /// Code and message of the refusal.
  std::pair<std::string, std::string> refusal() const {
    try {
      plan();
    } catch (const JobPlanError& error) {
      return {error.code(), error.message()};
    }
    return {"planned", ""};
  }

  const Scratch scratch;
  Job job;
  Cluster cluster;
  int gpus = 1;
  FakeNodes provider{scratch.path()};
};

inline const std::string kSegment = "sub/grp/workspaces/ws/experiments/exp/jobs/job/uuid";
inline const std::string kPython = R"sh("$(command -v python || command -v python3 || echo python)")sh";

}  // namespace batchai::server::test
