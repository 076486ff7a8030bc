#pragma once

#include "batchai/models/job.hpp"
#include "server/records/record.hpp"
#include "server/run/engine.hpp"

#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// Why a running job is being stopped.
enum class StopReason { None, Requeue, NodeRemoved, ClusterDeleted, Terminated };

/// A stored job. Hidden members: `parameters` (create parameters with secrets), `uuid`, `cluster` (key), `runId`,
/// `handedOver`, `nodes` (ids), `stop`, `losses`, `createOperation`, `terminateOperations`, `deleteOperations`.
///
/// Runs are crash-safe in this order: state running and runId are stored; the engine is given the run; `handedOver` is
/// stored. Until that last write a restart hands the run over again, and an engine that knows it does nothing.
class JobRecord {
 public:
  explicit JobRecord(Document stored);

  const Document& document() const noexcept { return document_; }
  Document& document() noexcept { return document_; }
  const std::string& key() const noexcept { return document_.key; }
  std::string state() const { return text_at(properties(document_), "executionState"); }
  /// It has no run.
  bool queued() const { return state() == ExecutionState::kQueued && run_id().empty(); }
  /// It has nodes and a run: running or terminating, or shown as queued while its run waits in the engine.
  bool on_nodes() const;
  bool ended() const;
  bool deleting() const { return is_deleting(document_); }
  std::string cluster() const { return text_at(document_.hidden, "cluster"); }
  std::string run_id() const { return text_at(document_.hidden, "runId"); }
  bool handed_over() const { return document_.hidden.value("handedOver", false); }
  StopReason stop_reason() const;
  std::vector<std::string> node_ids() const;

  /// Queued to running, on these nodes, as run `run_id`. With `waits` it is shown as queued until note_progress() says
  /// that the run has begun.
  void begin(const std::vector<std::string>& nodes, const std::string& run_id, Timestamp now, bool waits = false);
  /// How its run stands. What the run waits for is shown among the errors of a job, as its only one.
  void note_progress(const RunProgress& progress, Timestamp now);
  void mark_handed_over() { document_.hidden["handedOver"] = true; }
  /// Running to terminating. A later one in the order of StopReason replaces an earlier one.
  void request_stop(StopReason reason, Timestamp now);
  /// Ends or requeues a job on nodes according to the outcome of its run.
  void apply(const RunOutcome& outcome, Timestamp now);
  /// Ends it without a run, or with one that could not be started.
  void fail(const BatchAiError& error, std::optional<int> exit_code, Timestamp now);

  void save(Transaction& transaction) { put_if_changed(transaction, before_, document_); }

 private:
  void finish(std::string_view state, std::optional<int> exit_code, std::optional<BatchAiError> error, Timestamp end);
  void requeue(Timestamp now);
  void requeue_unless_stopped(Timestamp end, Timestamp now);
  void apply_stopped(Timestamp end, Timestamp now);
  void apply_lost(Timestamp now);

  Document before_;
  Document document_;
};

/// Error of a job that was stopped for `reason`.
BatchAiError stop_error(StopReason reason);

/// Fails a job that has no run, and ends the operations that wait for it. To be saved by the caller.
void end_job(Transaction& transaction, JobRecord& job, const BatchAiError& error, Timestamp now);

/// Ends the operations that wait for the job to end.
void end_job_operations(Transaction& transaction, JobRecord& job, Timestamp now);

}  // namespace batchai::server
