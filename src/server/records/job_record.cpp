#include "server/records/job_record.hpp"

#include "server/records/operations.hpp"
#include "server/records/request_body.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace batchai::server {

namespace {

using nlohmann::json;
using Kind = RunOutcome::Kind;

constexpr std::array<std::pair<StopReason, std::string_view>, 5> kReasons = {
    {{StopReason::None, ""},
     {StopReason::Requeue, "requeue"},
     {StopReason::NodeRemoved, "nodeRemoved"},
     {StopReason::ClusterDeleted, "clusterDeleted"},
     {StopReason::Terminated, "terminated"}}};

// How often a job whose run was lost is started again. If a run keeps getting lost, the cause is the job (it takes the
// machine down) rather than the machine.
constexpr int kMaximumRestarts = 5;

BatchAiError start_error(const std::string& message) {
  return {"JobStartFailed", message.empty() ? "The job could not be started" : message};
}

BatchAiError no_container_error(Document& job, const std::string& reason) {
  const auto image = properties(job).value(json::json_pointer("/containerSettings/imageSourceRegistry/image"), "");
  return {"FailedStartingContainer", "unable to start docker container: " + reason, {{"imageName", image}}};
}

}  // namespace

JobRecord::JobRecord(Document stored) : before_(stored), document_(std::move(stored)) {}

bool JobRecord::on_nodes() const {
  const auto shown = state();
  return shown == ExecutionState::kRunning || shown == ExecutionState::kTerminating ||
         (shown == ExecutionState::kQueued && !run_id().empty());
}

bool JobRecord::ended() const { return !queued() && !on_nodes(); }

StopReason JobRecord::stop_reason() const {
  const std::string name = text_at(document_.hidden, "stop");
  return std::find_if(kReasons.begin(), kReasons.end(), [&](const auto& entry) { return entry.second == name; })->first;
}

std::vector<std::string> JobRecord::node_ids() const {
  return document_.hidden.value("nodes", std::vector<std::string>{});
}

void JobRecord::begin(const std::vector<std::string>& nodes, const std::string& run_id, Timestamp now, bool waits) {
  if (!waits) {
    set_state(document_, "executionState", ExecutionState::kRunning, now);
    properties(document_)["executionInfo"] = {{"startTime", format_iso8601(now)}};
  }
  document_.hidden["nodes"] = nodes;
  document_.hidden["runId"] = run_id;
  document_.hidden["handedOver"] = false;
  document_.hidden["started"] = to_ticks(now);
}

void JobRecord::note_progress(const RunProgress& progress, Timestamp now) {
  if (stop_reason() != StopReason::None || !on_nodes()) {
    return;
  }
  auto& shown = properties(document_);
  if (progress.waits) {
    set_state(document_, "executionState", ExecutionState::kQueued, now);
    // `ReqNodeNotAvail, UnavailableNodes:n[1-3]`
    const BatchAiError reason{progress.reason.substr(0, progress.reason.find_first_of(",: ")),
                              "The job waits for its nodes: " + progress.reason};
    if (reason.code.empty()) {
      shown.erase("executionInfo");
    } else {
      shown["executionInfo"] = {{"errors", json::array({model_json(reason)})}};
    }
    return;
  }
  const auto started = std::min(progress.started.value_or(now), now);
  set_state(document_, "executionState", ExecutionState::kRunning, started);
  shown["executionInfo"] = {{"startTime", format_iso8601(started)}};
}

void JobRecord::request_stop(StopReason reason, Timestamp now) {
  if (reason <= stop_reason()) {
    return;
  }
  const auto* entry =
      std::find_if(kReasons.begin(), kReasons.end(), [&](const auto& candidate) { return candidate.first == reason; });
  document_.hidden["stop"] = entry->second;
  set_state(document_, "executionState", ExecutionState::kTerminating, now);
}

void JobRecord::finish(std::string_view state, std::optional<int> exit_code, std::optional<BatchAiError> error,
                       Timestamp end) {
  set_state(document_, "executionState", state, end);
  auto& info = properties(document_)["executionInfo"];
  if (info.is_object()) {
    info.erase("errors");  // what it waited for
  }
  info["endTime"] = format_iso8601(end);
  if (!info.contains("startTime")) {
    // Clients expect both.
    info["startTime"] = info["endTime"];
  }
  if (exit_code) {
    info["exitCode"] = *exit_code;
  }
  if (error) {
    info["errors"] = json::array({model_json(*error)});
  }
  document_.hidden.erase("stop");
}

