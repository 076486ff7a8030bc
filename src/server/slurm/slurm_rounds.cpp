#include "server/slurm/slurm_engine_state.hpp"
#include "server/slurm/slurm_outcome.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace batchai::server {

namespace {

using Kind = RunOutcome::Kind;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStopAgain{5};
constexpr std::chrono::seconds kWaitForController{2};
/// Causes of trouble besides those of slurm_engine_state.hpp.
constexpr const char* kEngine = "engine";
constexpr const char* kQueue = "squeue";
constexpr const char* kNodes = "sinfo";
constexpr const char* kCancellations = "scancel";
/// Between two looks at the queue: so many times as long as one takes, but no longer than this.
constexpr int kPauseFactor = 4;
constexpr std::chrono::seconds kLongestPause{10};

/// Of all jobs of a run: one that is on nodes, or the one that is known, or one that waits, the first of these.
const QueuedJob& job_to_keep(const std::vector<const QueuedJob*>& jobs, const std::string& known) {
  return **std::ranges::min_element(jobs, {}, [&](const QueuedJob* job) {
    return std::tuple(!is_on_nodes(job->state), job->id != known, has_ended(job->state), job->id.size(), job->id);
  });
}

}  // namespace

void SlurmEngine::State::work() {
  while (wait()) {
    try {
      round();
      clear_trouble(kEngine);
    } catch (const std::exception& error) {
      set_trouble(kEngine, error.what());
    }
    announce();
    report_trouble();
  }
}

bool SlurmEngine::State::wait() {
  std::unique_lock lock(mutex_);
  const auto wanted = [&] {
    return ending_ || announce_ || ((!to_submit_.empty() || stops_) && SteadyClock::now() >= try_again_);
  };
  const bool active = std::ranges::any_of(runs_, [](const auto& entry) { return !entry.second.outcome; });
  auto until = std::max(last_look_ + (active ? pause_ : options_.idle_interval), try_again_);
  if (active) {  // outcomes are there without Slurm's answers
    until = std::min(until, SteadyClock::now() + outcome_pause());
  }
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
      set_trouble(kController, std::move(*trouble));
      return;
    }
    clear_trouble(kController);
  }
  if (look_now) {
    look();
  }
  // What is submitted again has just been looked for, and the longest times of the partitions are known.
  if (options_.nodes->are_known()) {
    submit_some();
  }
  stop_some();
}

bool SlurmEngine::State::answers() const {
  const std::scoped_lock lock(mutex_);
  return troubles_.empty();
}

bool SlurmEngine::State::is_time_to_look() const {
  const std::scoped_lock lock(mutex_);
  const bool active = std::ranges::any_of(runs_, [](const auto& entry) { return !entry.second.outcome; });
  return !options_.nodes->are_known() || SteadyClock::now() >= last_look_ + (active ? pause_ : options_.idle_interval);
}

void SlurmEngine::State::set_trouble(const std::string& cause, std::string text) {
  const std::scoped_lock lock(mutex_);
  troubles_[cause] = std::move(text);
  try_again_ = SteadyClock::now() + kWaitForController;
}

void SlurmEngine::State::clear_trouble(const std::string& cause) {
  const std::scoped_lock lock(mutex_);
  troubles_.erase(cause);
}

void SlurmEngine::State::report_trouble() {
  auto now = trouble();
  if (now != reported_) {
    options_.report(now ? "Jobs cannot be given to Slurm as they should: " + *now : "Slurm takes jobs");
    reported_ = std::move(now);
  }
}

void SlurmEngine::State::look() {
  const auto began = SteadyClock::now();
  auto queue = client_.queue();
  if (!queue.value) {
    set_trouble(kQueue, std::move(queue.trouble));
    return;
  }
  clear_trouble(kQueue);
  look_at_nodes();
  {
    const std::scoped_lock lock(mutex_);
    last_look_ = SteadyClock::now();
    pause_ = std::clamp<SteadyClock::duration>((last_look_ - began) * kPauseFactor, options_.poll_interval,
                                               std::max<SteadyClock::duration>(options_.poll_interval, kLongestPause));
  }
  apply(*queue.value);
  const std::scoped_lock lock(mutex_);
  submit_postponed();
  if (std::ranges::none_of(runs_, [](const auto& run) { return run.second.job.empty() && !run.second.outcome; })) {
    troubles_.erase(kSubmissions);
  }
}

void SlurmEngine::State::look_at_nodes() {
  auto nodes = client_.nodes();
  if (!nodes.value) {
    set_trouble(kNodes, std::move(nodes.trouble));
    return;
  }
  clear_trouble(kNodes);
  if (options_.nodes->update(std::move(*nodes.value))) {
    const std::scoped_lock lock(mutex_);
    progressed_.emplace("");
  }
}

