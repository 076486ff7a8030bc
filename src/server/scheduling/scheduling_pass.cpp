#include "server/scheduling/scheduling_pass.hpp"

#include "server/records/active_jobs.hpp"
#include "server/records/job_record.hpp"
#include "server/records/removal.hpp"
#include "server/scheduling/cluster_pass.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

std::string release_key(const std::string& run_id) { return "release/" + run_id; }

void ask_for_jobs(Transaction& transaction, PassResult& result) {
  for (const ActiveJob* job : transaction.active_jobs().to_act_on()) {
    if (job->stopping) {
      result.stop.push_back(job->run_id);
    } else {
      result.start.emplace_back(job->key, job->cluster);
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

std::vector<Document> chosen_clusters(Transaction& transaction, const Outcomes& outcomes, const PassOptions& options) {
  auto keys = transaction.active_jobs().take_changed_clusters();
  bool all = options.all_clusters;
  for (const auto& [run_id, outcome] : outcomes) {
    const ActiveJob* job = transaction.active_jobs().of_run(run_id);
    if (job != nullptr) {
      keys.insert(job->cluster);
    } else {
      all = true;  // a setup task, and its node may be anywhere
    }
  }
  for (const auto& [run_id, progress] : options.progress) {
    if (const ActiveJob* job = transaction.active_jobs().of_run(run_id)) {
      keys.insert(job->cluster);
    }
  }
  if (all) {
    return transaction.list("cluster");
  }
  keys.insert(options.due.begin(), options.due.end());
  std::vector<Document> clusters;
  for (const auto& key : keys) {
    if (auto cluster = transaction.get(key)) {
      clusters.push_back(std::move(*cluster));
    }
  }
  std::sort(clusters.begin(), clusters.end(),
            [](const Document& a, const Document& b) { return a.sequence < b.sequence; });
  return clusters;
}

}  // namespace

void finish_job(Transaction& transaction, ClusterRecord& cluster, JobRecord& job, const std::string& run_id,
                Timestamp now, NodesAfterJob nodes) {
  if (nodes == NodesAfterJob::Lost) {
    cluster.lose_nodes_of(job.key());
  } else {
    cluster.free_nodes_of(job.key(), now);
  }
  note_release(transaction, run_id);
  if (job.deleting()) {
    erase_job(transaction, job, now);
    return;
  }
  if (job.ended()) {
    end_job_operations(transaction, job, now);
  }
  job.save(transaction);
}

void note_release(Transaction& transaction, const std::string& run_id) {
  transaction.put({.key = release_key(run_id), .kind = "release", .body = {{"run", run_id}}});
}

void forget_released(Transaction& transaction, const std::string& run_id) { transaction.erase(release_key(run_id)); }

std::vector<std::string> awaited_runs(Transaction& transaction) {
  std::vector<std::string> runs;
  for (const ActiveJob* job : transaction.active_jobs().on_nodes()) {
    if (job->handed_over || job->stopping) {
      runs.push_back(job->run_id);
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
  for (const auto& key : options.due) {
    result.look_again[key];  // it may be gone
  }
  for (auto& cluster : chosen_clusters(transaction, outcomes, options)) {
    ClusterPass pass(transaction, std::move(cluster), now, options);
    result.look_again[pass.cluster().key()] = pass.run(outcomes);
    ask_for_nodes(pass.cluster(), result);
    result.more = result.more || pass.more();
  }
  result.more = finish_removals(transaction, now) || result.more;
  ask_for_jobs(transaction, result);
  result.retire = retired_nodes(transaction);
  for (const auto& release : transaction.list("release")) {
    result.release.push_back(text_at(release.body, "run"));
  }
#ifndef NDEBUG
  check_active_jobs(transaction);
#endif
  return result;
}

}  // namespace batchai::server
