#include "core/private_file.hpp"
#include "server/slurm/slurm_engine_state.hpp"
#include "server/slurm/slurm_outcome.hpp"
#include "server/supervisor/in_allocation.hpp"
#include "server/supervisor/run_folders.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;
using Kind = RunOutcome::Kind;
using SteadyClock = std::chrono::steady_clock;

/// Submitted before the queue is looked at again.
constexpr int kSubmissionsAtOnce = 50;
constexpr std::chrono::seconds kStopAgain{5};
constexpr std::chrono::seconds kWaitForController{2};
/// Between two looks at the queue: so many times as long as one takes, but no longer than this.
constexpr int kPauseFactor = 10;
constexpr std::chrono::seconds kLongestPause{10};

}  // namespace

void SlurmEngine::State::work() {
  while (wait()) {
    try {
      round();
    } catch (const std::exception& error) {
      set_trouble(error.what());
    }
    announce();
  }
}

bool SlurmEngine::State::wait() {
  std::unique_lock lock(mutex_);
  const auto wanted = [&] {
    return ending_ || announce_ || ((!to_submit_.empty() || stops_) && SteadyClock::now() >= try_again_);
  };
  const bool active = std::ranges::any_of(runs_, [](const auto& entry) { return !entry.second.outcome; });
  auto until = std::max(last_look_ + (active ? pause_ : options_.idle_interval), try_again_);
  if (!to_submit_.empty() || stops_) {
    until = std::min(until, std::max(try_again_, SteadyClock::now()));
  }
  changed_.wait_until(lock, until, wanted);
  announce_ = false;
  return !ending_;
}

void SlurmEngine::State::round() {
  find_outcomes();
  stop_unsubmitted();
  if (SteadyClock::now() < try_again_) {
    return;
  }
  const bool look_now = is_time_to_look();
  if (look_now || !answers()) {
    if (auto trouble = client_.trouble()) {
      set_trouble(std::move(*trouble));
      return;
    }
  }
  submit_some();
  if (look_now) {
    look();
  }
  stop_some();
}

bool SlurmEngine::State::answers() const {
  const std::scoped_lock lock(mutex_);
  return !trouble_;
}

bool SlurmEngine::State::is_time_to_look() const {
  const std::scoped_lock lock(mutex_);
  const bool active = std::ranges::any_of(runs_, [](const auto& entry) { return !entry.second.outcome; });
  return SteadyClock::now() >= last_look_ + (active ? pause_ : options_.idle_interval);
}

void SlurmEngine::State::set_trouble(std::string text) {
  const std::scoped_lock lock(mutex_);
  trouble_ = std::move(text);
  try_again_ = SteadyClock::now() + kWaitForController;
}

void SlurmEngine::State::submit_some() {
  for (int count = 0; count < kSubmissionsAtOnce; ++count) {
    std::optional<SlurmRequest> request;
    {
      const std::scoped_lock lock(mutex_);
      if (to_submit_.empty()) {
        return;
      }
      const auto found = runs_.find(to_submit_.front());
      to_submit_.pop_front();
      if (found == runs_.end() || found->second.outcome || !found->second.job.empty()) {
        continue;
      }
      found->second.may_be_submitted = true;  // whatever happens now
      request = found->second.request;
    }
    if (request && !submit(*request)) {
      return;
    }
  }
}