/// By the name of the run in the comment, and by its number where somebody has changed that.
SlurmEngine::State::JobsOfRuns SlurmEngine::State::jobs_of_runs(const std::vector<QueuedJob>& queue) const {
  std::map<std::string_view, std::string_view> by_number;
  for (const auto& [run_id, run] : runs_) {
    if (!run.outcome && !run.job.empty()) {
      by_number.emplace(run.job, run_id);
    }
  }
  JobsOfRuns result;
  for (const auto& job : queue) {
    auto run_id = run_of(job.comment);
    if (const auto known = by_number.find(job.id); run_id.empty() && known != by_number.end()) {
      run_id = known->second;
    }
    const auto found = runs_.find(run_id);
    if (found != runs_.end() && !found->second.outcome && found->second.tried) {
      result[run_id].push_back(&job);
    }
  }
  return result;
}

void SlurmEngine::State::apply(const std::vector<QueuedJob>& queue) {
  Changes changes;
  {
    const std::scoped_lock lock(mutex_);
    const auto seen = jobs_of_runs(queue);
    for (const auto& [run_id, jobs] : seen) {
      apply(run_id, runs_.at(run_id), jobs, changes);
    }
    for (auto& [run_id, run] : runs_) {
      if (!run.outcome && !seen.contains(run_id)) {
        run.job.empty() ? submit_unknown(run_id, run, changes) : changes.ended.push_back(run_id);
      }
    }
  }
  client_.end(changes.surplus);
  for (const auto& [run_id, message] : changes.lost) {
    close(run_id, {.kind = Kind::Lost, .message = message});
  }
  for (const auto& run_id : changes.ended) {
    if (!finish(run_id)) {
      return;
    }
  }
  clear_trouble(kEndings);
}

void SlurmEngine::State::apply(const std::string& run_id, SlurmRun& run, const std::vector<const QueuedJob*>& jobs,
                               Changes& changes) {
  const auto& job = job_to_keep(jobs, run.job);
  for (const auto* other : jobs) {
    if (other != &job && !has_ended(other->state)) {
      changes.surplus.push_back(other->id);
    }
  }
  if (run.job != job.id) {
    take_job(run_id, run, job.id);
  }
  const bool ended = has_ended(job.state);
  if (!ended || (run.verdict && !*run.verdict)) {
    run.verdict.reset();  // there is more to know than when it was asked for
  }
  if (ended) {
    changes.ended.push_back(run_id);
    return;
  }
  if (is_lost(run_id, run, job)) {
    changes.surplus.push_back(job.id);
    changes.lost.emplace_back(run_id, "Slurm took the job from its nodes: " + job.reason);
  } else {
    note(run_id, run, job);
  }
}

bool SlurmEngine::State::is_lost(const std::string& run_id, SlurmRun& run, const QueuedJob& job) const {
  if (is_on_nodes(job.state)) {
    return false;
  }
  // It may have begun and been put back between two looks: a job that is new has no time to wait for.
  run.may_have_begun = run.may_have_begun || job.reason == "BeginTime";
  return is_requeued(job.state) || has_begun_before(run_id, run) || is_given_up(job);
}

void SlurmEngine::State::note(const std::string& run_id, SlurmRun& run, const QueuedJob& job) {
  if (!is_on_nodes(job.state)) {
    run.takes_signals = true;
    set_progress(run_id, run, {.waits = true, .reason = job.reason == "None" ? "" : job.reason});
    return;
  }
  run.may_have_begun = true;
  run.takes_signals = job.state != "CONFIGURING" && job.state != "SUSPENDED";
  const bool ready = job.state != "CONFIGURING";
  set_progress(run_id, run, {.waits = !ready, .reason = ready ? "" : "Configuring"});
}

bool SlurmEngine::State::has_begun_before(const std::string& run_id, SlurmRun& run) const {
  if (run.may_have_begun) {
    run.may_have_begun = supervisor_of(run_id).has_value();
  }
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
    const auto supervisor = supervisor_of(run_id);
    progress.started = supervisor ? std::optional(supervisor->started) : std::nullopt;
  }
  if (run.progress != progress) {
    run.progress = std::move(progress);
    progressed_.insert(run_id);
    last_change_ = SteadyClock::now();
  }
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
      (now < *run.kill_at && run.takes_signals ? stop : kill).push_back(run.job);
    }
  }
  if (!client_.stop(stop) || !client_.end(kill)) {
    set_trouble(kCancellations, "scancel does not end");
  } else {
    clear_trouble(kCancellations);
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
