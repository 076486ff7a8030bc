#include "core/private_file.hpp"
#include "server/slurm/slurm_engine_state.hpp"

#include <future>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;
using Kind = RunOutcome::Kind;
using SteadyClock = std::chrono::steady_clock;

/// Submitted before the queue is looked at again.
constexpr std::size_t kSubmissionsAtOnce = 48;
/// Each is a call of sbatch, which mostly waits for the controller.
constexpr std::size_t kSideBySide = 4;
/// Before what sbatch says, as the reason why a run waits.
constexpr const char* kNotSubmitted = "NotSubmitted: ";

}  // namespace

void SlurmEngine::State::submit_some() {
  std::map<std::string, std::string> refused;
  for (std::size_t count = 0; count < kSubmissionsAtOnce; count += kSideBySide) {
    const auto requests = next_requests(refused);
    if (requests.empty() || !submit(requests, refused)) {
      return;
    }
  }
}

std::vector<SlurmRequest> SlurmEngine::State::next_requests(const std::map<std::string, std::string>& refused) {
  const std::scoped_lock lock(mutex_);
  std::vector<SlurmRequest> requests;
  while (requests.size() < kSideBySide) {
    auto request = next_request(refused);
    if (!request) {
      break;
    }
    requests.push_back(std::move(*request));
  }
  return requests;
}

std::optional<SlurmRequest> SlurmEngine::State::next_request(const std::map<std::string, std::string>& refused) {
  while (!to_submit_.empty() && !ending_) {
    const auto found = runs_.find(to_submit_.front());
    to_submit_.pop_front();
    if (found == runs_.end() || found->second.outcome || !found->second.job.empty() || !found->second.request) {
      continue;
    }
    auto& [run_id, run] = *found;
    if (const auto reason = refused.find(run.request->node_kind); reason != refused.end()) {
      postpone(run_id, run, reason->second);
      continue;
    }
    run.tried = true;
    run.may_be_submitted = true;  // whatever happens now
    last_change_ = SteadyClock::now();
    return run.request;
  }
  return std::nullopt;
}

void SlurmEngine::State::postpone(const std::string& run_id, SlurmRun& run, const std::string& message) {
  run.may_be_submitted = false;
  run.submit_at = SteadyClock::now() + options_.submit_again;
  set_progress(run_id, run, {.waits = true, .reason = std::string(kNotSubmitted) + message});
}

void SlurmEngine::State::submit_postponed() {
  const auto now = SteadyClock::now();
  for (auto& [run_id, run] : runs_) {
    if (run.submit_at && now >= *run.submit_at) {
      run.submit_at.reset();
      to_submit_.push_back(run_id);
    }
  }
}

bool SlurmEngine::State::submit(const std::vector<SlurmRequest>& requests,
                                std::map<std::string, std::string>& refused) {
  std::vector<std::future<SlurmClient::Submission>> submissions;
  for (const auto& request : requests) {
    // One after the other where there can be no more threads.
    submissions.push_back(std::async(std::launch::async | std::launch::deferred, [this, &request] {
      return client_.submit(request, folder_of(request.run_id), options_.nodes->time_limit(request.node_kind));
    }));
  }
  bool goes_on = true;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    goes_on = note_submission(requests[i], submissions[i].get(), refused) && goes_on;
  }
  if (goes_on) {
    clear_trouble(kSubmissions);
  }
  return goes_on;
}

bool SlurmEngine::State::note_submission(const SlurmRequest& request, const SlurmClient::Submission& submission,
                                         std::map<std::string, std::string>& refused) {
  if (submission.refused) {
    close(request.run_id, {.kind = Kind::NotStarted, .message = "Slurm does not take the job: " + submission.message});
    return true;
  }
  const bool unknown = submission.job.empty() && !submission.later;
  if (unknown) {
    set_trouble(kSubmissions, "sbatch failed: " + submission.message);
  }
  const std::scoped_lock lock(mutex_);
  auto& run = runs_.at(request.run_id);
  if (submission.later) {
    refused.emplace(request.node_kind, submission.message);
    postpone(request.run_id, run, submission.message);
  } else if (unknown) {
    set_progress(request.run_id, run, {.waits = true, .reason = std::string(kNotSubmitted) + submission.message});
  } else {
    take_job(request.run_id, run, submission.job);
  }
  return !unknown;
}

void SlurmEngine::State::stop_unsubmitted() {
  std::vector<std::string> stopped;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [run_id, run] : runs_) {
      if (run.stop_requested && !run.outcome && run.job.empty() && !run.may_be_submitted) {
        stopped.push_back(run_id);
      }
    }
  }
  for (const auto& run_id : stopped) {
    close(run_id, {.kind = Kind::Stopped, .message = "stopped on request before it began"});
  }
}

void SlurmEngine::State::take_job(const std::string& run_id, SlurmRun& run, const std::string& job) const {
  run.job = job;
  run.may_be_submitted = false;
  try {
    make_private_file(folder_of(run_id) / kJobFile, job);
  } catch (const std::exception&) {
    // The next engine finds the job by its comment.
    std::error_code ignored;
    fs::remove(folder_of(run_id) / kJobFile, ignored);
  }
}

void SlurmEngine::State::submit_unknown(const std::string& run_id, SlurmRun& run, Changes& changes) {
  if (!run.may_be_submitted) {
    return;  // it stands in the list already
  }
  run.may_be_submitted = false;
  if (run.request) {
    to_submit_.push_back(run_id);
  } else {
    changes.lost.emplace_back(run_id, "the plan of the run is gone");
  }
}

}  // namespace batchai::server
