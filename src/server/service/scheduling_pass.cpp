#include "server/service/scheduling_pass.hpp"

#include "core/random.hpp"
#include "server/service/cluster_record.hpp"
#include "server/service/job_record.hpp"
#include "server/service/operations.hpp"
#include "server/service/removal.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

constexpr std::string_view kAddressCounter = "counter/nodeaddress";

std::string release_key(const std::string& run_id) { return "release/" + run_id; }

void take_outcomes(Transaction& transaction, const Outcomes& outcomes, Timestamp now) {
  for (auto& job : active_jobs(transaction)) {
    const auto found = outcomes.find(job.run_id());
    if (job.on_nodes() && found != outcomes.end()) {
      job.apply(found->second, now);
      settle_job(transaction, job, found->first, now);
    }
  }
}

/// The scheduler's work on one cluster.
class ClusterPass {
 public:
  ClusterPass(Transaction& transaction, Document cluster, Timestamp now)
      : transaction_(transaction),
        cluster_(std::move(cluster)),
        jobs_(active_jobs(transaction, cluster_.key())),
        now_(now) {}

  std::optional<Timestamp> run(Duration idle_period) {
    complete_creation(transaction_, cluster_.document(), now_);
    for (auto& job : jobs_) {
      complete_creation(transaction_, job.document(), now_);
    }
    const auto look_again = cluster_.deleting() ? std::nullopt : schedule(idle_period);
    set_state(
        cluster_.document(), "allocationState",
        cluster_.deleting() || cluster_.has_leaving_nodes() ? AllocationState::kResizing : AllocationState::kSteady,
        now_);
    cluster_.save(transaction_);
    for (auto& job : jobs_) {
      job.save(transaction_);
    }
    return look_again;
  }

 private:
  std::optional<Timestamp> schedule(Duration idle_period) {
    const auto settings = cluster_.scale();
    const auto decision = decide_scale(cluster_.nodes, settings, waiting(), running(), now_, idle_period);
    resize(decision);
    for (const auto& assignment : assign_jobs(cluster_.nodes, waiting(), scale_limit(settings))) {
      assign(assignment);
    }
    return decision.look_again;
  }

  std::vector<WaitingJob> waiting() const {
    std::vector<WaitingJob> result;
    for (const auto& job : jobs_) {
      if (job.queued()) {
        result.push_back(job.waiting());
      }
    }
    return result;
  }

  std::vector<RunningJob> running() const {
    std::vector<RunningJob> result;
    for (const auto& job : jobs_) {
      if (job.on_nodes()) {
        result.push_back(job.running());
      }
    }
    return result;
  }

  void resize(const ScaleDecision& decision) {
    for (const auto& id : decision.remove) {
      cluster_.remove_node(id);
    }
    for (const auto& id : decision.leave) {
      cluster_.node(id).state = Node::State::Leaving;
    }
    const auto reason =
        decision.displacement == Displacement::Terminate ? StopReason::NodeRemoved : StopReason::Requeue;
    for (const auto& key : decision.displaced) {
      job(key).request_stop(reason, now_);
    }
    if (decision.add > 0) {
      add_nodes(decision.add);
    }
  }

  void add_nodes(int count) {
    Document counter{.key = std::string(kAddressCounter), .kind = "counter", .body = {{"next", 0}}};
    counter = transaction_.get(kAddressCounter).value_or(counter);
    auto next = counter.body.at("next").get<std::int64_t>();
    cluster_.add_nodes(count, next, now_);
    counter.body["next"] = next;
    transaction_.put(counter);
  }

  void assign(const Assignment& assignment) {
    job(assignment.job).begin(assignment.nodes, "run-" + random_guid(), now_);
    for (const auto& id : assignment.nodes) {
      auto& node = cluster_.node(id);
      node.state = Node::State::Running;
      node.job = assignment.job;
      node.idle_since.reset();
    }
  }

  JobRecord& job(const std::string& key) {
    return *std::find_if(jobs_.begin(), jobs_.end(), [&](const JobRecord& job) { return job.key() == key; });
  }

  Transaction& transaction_;
  ClusterRecord cluster_;
  std::vector<JobRecord> jobs_;
  Timestamp now_;
};

void ask_for_jobs(Transaction& transaction, PassResult& result) {
  for (const auto& job : active_jobs(transaction)) {
    if (!job.on_nodes()) {
      continue;
    }
    if (job.stop_reason() != StopReason::None) {
      result.stop.push_back(job.run_id());
    } else if (!job.handed_over()) {
      result.start.push_back(job.key());
    }
  }
}

void ask_for_nodes(Transaction& transaction, PassResult& result) {
  for (auto& document : transaction.list("cluster")) {
    const ClusterRecord cluster(std::move(document));
    for (const auto& node : cluster.nodes) {
      if (node.state == Node::State::Preparing) {
        result.prepare.emplace_back(cluster.key(), node.id);
      }
    }
  }
}

}  // namespace

void settle_job(Transaction& transaction, JobRecord& job, const std::string& run_id, Timestamp now) {
  if (auto document = transaction.get(job.cluster())) {
    ClusterRecord cluster(std::move(*document));
    cluster.free_nodes_of(job.key(), now);
    cluster.save(transaction);
  }
  transaction.put({.key = release_key(run_id), .kind = "release", .body = {{"run", run_id}}});
  if (job.deleting()) {
    erase_job(transaction, job, now);
    return;
  }
  if (job.ended()) {
    end_job_operations(transaction, job, now);
    remove_active_job(transaction, job.key());
  }
  job.save(transaction);
}

void forget_released(Transaction& transaction, const std::string& run_id) { transaction.erase(release_key(run_id)); }

PassResult run_scheduling_pass(Transaction& transaction, const Outcomes& outcomes, Timestamp now,
                               Duration idle_period) {
  PassResult result;
  take_outcomes(transaction, outcomes, now);
  finish_removals(transaction, now);
  for (auto& cluster : transaction.list("cluster")) {
    const auto look_again = ClusterPass(transaction, std::move(cluster), now).run(idle_period);
    if (look_again) {
      result.look_again = std::min(result.look_again.value_or(*look_again), *look_again);
    }
  }
  ask_for_jobs(transaction, result);
  ask_for_nodes(transaction, result);
  for (const auto& release : transaction.list("release")) {
    result.release.push_back(text_at(release.body, "run"));
  }
  return result;
}

}  // namespace batchai::server