void JobRecord::fail(const BatchAiError& error, std::optional<int> exit_code, Timestamp now) {
  finish(ExecutionState::kFailed, exit_code, error, now);
}

void JobRecord::requeue(Timestamp now) {
  set_state(document_, "executionState", ExecutionState::kQueued, now);
  properties(document_).erase("executionInfo");
  for (const char* member : {"stop", "nodes", "runId", "handedOver", "started"}) {
    document_.hidden.erase(member);
  }
}

void JobRecord::requeue_unless_stopped(Timestamp end, Timestamp now) {
  if (stop_reason() > StopReason::Requeue) {
    fail(stop_error(stop_reason()), std::nullopt, end);
    return;
  }
  requeue(now);
}

void JobRecord::apply_stopped(Timestamp end, Timestamp now) {
  if (stop_reason() == StopReason::None) {
    // The service did not ask for it: the machine was shut down, which counts like a power cut.
    apply_lost(now);
    return;
  }
  requeue_unless_stopped(end, now);
}

void JobRecord::apply_lost(Timestamp now) {
  if (stop_reason() > StopReason::Requeue) {
    fail(stop_error(stop_reason()), std::nullopt, now);
    return;
  }
  const int losses = document_.hidden.value("losses", 0) + 1;
  document_.hidden["losses"] = losses;
  if (losses > kMaximumRestarts) {
    fail({"JobLost", "The job was lost with its node " + std::to_string(losses) + " times"}, std::nullopt, now);
    return;
  }
  requeue(now);
}

void JobRecord::apply(const RunOutcome& outcome, Timestamp now) {
  // A run may have ended while the service was down, so its own time is used, within what was shown so far.
  const Timestamp end = std::clamp(outcome.ended, std::min(from_ticks(document_.hidden.at("started")), now), now);
  if (state() == ExecutionState::kQueued && outcome.started) {
    note_progress({.started = std::min(*outcome.started, end)}, now);
  }
  switch (outcome.kind) {
    case Kind::Exited:
      if (outcome.exit_code.value_or(0) == 0) {
        finish(ExecutionState::kSucceeded, 0, std::nullopt, end);
      } else {
        fail({"JobFailed", "Job failed with non-zero exit code"}, outcome.exit_code, end);
      }
      return;
    case Kind::PreparationFailed:
      fail({"JobPreparationFailed", "Job preparation task failed with non-zero exit code"}, outcome.exit_code, end);
      return;
    case Kind::NotStarted:
      fail(start_error(outcome.message), outcome.exit_code.value_or(1), end);
      return;
    case Kind::NoContainer:
      fail(no_container_error(document_, outcome.message), outcome.exit_code.value_or(1), end);
      return;
    case Kind::TimedOut:
      fail({"JobTimeout", "The job was stopped because it ran longer than its maxWallClockTime"}, outcome.exit_code,
           end);
      return;
    case Kind::OverLimit:
      fail({"JobLimitExceeded", outcome.message}, outcome.exit_code, end);
      return;
    case Kind::Stopped:
      apply_stopped(end, now);
      return;
    case Kind::Cancelled:
      if (stop_reason() == StopReason::None) {
        fail({"JobTerminated", outcome.message}, outcome.exit_code, end);
      } else {
        requeue_unless_stopped(end, now);
      }
      return;
    case Kind::Lost:
      apply_lost(now);
      return;
    case Kind::Busy:
      requeue_unless_stopped(end, now);
      return;
  }
}

BatchAiError stop_error(StopReason reason) {
  switch (reason) {
    case StopReason::ClusterDeleted:
      return {"JobTerminated", "The job was terminated because its cluster was deleted"};
    case StopReason::NodeRemoved:
      return {"JobTerminated", "The job was terminated because its cluster was made smaller"};
    default:
      return {"JobTerminated", "The specified job has been terminated by the user"};
  }
}

void end_job_operations(Transaction& transaction, JobRecord& job, Timestamp now) {
  auto& hidden = job.document().hidden;
  for (const auto& operation : hidden.value("terminateOperations", json::array())) {
    succeed_operation(transaction, now, operation.get<std::string>());
  }
  hidden.erase("terminateOperations");
}

void end_job(Transaction& transaction, JobRecord& job, const BatchAiError& error, Timestamp now) {
  // A job that an older version was creating.
  complete_creation(transaction, job.document(), now);
  job.fail(error, std::nullopt, now);
  end_job_operations(transaction, job, now);
}

}  // namespace batchai::server
