#include "server/scheduling/scheduling_pass.hpp"

#include "server/records/job_record.hpp"
#include "server/records/removal.hpp"
#include "server/scheduling/cluster_pass.hpp"
#include "server/scheduling/node_setup.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

std::string release_key(const std::string& run_id) { return "release/" + run_id; }

void take_job_outcomes(Transaction& transaction, const Outcomes& outcomes, Timestamp now) {
  for (auto& job : active_jobs(transaction)) {
    const auto found = outcomes.find(job.run_id());
    if (job.on_nodes() && found != outcomes.end()) {
      // A run that was never handed over has not lost its nodes.
      const bool lost = found->second.kind == RunOutcome::Kind::Lost && job.handed_over();
      job.apply(found->second, now);
      finish_job(transaction, job, found->first, now, lost ? NodesAfterJob::Lost : NodesAfterJob::Free);
    }
  }
}

void take_setup_outcomes(Transaction& transaction, const Outcomes& outcomes, Timestamp now) {
  if (outcomes.empty()) {
    return;
  }
  for (auto& document : transaction.list("cluster")) {
    ClusterRecord cluster(std::move(document));
    for (const auto& run_id : end_setups(cluster, outcomes, now)) {
      note_release(transaction, run_id);
    }
    cluster.save(transaction);
  }
}

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

void ask_for_nodes(const ClusterRecord& cluster, PassResult& result) {
  for (const auto& node : cluster.nodes) {
    if (node.state == Node::State::Preparing && !node.setup_handed_over) {
      result.prepare.emplace_back(cluster.key(), node.id);
    } else if (node.state == Node::State::Leaving && !node.setup_run.empty()) {
      result.stop.push_back(node.setup_run);
    }
  }
}

}  // namespace

void finish_job(Transaction& transaction, JobRecord& job, const std::string& run_id, Timestamp now,
                NodesAfterJob nodes) {
  if (auto document = transaction.get(job.cluster())) {
    ClusterRecord cluster(std::move(*document));
    if (nodes == NodesAfterJob::Lost) {
      cluster.lose_nodes_of(job.key());
    } else {
      cluster.free_nodes_of(job.key(), now);
    }
    cluster.save(transaction);
  }
  note_release(transaction, run_id);
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

void note_release(Transaction& transaction, const std::string& run_id) {
  transaction.put({.key = release_key(run_id), .kind = "release", .body = {{"run", run_id}}});
}

void forget_released(Transaction& transaction, const std::string& run_id) { transaction.erase(release_key(run_id)); }

std::vector<std::string> awaited_runs(Transaction& transaction) {
  std::vector<std::string> runs;
  for (const auto& job : active_jobs(transaction)) {
    if (job.on_nodes() && (job.handed_over() || job.stop_reason() != StopReason::None)) {
      runs.push_back(job.run_id());
    }
  }
  for (auto& document : transaction.list("cluster")) {
    const ClusterRecord cluster(std::move(document));
    for (const auto& node : cluster.nodes) {
      if (!node.setup_run.empty() && (node.setup_handed_over || node.state == Node::State::Leaving)) {
        runs.push_back(node.setup_run);
      }
    }
  }
  return runs;
}

PassResult run_scheduling_pass(Transaction& transaction, const Outcomes& outcomes, Timestamp now,
                               const PassOptions& options) {
  PassResult result;
  take_job_outcomes(transaction, outcomes, now);
  take_setup_outcomes(transaction, outcomes, now);
  finish_removals(transaction, now);
  for (auto& cluster : transaction.list("cluster")) {
    ClusterPass pass(transaction, std::move(cluster), now, options);
    if (const auto look_again = pass.run()) {
      result.look_again = std::min(result.look_again.value_or(*look_again), *look_again);
    }
    ask_for_nodes(pass.cluster(), result);
  }
  ask_for_jobs(transaction, result);
  result.retire = retired_nodes(transaction);
  for (const auto& release : transaction.list("release")) {
    result.release.push_back(text_at(release.body, "run"));
  }
  return result;
}

}  // namespace batchai::server
