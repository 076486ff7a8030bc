#include "server/records/removal.hpp"

#include "server/records/active_jobs.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/job_record.hpp"
#include "server/records/operations.hpp"
#include "server/records/record.hpp"

namespace batchai::server {

namespace {

constexpr std::string_view kMarker = "removal";

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

bool finish_one(Transaction& transaction, const std::string& key, Timestamp now) {
  const auto document = transaction.get(key);
  if (document && !is_empty(transaction, *document)) {
    return false;
  }
  if (document) {
    erase_deleted(transaction, *document, now);
  }
  transaction.erase(marker_key(key));
  return true;
}

void stop_jobs_of(Transaction& transaction, const std::string& cluster, Timestamp now) {
  for (const auto sequence : transaction.active_jobs().all(cluster)) {
    JobRecord job(transaction.get(sequence).value());
    if (job.queued()) {
      end_job(transaction, job, stop_error(StopReason::ClusterDeleted), now);
    } else {
      job.request_stop(StopReason::ClusterDeleted, now);
    }
    job.save(transaction);
  }
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

void remove_cluster(Transaction& transaction, const Document& cluster, std::string_view operation, Timestamp now) {
  stop_jobs_of(transaction, cluster.key, now);
  mark(transaction, cluster, operation, now);
  finish_one(transaction, cluster.key, now);
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
  for (const auto& job : transaction.list("job", experiment.key)) {
    remove_job(transaction, job, "", now);
  }
  mark(transaction, experiment, operation, now);
  finish_one(transaction, experiment.key, now);
}

void remove_workspace(Transaction& transaction, const Document& workspace, std::string_view operation, Timestamp now) {
  for (const auto& experiment : transaction.list("experiment", workspace.key)) {
    remove_experiment(transaction, experiment, "", now);
  }
  for (const auto& cluster : transaction.list("cluster", workspace.key)) {
    remove_cluster(transaction, cluster, "", now);
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

void finish_removals(Transaction& transaction, Timestamp now) {
  // Workspaces are marked after their contents, so one pass from the first to the last is enough.
  for (const auto& marker : transaction.list(kMarker)) {
    finish_one(transaction, text_at(marker.body, "key"), now);
  }
}

}  // namespace batchai::server