bool SlurmEngine::State::submit(const SlurmRequest& request) {
  const auto submission =
      client_.submit(request, folder_of(request.run_id), options_.nodes->time_limit(request.node_kind));
  if (!submission.job.empty()) {
    const std::scoped_lock lock(mutex_);
    take_job(request.run_id, runs_.at(request.run_id), submission.job);
    return true;
  }
  if (submission.refused) {
    close(request.run_id, {.kind = Kind::NotStarted, .message = "Slurm does not take the job: " + submission.message});
    return true;
  }
  set_trouble("sbatch failed: " + submission.message);
  return false;
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

void SlurmEngine::State::look() {
  const auto began = SteadyClock::now();
  const auto queue = client_.queue();
  if (!queue) {
    set_trouble("squeue failed");
    return;
  }
  auto nodes = client_.nodes();
  {
    const std::scoped_lock lock(mutex_);
    last_look_ = SteadyClock::now();
    pause_ = std::clamp<SteadyClock::duration>((last_look_ - began) * kPauseFactor, options_.poll_interval,
                                               std::max<SteadyClock::duration>(options_.poll_interval, kLongestPause));
    trouble_.reset();
    if (nodes && options_.nodes->update(std::move(*nodes))) {
      progressed_.emplace("");
    }
  }
  apply(*queue);
}

void SlurmEngine::State::apply(const std::vector<QueuedJob>& queue) {
  std::vector<std::string> surplus;
  std::vector<std::string> ended;
  std::vector<std::pair<std::string, std::string>> lost;
  {
    const std::scoped_lock lock(mutex_);
    std::set<std::string> seen;
    for (const auto& job : queue) {
      const auto found = runs_.find(run_of(job.comment));
      if (found == runs_.end() || found->second.outcome) {
        continue;
      }
      auto& [run_id, run] = *found;
      if (run.job.empty() && run.may_be_submitted) {
        take_job(run_id, run, job.id);
      }
      if (run.job != job.id) {
        if (!run.job.empty() && !has_ended(job.state)) {
          surplus.push_back(job.id);
        }
        continue;
      }
      seen.insert(run_id);
      if (has_ended(job.state)) {
        ended.push_back(run_id);
      } else if (is_lost(run_id, run, job)) {
        surplus.push_back(job.id);
        lost.emplace_back(run_id, "Slurm took the job from its nodes: " + job.reason);
      } else {
        note(run_id, run, job);
      }
    }
    for (auto& [run_id, run] : runs_) {
      if (!run.outcome && !seen.contains(run_id)) {
        run.job.empty() ? submit_unknown(run_id, run, lost) : ended.push_back(run_id);
      }
    }
  }
  client_.end(surplus);
  for (const auto& [run_id, message] : lost) {
    close(run_id, {.kind = Kind::Lost, .message = message});
  }
  for (const auto& run_id : ended) {
    finish(run_id);
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

void SlurmEngine::State::submit_unknown(const std::string& run_id, SlurmRun& run,
                                        std::vector<std::pair<std::string, std::string>>& lost) {
  if (!run.may_be_submitted) {
    return;  // it stands in the list already
  }
  run.may_be_submitted = false;
  if (run.request) {
    to_submit_.push_back(run_id);
  } else {
    lost.emplace_back(run_id, "the plan of the run is gone");
  }
}

bool SlurmEngine::State::is_lost(const std::string& run_id, SlurmRun& run, const QueuedJob& job) const {
  return !is_on_nodes(job.state) && (is_requeued(job.state) || has_begun_before(run_id, run) || is_given_up(job));
}

void SlurmEngine::State::note(const std::string& run_id, SlurmRun& run, const QueuedJob& job) {
  if (!is_on_nodes(job.state)) {
    set_progress(run_id, run, {.waits = true, .reason = job.reason});
    return;
  }
  run.may_have_begun = true;
  const bool ready = job.state != "CONFIGURING";
  set_progress(run_id, run, {.waits = !ready, .reason = ready ? "" : "Configuring"});
}

bool SlurmEngine::State::has_begun_before(const std::string& run_id, SlurmRun& run) const {
  if (!run.may_have_begun) {
    return false;
  }
  run.may_have_begun = records_of(run_id).read_supervisor().has_value();
  return run.may_have_begun;
}

bool SlurmEngine::State::is_given_up(const QueuedJob& job) {
  return job.reason.find("launch failed") != std::string::npos || job.reason == "JobHoldMaxRequeue";
}

void SlurmEngine::State::set_progress(const std::string& run_id, SlurmRun& run, RunProgress progress) {
  if (!progress.waits) {
    if (run.progress && !run.progress->waits && run.progress->started) {
      return;
    }
    const auto supervisor = records_of(run_id).read_supervisor();
    progress.started = supervisor ? std::optional(supervisor->started) : std::nullopt;
  }
  if (run.progress != progress) {
    run.progress = std::move(progress);
    progressed_.insert(run_id);
  }
}

void SlurmEngine::State::find_outcomes() {
  std::vector<std::string> ended;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [run_id, run] : runs_) {
      if (!run.outcome && run.may_have_begun) {
        ended.push_back(run_id);
      }
    }
  }
  for (const auto& run_id : ended) {
    const auto outcome = records_of(run_id).read_outcome();
    if (outcome && outcome->kind != Kind::Stopped) {
      end(run_id, *outcome);
    }
  }
}

void SlurmEngine::State::finish(const std::string& run_id) {
  SlurmRun run;
  {
    const std::scoped_lock lock(mutex_);
    run = runs_.at(run_id);
  }
  auto outcome = records_of(run_id).read_outcome();
  if (outcome && (outcome->kind != Kind::Stopped || run.stop_requested)) {
    end(run_id, std::move(*outcome));
    return;
  }
  const auto answer = client_.job(run.job);
  if (!answer.known || (answer.state && is_on_nodes(answer.state->state))) {
    return;
  }
  if (outcome) {
    end(run_id, answer.state ? outcome_of_stopped(std::move(*outcome), *answer.state) : std::move(*outcome));
    return;
  }
  if (may_still_show(run_id, run, answer.state) || (!answer.state && has_supervisor(run_id))) {
    return;
  }
  auto without = answer.state ? outcome_without_supervisor(*answer.state, folder_of(run_id), options_.supervisor)
                              : RunOutcome{.kind = Kind::Lost, .message = "Slurm does not know the job any more"};
  if (run.stop_requested && without.kind != Kind::NotStarted) {
    without.kind = Kind::Stopped;
  }
  close(run_id, std::move(without));
}

bool SlurmEngine::State::has_supervisor(const std::string& run_id) const {
  const auto records = records_of(run_id);
  try {
    return records.exist() && !records.try_lock();
  } catch (const std::exception&) {
    return true;
  }
}

bool SlurmEngine::State::may_still_show(const std::string& run_id, const SlurmRun& run,
                                        const std::optional<SlurmJobState>& state) {
  const bool by_itself = state && (state->state == "COMPLETED" || state->state == "FAILED") && state->signal == 0 &&
                         state->exit_code != kNoRunFolder && state->exit_code != kNoSupervisor;
  if (!by_itself) {
    return false;
  }
  const auto now = SteadyClock::now();
  const std::scoped_lock lock(mutex_);
  auto& known = runs_.at(run_id);
  known.ended_at = run.ended_at.value_or(now);
  return now < *known.ended_at + options_.outcome_delay;
}

void SlurmEngine::State::close(const std::string& run_id, RunOutcome outcome) {
  const auto records = records_of(run_id);
  outcome.ended = options_.clock->now();
  if (const auto supervisor = records.read_supervisor()) {
    outcome.started = supervisor->started;
    remove_mounts(supervisor->mounts);
  }
  std::error_code ignored;
  fs::remove(folder_of(run_id) / kPlanFile, ignored);
  try {
    records.write_outcome(outcome);
  } catch (const std::exception&) {
    // The next engine asks Slurm again.
  }
  end(run_id, std::move(outcome));
}

void SlurmEngine::State::end(const std::string& run_id, RunOutcome outcome) {
  const std::scoped_lock lock(mutex_);
  end(runs_.at(run_id), std::move(outcome));
}

void SlurmEngine::State::end(SlurmRun& run, RunOutcome outcome) {
  if (outcome.ended == Timestamp{}) {
    outcome.ended = options_.clock->now();
  }
  run.outcome = std::move(outcome);
}

void SlurmEngine::State::stop_some() {
  std::vector<std::string> stop;
  std::vector<std::string> kill;
  {
    const std::scoped_lock lock(mutex_);
    const auto now = SteadyClock::now();
    stops_ = false;
    for (auto& [run_id, run] : runs_) {
      if (run.outcome || !run.stop_requested || run.job.empty() || !run.stop_at || now < *run.stop_at) {
        continue;
      }
      run.stop_at = now + kStopAgain;
      (now < *run.kill_at ? stop : kill).push_back(run.job);
    }
  }
  if (!client_.stop(stop) || !client_.end(kill)) {
    set_trouble("scancel does not end");
  }
}

void SlurmEngine::State::announce() {
  std::function<void(const std::string&)> tell_end;
  std::function<void(const std::string&)> tell_progress;
  std::vector<std::string> ended;
  std::set<std::string> progressed;
  {
    const std::scoped_lock lock(mutex_);
    tell_end = ended_listener_;
    tell_progress = progress_listener_;
    progressed.swap(progressed_);
    for (auto& [run_id, run] : runs_) {
      if (tell_end && run.outcome && !std::exchange(run.announced, true)) {
        ended.push_back(run_id);
      }
    }
  }
  for (const auto& run_id : ended) {
    tell_end(run_id);
  }
  for (const auto& run_id : progressed) {
    if (tell_progress) {
      tell_progress(run_id);
    }
  }
}

}  // namespace batchai::server
