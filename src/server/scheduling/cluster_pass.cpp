#include "server/scheduling/cluster_pass.hpp"

#include "core/random.hpp"
#include "server/records/region_use.hpp"
#include "server/records/removal.hpp"
#include "server/scheduling/gpu_share.hpp"
#include "server/scheduling/node_setup.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

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

std::optional<Timestamp> ClusterPass::run(const Outcomes& outcomes) {
  take_outcomes(outcomes);
  take_progress();
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
  show_supply();
  cluster_.save(transaction_);
  return look_again;
}

void ClusterPass::take_outcomes(const Outcomes& outcomes) {
  if (outcomes.empty()) {
    return;
  }
  for (const auto& run_id : end_setups(cluster_, outcomes, now_)) {
    note_release(transaction_, run_id);
  }
  for (const auto& [run_id, outcome] : outcomes) {
    const ActiveJob* active = transaction_.active_jobs().of_run(run_id);
    if (active == nullptr || active->cluster != cluster_.key()) {
      continue;
    }
    // A run that was never handed over has not lost its nodes.
    const bool lost = outcome.kind == RunOutcome::Kind::Lost && active->handed_over;
    JobRecord job(transaction_.get(active->sequence).value());
    job.apply(outcome, now_);
    finish_job(transaction_, cluster_, job, run_id, now_, lost ? NodesAfterJob::Lost : NodesAfterJob::Free);
  }
}

void ClusterPass::take_progress() {
  for (const auto& run : options_.progress) {
    const ActiveJob* active = transaction_.active_jobs().of_run(run.first);
    if (active != nullptr && active->cluster == cluster_.key()) {
      change_job(active->sequence, [&](JobRecord& job) { job.note_progress(run.second, now_); });
    }
  }
}

void ClusterPass::show_supply() {
  if (!options_.provider.chooses_machines_late()) {
    return;
  }
  std::set<std::string, std::less<>> waiting;
  for (const ActiveJob* job : busy()) {
    if (job->run_waits) {
      waiting.insert(job->key);
    }
  }
  for (auto& node : cluster_.nodes) {
    node.waits = waiting.contains(node.job);
  }
  cluster_.set_supply(options_.provider.supply(cluster_.vm_size()));
}

void ClusterPass::complete_creations() {
  const auto settings = cluster_.scale().auto_scale;
  if (provisioning_state(cluster_.document()) == ProvisioningState::kCreating && settings) {
    grow(settings->initial_node_count.value_or(0));
  }
  complete_creation(transaction_, cluster_.document(), now_);
  for (const ActiveJob* job : busy()) {
    if (job->creating) {
      change_job(job->sequence, [&](JobRecord& record) { complete_creation(transaction_, record.document(), now_); });
    }
  }
}

void ClusterPass::dismantle() {
  more_ = stop_jobs_of(transaction_, cluster_.key(), now_);
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
  const int limit = scale_limit(settings);
  // More jobs than the largest cluster has nodes for change no decision about its size.
  const auto waiting = settings.auto_scale ? first_waiting(limit, limit) : std::vector<WaitingJob>();
  const auto decision = decide_scale(cluster_.nodes, settings, waiting, running(), now_, options_.idle_period);
  resize(decision);
  if (!options_.starts_jobs) {
    return decision.look_again;
  }
  const auto free =
      std::count_if(cluster_.nodes.begin(), cluster_.nodes.end(), [](const Node& node) { return node.is_free(); });
  if (free > 0) {
    for (const auto& assignment : assign_jobs(cluster_.nodes, first_waiting(limit, free), limit)) {
      assign(assignment);
    }
  }
  return decision.look_again;
}

std::vector<WaitingJob> ClusterPass::first_waiting(int largest, std::int64_t nodes) const {
  return transaction_.active_jobs().first_waiting(cluster_.key(), largest, nodes);
}

std::vector<RunningJob> ClusterPass::running() const {
  std::vector<RunningJob> result;
  for (const ActiveJob* job : busy()) {
    if (job->on_nodes) {
      result.push_back({.key = job->key, .rank = job->rank, .started = job->started});
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
    JobRecord job(transaction_.get(key).value());
    job.request_stop(reason, now_);
    job.save(transaction_);
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
  JobRecord job(transaction_.get(assignment.job).value());
  const auto experiment = transaction_.get(job.document().parent);
  if (experiment && is_deleting(*experiment)) {
    return;  // and the job with it, as soon as it is its turn
  }
  job.begin(assignment.nodes, "run-" + random_guid(), now_, options_.provider.chooses_machines_late());
  job.save(transaction_);
  for (const auto& id : assignment.nodes) {
    auto& node = cluster_.node(id);
    node.state = Node::State::Running;
    node.job = job.key();
    node.idle_since.reset();
  }
}

void ClusterPass::change_job(std::int64_t sequence, const std::function<void(JobRecord&)>& change) {
  JobRecord job(transaction_.get(sequence).value());
  change(job);
  job.save(transaction_);
}

}  // namespace batchai::server
