#include "server/records/removal.hpp"

#include "server/records/active_jobs.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/job_record.hpp"
#include "server/records/operations.hpp"
#include "server/records/record.hpp"

namespace batchai::server {

namespace {

constexpr std::string_view kMarker = "removal";
// Jobs of experiments and clusters that are removed or stopped in one transaction: others wait for its end.
constexpr std::size_t kMostAtOnce = 1000;

std::string marker_key(const std::string& key) { return "removal/" + key; }

void mark(Transaction& transaction, Document document, std::string_view operation, Timestamp now) {
  cancel_create(transaction, document, now);
  mark_deleting(document, now, operation);
  transaction.put(document);
  transaction.put({.key = marker_key(document.key), .kind = std::string(kMarker), .body = {{"key", document.key}}});
}

bool has_children(Transaction& transaction, std::string_view kind, const std::string& parent) {
  return !transaction.list(kind, parent, 0, 1).empty();
}

bool is_empty(Transaction& transaction, const Document& document) {
  if (document.kind == "workspace") {
    return !has_children(transaction, "cluster", document.key) &&
           !has_children(transaction, "fileServer", document.key) &&
           !has_children(transaction, "experiment", document.key);
  }
  if (document.kind == "experiment") {
    return !has_children(transaction, "job", document.key);
  }
  const auto nodes = document.hidden.value("nodes", nlohmann::json::array());
  return nodes.empty() && !has_children(transaction, "retiredNode", document.key) &&
         transaction.count_active_jobs(document.key) == 0;
}

/// Removes jobs of an experiment that is being deleted, `budget` at the most, which becomes less by as many.
void remove_jobs_of(Transaction& transaction, const std::string& experiment, Timestamp now, std::size_t& budget) {
  std::int64_t after = 0;
  while (budget > 0) {
    const auto page = transaction.list_texts("job", experiment, after, kMostAtOnce);
    for (const auto& job : page) {
      after = job.sequence;
      if (budget == 0 || transaction.state(job.key).value().state == ProvisioningState::kDeleting) {
        continue;  // the latter is removed when its run has ended
      }
      // Nothing waits for the end of a job that has ended or has not been started: it need not be read.
      if (transaction.active_jobs().is_busy(job.sequence)) {
        remove_job(transaction, transaction.get(job.key).value(), "", now);
      } else {
        transaction.erase(job.key);
      }
      --budget;
    }
    if (page.size() < kMostAtOnce) {
      return;
    }
  }
}

/// Whether it is gone.
bool finish_one(Transaction& transaction, const std::string& key, Timestamp now) {
  const auto document = transaction.get(key);
  if (document && !is_empty(transaction, *document)) {
    return false;
  }
  if (document) {
    retire_machines(transaction, *document);
    erase_deleted(transaction, *document, now);
  }
  transaction.erase(marker_key(key));
  return true;
}

/// Whether there may be more to stop; `budget` as in remove_jobs_of.
bool stop_jobs(Transaction& transaction, const std::string& cluster, Timestamp now, std::size_t& budget) {
  for (const auto sequence : transaction.active_jobs().all(cluster)) {
    if (budget == 0) {
      return true;
    }
    JobRecord job(transaction.get(sequence).value());
    if (job.queued()) {
      --budget;
      end_job(transaction, job, stop_error(StopReason::ClusterDeleted), now);
    } else {
      job.request_stop(StopReason::ClusterDeleted, now);
    }
    job.save(transaction);
  }
  return false;
}

void remove_cluster(Transaction& transaction, const Document& cluster, std::string_view operation, Timestamp now,
                    std::size_t& budget) {
  stop_jobs(transaction, cluster.key, now, budget);
  mark(transaction, cluster, operation, now);
  finish_one(transaction, cluster.key, now);
}

void remove_experiment(Transaction& transaction, const Document& experiment, std::string_view operation, Timestamp now,
                       std::size_t& budget) {
  remove_jobs_of(transaction, experiment.key, now, budget);
  mark(transaction, experiment, operation, now);
  finish_one(transaction, experiment.key, now);
}

}  // namespace

void remove_job(Transaction& transaction, const Document& document, std::string_view operation, Timestamp now) {
  JobRecord job(document);
  cancel_create(transaction, job.document(), now);
  mark_deleting(job.document(), now, operation);
  if (!job.on_nodes()) {
    erase_job(transaction, job, now);
    return;
  }
  job.request_stop(StopReason::Terminated, now);
  job.save(transaction);
}

void erase_job(Transaction& transaction, JobRecord& job, Timestamp now) {
  end_job_operations(transaction, job, now);
  erase_deleted(transaction, job.document(), now);
}

bool stop_jobs_of(Transaction& transaction, const std::string& cluster, Timestamp now) {
  std::size_t budget = kMostAtOnce;
  return stop_jobs(transaction, cluster, now, budget);
}

void remove_cluster(Transaction& transaction, const Document& cluster, std::string_view operation, Timestamp now) {
  std::size_t budget = kMostAtOnce;
  remove_cluster(transaction, cluster, operation, now, budget);
}

void remove_file_server(Transaction& transaction, const Document& file_server, std::string_view operation,
                        Timestamp now) {
  Document document = file_server;
  cancel_create(transaction, document, now);
  mark_deleting(document, now, operation);
  transaction.put(document);
}

void remove_experiment(Transaction& transaction, const Document& experiment, std::string_view operation,
                       Timestamp now) {
  std::size_t budget = kMostAtOnce;
  remove_experiment(transaction, experiment, operation, now, budget);
}

void remove_workspace(Transaction& transaction, const Document& workspace, std::string_view operation, Timestamp now) {
  std::size_t budget = kMostAtOnce;
  for (const auto& experiment : transaction.list("experiment", workspace.key)) {
    remove_experiment(transaction, experiment, "", now, budget);
  }
  for (const auto& cluster : transaction.list("cluster", workspace.key)) {
    remove_cluster(transaction, cluster, "", now, budget);
  }
  for (const auto& file_server : transaction.list("fileServer", workspace.key)) {
    remove_file_server(transaction, file_server, "", now);
  }
  mark(transaction, workspace, operation, now);
  finish_one(transaction, workspace.key, now);
}

bool remove_workspaces_of(Transaction& transaction, const std::string& group_key, Timestamp now) {
  for (const auto& workspace : transaction.list("workspace", group_key)) {
    if (!is_deleting(workspace)) {
      remove_workspace(transaction, workspace, "", now);
    }
  }
  return !has_children(transaction, "workspace", group_key);
}

bool finish_removals(Transaction& transaction, Timestamp now) {
  std::size_t budget = kMostAtOnce;
  // Workspaces are marked after their contents, so one pass from the first to the last is enough.
  for (const auto& marker : transaction.list(kMarker)) {
    const std::string key = text_at(marker.body, "key");
    const auto document = transaction.get(key);
    if (document && document->kind == "experiment") {
      remove_jobs_of(transaction, key, now, budget);
    }
    finish_one(transaction, key, now);
  }
  return budget < kMostAtOnce;
}

}  // namespace batchai::server
