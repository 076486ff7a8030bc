#include "server/scheduling/cluster_pass.hpp"

#include "core/random.hpp"
#include "server/records/region_use.hpp"
#include "server/scheduling/gpu_share.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

constexpr std::string_view kAddressCounter = "counter/nodeaddress";

std::int64_t next_address(Transaction& transaction) {
  Document counter{.key = std::string(kAddressCounter), .kind = "counter", .body = {{"next", 0}}};
  counter = transaction.get(kAddressCounter).value_or(counter);
  const auto next = counter.body.at("next").get<std::int64_t>();
  counter.body["next"] = next + 1;
  transaction.put(counter);
  return next;
}

BatchAiError quota_error(const ClusterRecord& cluster, int wanted, int allowed, const UsageLimits& limits) {
  const bool low = cluster.is_low_priority();
  const auto present = static_cast<int>(cluster.nodes.size());
  return {"CoreQuotaReached",
          "The subscription's limit of " + std::to_string(low ? limits.low_priority_cores : limits.dedicated_cores) +
              (low ? " low-priority" : " dedicated") + " cores allows " + std::to_string(present + allowed) +
              " of the " + std::to_string(present + wanted) + " nodes of this cluster",
          {{"vmSize", cluster.vm_size()}}};
}

}  // namespace

std::optional<Timestamp> ClusterPass::run() {
  complete_creations();
  std::optional<Timestamp> look_again;
  if (cluster_.deleting()) {
    dismantle();
  } else {
    look_again = schedule();
  }
  set_state(cluster_.document(), "allocationState",
            cluster_.deleting() || cluster_.has_leaving_nodes() ? AllocationState::kResizing : AllocationState::kSteady,
            now_);
  cluster_.save(transaction_);
  for (auto& job : jobs_) {
    job.save(transaction_);
  }
  return look_again;
}

void ClusterPass::complete_creations() {
  const auto settings = cluster_.scale().auto_scale;
  if (provisioning_state(cluster_.document()) == ProvisioningState::kCreating && settings) {
    grow(settings->initial_node_count.value_or(0));
  }
  complete_creation(transaction_, cluster_.document(), now_);
  for (auto& job : jobs_) {
    complete_creation(transaction_, job.document(), now_);
  }
}

void ClusterPass::dismantle() {
  std::vector<std::string> ids;
  for (const auto& node : cluster_.nodes) {
    ids.push_back(node.id);
  }
  for (const auto& id : ids) {
    cluster_.remove_node(id);
  }
}

std::optional<Timestamp> ClusterPass::schedule() {
  const auto settings = cluster_.scale();
  const auto decision = decide_scale(cluster_.nodes, settings, waiting(), running(), now_, options_.idle_period);
  resize(decision);
  if (!options_.starts_jobs) {
    return decision.look_again;
  }
  for (const auto& assignment : assign_jobs(cluster_.nodes, waiting(), scale_limit(settings))) {
    assign(assignment);
  }
  return decision.look_again;
}

std::vector<WaitingJob> ClusterPass::waiting() const {
  std::vector<WaitingJob> result;
  for (const auto& job : jobs_) {
    if (job.queued()) {
      result.push_back(job.waiting());
    }
  }
  return result;
}

std::vector<RunningJob> ClusterPass::running() const {
  std::vector<RunningJob> result;
  for (const auto& job : jobs_) {
    if (job.on_nodes()) {
      result.push_back(job.running());
    }
  }
  return result;
}

void ClusterPass::resize(const ScaleDecision& decision) {
  for (const auto& id : decision.remove) {
    cluster_.remove_node(id);
  }
  for (const auto& id : decision.leave) {
    cluster_.node(id).state = Node::State::Leaving;
  }
  const auto reason = decision.displacement == Displacement::Terminate ? StopReason::NodeRemoved : StopReason::Requeue;
  for (const auto& key : decision.displaced) {
    job(key).request_stop(reason, now_);
  }
  grow(decision.add);
}

void ClusterPass::grow(int wanted) {
  const int allowed = wanted > 0 ? std::min(wanted, nodes_allowed(transaction_, cluster_, options_.limits)) : 0;
  cluster_.set_quota_error(allowed < wanted ? std::optional(quota_error(cluster_, wanted, allowed, options_.limits))
                                            : std::nullopt);
  if (allowed > 0) {
    add_nodes(allowed);
  }
}

void ClusterPass::add_nodes(int count) {
  GpuShare share(transaction_, cluster_, options_.provider.gpus());
  for (int i = 0; i < count; ++i) {
    cluster_.add_node(options_.provider.node_address(next_address(transaction_)), now_).gpus = share.next();
  }
}

void ClusterPass::assign(const Assignment& assignment) {
  job(assignment.job).begin(assignment.nodes, "run-" + random_guid(), now_);
  for (const auto& id : assignment.nodes) {
    auto& node = cluster_.node(id);
    node.state = Node::State::Running;
    node.job = assignment.job;
    node.idle_since.reset();
  }
}

JobRecord& ClusterPass::job(const std::string& key) {
  return *std::find_if(jobs_.begin(), jobs_.end(), [&](const JobRecord& job) { return job.key() == key; });
}

}  // namespace batchai::server
