#include "cli/jobs/waiting_reason.hpp"

#include "batchai/models/resource_id.hpp"

#include <algorithm>
#include <string_view>

namespace batchai::cli {
namespace {

constexpr std::string_view kTooSmall = "ClusterTooSmall";
constexpr std::string_view kUnusable = "NodesUnusable";
constexpr std::string_view kQuota = "CoreQuotaReached";
constexpr std::string_view kSetupFailed = "NodeSetupFailed";

std::string reason_detail(const BatchAiError& reason, std::string_view name) {
  const auto found = std::find_if(reason.details.begin(), reason.details.end(),
                                  [&](const NameValuePair& detail) { return detail.name == name; });
  return found == reason.details.end() ? std::string() : found->value;
}

/// `batchai cluster resize -g … -w … -n …`
std::string cluster_command(const std::string& verb, const ResourceId& cluster, const std::string& option = "-n") {
  const auto id = parse_resource_id(cluster.id);
  return "batchai cluster " + verb + " -g " + id.group + " -w " + id.find("workspaces") + " " + option + " " +
         id.name();
}

std::string helping_command(const BatchAiError& reason, const ResourceId& cluster) {
  if (reason.details.empty()) {
    return "";  // the cluster is in a group that the caller may not see
  }
  if (reason.code == kTooSmall) {
    const std::string wanted = reason_detail(reason, "nodeCount");
    const std::string minimum = reason_detail(reason, "minimumNodeCount");
    return minimum.empty() ? cluster_command("resize", cluster) + " -t " + wanted
                           : cluster_command("auto-scale", cluster) + " --min " + minimum + " --max " + wanted;
  }
  if (reason.code == kUnusable && reason_detail(reason, "nodeError") == kSetupFailed) {
    return cluster_command("node logs", cluster, "-c");
  }
  return reason.code == kUnusable || reason.code == kQuota ? cluster_command("show", cluster) : std::string();
}

}  // namespace

std::string waiting_text(const Job& job) {
  if (job.execution_state != ExecutionState::kQueued || !job.waiting_reason) {
    return "";
  }
  const std::string command = job.cluster ? helping_command(*job.waiting_reason, *job.cluster) : "";
  return job.waiting_reason->message + (command.empty() ? "" : ": " + command);
}

bool waits_in_vain(const Job& job) {
  const std::string code = job.waiting_reason ? job.waiting_reason->code : "";
  return job.execution_state == ExecutionState::kQueued && (code == kTooSmall || code == kUnusable || code == kQuota);
}

}  // namespace batchai::cli
