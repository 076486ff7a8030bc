#include "server/slurm/slurm_engine.hpp"

#include "core/private_file.hpp"
#include "core/remove_tree.hpp"
#include "server/run/plan_json.hpp"
#include "server/run/run_records.hpp"
#include "server/slurm/slurm_client.hpp"
#include "server/slurm/slurm_outcome.hpp"
#include "server/slurm/slurm_run.hpp"
#include "server/supervisor/in_allocation.hpp"
#include "server/supervisor/run_folders.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;
using Kind = RunOutcome::Kind;
using SteadyClock = std::chrono::steady_clock;
using Time = SlurmRun::Time;

constexpr const char* kJobFile = "slurm-job";
constexpr const char* kEnvironmentFile = ".environment";
constexpr const char* kScriptFile = ".script";
/// Submitted before the queue is looked at again.
constexpr int kSubmissionsAtOnce = 50;
constexpr std::chrono::seconds kStopAgain{5};
constexpr std::chrono::seconds kWaitForController{2};
/// Between two looks at the queue: so many times as long as one takes, but no longer than this.
constexpr int kPauseFactor = 10;
constexpr std::chrono::seconds kLongestPause{30};

constexpr const char* kScript = R"(#!/bin/sh
# RUN_FOLDER SUPERVISOR: one run of batchai-server.
[ -r "$1/plan.json" ] || exit 113
[ -x "$2" ] || exit 114
exec "$2" --allocation "$1"
)";

bool is_name_of_run(std::string_view text) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && text.size() <= 200 && text.front() != '.' &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string environment_file(const SlurmSettings& settings) {
  std::string text;
  for (const auto& [name, value] : slurm_environment(settings)) {
    text.append(name).append("=").append(value).push_back('\0');
  }
  return text;
}

void remove_run_folder(const fs::path& folder) {
  if (const auto error = remove_tree(folder)) {
    throw fs::filesystem_error("cannot remove", folder, error);
  }
}

}  // namespace

SlurmRequest request_of(const RunPlan& plan) {
  return {.run_id = plan.run_id,
          .name = plan.name,
          .node_kind = plan.node_kind,
          .rank = plan.rank,
          .nodes = plan.nodes.size(),
          .gpus = plan.nodes.empty() ? 0 : plan.nodes.front().gpus,
          .limit = plan.limit,
          .grace = plan.grace};
}

class SlurmEngine::State {
 public:
  explicit State(SlurmEngineOptions options)
      : options_(std::move(options)),
        client_(options_.commands, options_.settings,
                {.script = options_.runs_folder / kScriptFile,
                 .environment = options_.runs_folder / kEnvironmentFile,
                 .supervisor = options_.supervisor}) {
    fs::create_directories(options_.runs_folder);
    fs::permissions(options_.runs_folder, fs::perms::owner_all);
    replace_private_file(options_.runs_folder / kScriptFile, kScript);
    replace_private_file(options_.runs_folder / kEnvironmentFile, environment_file(options_.settings));
    for (const auto& entry : fs::directory_iterator(options_.runs_folder)) {
      if (entry.is_directory() && is_name_of_run(entry.path().filename().string())) {
        adopt(entry.path().filename().string());
      }
    }
    thread_ = std::thread([this] { work(); });
  }

  ~State() {
    {
      const std::scoped_lock lock(mutex_);
      ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void start(const RunPlan& plan) {
    if (!is_name_of_run(plan.run_id)) {
      throw std::invalid_argument("\"" + plan.run_id + "\" cannot be the name of a run");
    }
    {
      const std::scoped_lock lock(mutex_);
      if (runs_.contains(plan.run_id) || !starting_.insert(plan.run_id).second) {
        return;
      }
    }
    try {
      keep_plan(plan);
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      starting_.erase(plan.run_id);
      throw;
    }
    {
      const std::scoped_lock lock(mutex_);
      starting_.erase(plan.run_id);
      runs_.try_emplace(plan.run_id, SlurmRun{.request = request_of(plan)});
      to_submit_.push_back(plan.run_id);
    }
    changed_.notify_all();
  }

  void stop(const std::string& run_id) {
    const std::scoped_lock lock(mutex_);
    const auto found = runs_.find(run_id);
    if (found == runs_.end() || found->second.outcome || found->second.stop_requested) {
      return;
    }
    auto& run = found->second;
    const auto now = SteadyClock::now();
    run.stop_requested = true;
    run.stop_at = now;
    run.kill_at = now + (run.request ? run.request->grace : RunPlan().grace) + options_.stop_timeout;
    stops_ = true;
    changed_.notify_all();
  }

  std::optional<RunOutcome> outcome(const std::string& run_id) {
    const std::scoped_lock lock(mutex_);
    const auto found = runs_.find(run_id);
    if (found != runs_.end()) {
      return found->second.outcome;
    }
    if (starting_.contains(run_id)) {
      return std::nullopt;
    }
    return RunOutcome{.kind = Kind::Lost, .ended = options_.clock->now(), .message = "no run of this name is known"};
  }

  void release(const std::string& run_id) {
    const std::scoped_lock lock(mutex_);
    const auto found = runs_.find(run_id);
    const bool ended = found != runs_.end() && found->second.outcome;
    const bool unknown = found == runs_.end() && !starting_.contains(run_id) && is_name_of_run(run_id);
    if (ended || (unknown && fs::exists(folder_of(run_id)))) {
      remove_run_folder(folder_of(run_id));
    }
    if (ended) {
      runs_.erase(found);
    }
  }

  void on_ended(std::function<void(const std::string&)> listener) {
    {
      const std::scoped_lock lock(mutex_);
      ended_listener_ = std::move(listener);
      announce_ = true;
    }
    changed_.notify_all();
  }

  std::optional<RunProgress> progress(const std::string& run_id) {
    const std::scoped_lock lock(mutex_);
    const auto found = runs_.find(run_id);
    return found == runs_.end() || found->second.outcome ? std::nullopt : found->second.progress;
  }

  void on_progress(std::function<void(const std::string&)> listener) {
    const std::scoped_lock lock(mutex_);
    progress_listener_ = std::move(listener);
  }

  std::optional<std::string> trouble() const {
    const std::scoped_lock lock(mutex_);
    return trouble_;
  }

 private:
  fs::path folder_of(const std::string& run_id) const { return options_.runs_folder / run_id; }
  RunRecords records_of(const std::string& run_id) const { return RunRecords(folder_of(run_id)); }

  void keep_plan(const RunPlan& plan) {
    const auto folder = folder_of(plan.run_id);
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::owner_all);
    replace_private_file(folder / kPlanFile, plan_to_json(plan));
  }

  /// A run of an earlier engine; what never had a plan is left for start().
  void adopt(const std::string& run_id) {
    const auto folder = folder_of(run_id);
    const auto job = read_private_file(folder / kJobFile);
    const auto plan = read_private_file(folder / kPlanFile);
    if (!job && !plan && !records_of(run_id).read_outcome() && !records_of(run_id).read_supervisor()) {
      return;
    }
    SlurmRun run{.job = job.value_or(""), .may_be_submitted = !job, .may_have_begun = true};
    try {
      run.request = plan ? std::optional(request_of(plan_from_json(*plan))) : std::nullopt;
    } catch (const std::exception&) {
      run.request.reset();
    }
    runs_.emplace(run_id, std::move(run));
  }

  // What follows is for the thread alone. It keeps the lock while it looks at runs, and never while it waits for Slurm.

  void work() {
    while (wait()) {
      try {
        round();
      } catch (const std::exception& error) {
        set_trouble(error.what());
      }
      announce();
    }
  }

  /// Until there is something to do. False at the end.
  bool wait() {
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

  void round() {
    find_outcomes();
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

  bool answers() const {
    const std::scoped_lock lock(mutex_);
    return !trouble_;
  }

  bool is_time_to_look() const {
    const std::scoped_lock lock(mutex_);
    const bool active = std::ranges::any_of(runs_, [](const auto& entry) { return !entry.second.outcome; });
    return SteadyClock::now() >= last_look_ + (active ? pause_ : options_.idle_interval);
  }

  void set_trouble(std::string text) {
    const std::scoped_lock lock(mutex_);
    trouble_ = std::move(text);
    try_again_ = SteadyClock::now() + kWaitForController;
  }

  void submit_some() {
    for (int count = 0; count < kSubmissionsAtOnce; ++count) {
      std::optional<SlurmRequest> request;
      {
        const std::scoped_lock lock(mutex_);
        if (to_submit_.empty()) {
          return;
        }
        const auto found = runs_.find(to_submit_.front());
        to_submit_.erase(to_submit_.begin());
        if (found == runs_.end() || found->second.outcome || !found->second.job.empty()) {
          continue;
        }
        if (found->second.stop_requested) {
          end(found->second, stopped_before_its_begin());
          continue;
        }
        request = found->second.request;
      }
      if (request && !submit(*request)) {
        return;
      }
    }
  }

  /// False if Slurm is not to be asked again for a while.
  bool submit(const SlurmRequest& request) {
    const auto submission =
        client_.submit(request, folder_of(request.run_id), options_.nodes->time_limit(request.node_kind));
    if (!submission.job.empty()) {
      make_private_file(folder_of(request.run_id) / kJobFile, submission.job);
    }
    {
      const std::scoped_lock lock(mutex_);
      auto& run = runs_.at(request.run_id);
      if (!submission.job.empty()) {
        run.job = submission.job;
        return true;
      }
      if (submission.refused) {
        end(run, {.kind = Kind::NotStarted, .message = "Slurm does not take the job: " + submission.message});
        return true;
      }
      run.may_be_submitted = true;
    }
    set_trouble("sbatch failed: " + submission.message);
    return false;
  }

  static RunOutcome stopped_before_its_begin() {
    return {.kind = Kind::Stopped, .message = "stopped on request before it began"};
  }

  /// One look at the queue and at the nodes, for all runs.
  void look() {
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

  void apply(const std::vector<QueuedJob>& queue) {
    std::vector<std::string> surplus;
    std::vector<std::string> ended;
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
        apply(run_id, run, job, surplus, ended);
      }
      for (auto& [run_id, run] : runs_) {
        if (!run.outcome && !seen.contains(run_id)) {
          run.job.empty() ? submit_unknown(run_id, run) : ended.push_back(run_id);
        }
      }
    }
    client_.end(surplus);
    for (const auto& run_id : ended) {
      finish(run_id);
    }
  }

  /// Submitted by an earlier engine that died then, or when this one did not hear the answer.
  void take_job(const std::string& run_id, SlurmRun& run, const std::string& job) {
    run.job = job;
    make_private_file(folder_of(run_id) / kJobFile, job);
  }

  void submit_unknown(const std::string& run_id, SlurmRun& run) {
    if (!run.may_be_submitted) {
      return;  // it stands in the list already
    }
    run.may_be_submitted = false;
    if (run.request) {
      to_submit_.push_back(run_id);
    } else {
      end(run, {.kind = Kind::Lost, .message = "the plan of the run is gone"});
    }
  }

  /// Lock held. Adds jobs that Slurm is to end, and runs that have ended.
  void apply(const std::string& run_id, SlurmRun& run, const QueuedJob& job, std::vector<std::string>& surplus,
             std::vector<std::string>& ended) {
    if (has_ended(job.state)) {
      ended.push_back(run_id);
      return;
    }
    if (is_on_nodes(job.state)) {
      run.may_have_begun = true;
      const bool ready = job.state != "CONFIGURING";
      set_progress(run_id, run, {.waits = !ready, .reason = ready ? "" : "Configuring"});
      return;
    }
    if (is_requeued(job.state) || has_begun_before(run_id, run) || is_given_up(job)) {
      surplus.push_back(job.id);
      end(run, {.kind = Kind::Lost, .message = "Slurm took the job from its nodes: " + job.reason});
      return;
    }
    set_progress(run_id, run, {.waits = true, .reason = job.reason});
  }

  /// Whether a job that waits is one that Slurm has put back into its queue.
  bool has_begun_before(const std::string& run_id, SlurmRun& run) const {
    if (!run.may_have_begun) {
      return false;
    }
    run.may_have_begun = records_of(run_id).read_supervisor().has_value();
    return run.may_have_begun;
  }

  /// Held by Slurm itself, for good.
  static bool is_given_up(const QueuedJob& job) {
    return job.reason.find("launch failed") != std::string::npos || job.reason == "JobHoldMaxRequeue";
  }

  void set_progress(const std::string& run_id, SlurmRun& run, RunProgress progress) {
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

  /// Runs on nodes whose outcome is there, whatever Slurm says.
  void find_outcomes() {
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

  /// Its job has ended, or Slurm does not show it any more.
  void finish(const std::string& run_id) {
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

  /// A controller that was killed may have forgotten a job that goes on.
  bool has_supervisor(const std::string& run_id) const {
    const auto records = records_of(run_id);
    try {
      return records.exist() && !records.try_lock();
    } catch (const std::exception&) {
      return true;
    }
  }

  /// Whether the supervisor may have left an outcome that the shared folder does not show yet.
  bool may_still_show(const std::string& run_id, const SlurmRun& run, const std::optional<SlurmJobState>& state) {
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

  /// Ends a run whose supervisor is gone: its mounts too.
  void close(const std::string& run_id, RunOutcome outcome) {
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

  void end(const std::string& run_id, RunOutcome outcome) {
    const std::scoped_lock lock(mutex_);
    end(runs_.at(run_id), std::move(outcome));
  }

  /// Lock held.
  void end(SlurmRun& run, RunOutcome outcome) {
    if (outcome.ended == Timestamp{}) {
      outcome.ended = options_.clock->now();
    }
    run.outcome = std::move(outcome);
  }

  void stop_some() {
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

  void announce() {
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

  const SlurmEngineOptions options_;
  SlurmClient client_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, SlurmRun> runs_;
  /// Runs whose plans are being written.
  std::set<std::string> starting_;
  std::vector<std::string> to_submit_;
  bool stops_ = false;
  bool announce_ = false;
  bool ending_ = false;
  std::set<std::string> progressed_;
  std::function<void(const std::string&)> ended_listener_;
  std::function<void(const std::string&)> progress_listener_;
  std::optional<std::string> trouble_ = "Slurm has not answered yet";
  Time last_look_{};
  Time try_again_{};
  SteadyClock::duration pause_{};
  std::thread thread_;
};

SlurmEngine::SlurmEngine(SlurmEngineOptions options) : state_(std::make_unique<State>(std::move(options))) {}
SlurmEngine::~SlurmEngine() = default;
void SlurmEngine::start(const RunPlan& plan) { state_->start(plan); }
void SlurmEngine::stop(const std::string& run_id) { state_->stop(run_id); }
std::optional<RunOutcome> SlurmEngine::outcome(const std::string& run_id) { return state_->outcome(run_id); }
void SlurmEngine::release(const std::string& run_id) { state_->release(run_id); }
void SlurmEngine::on_ended(std::function<void(const std::string& run_id)> listener) {
  state_->on_ended(std::move(listener));
}
std::optional<RunProgress> SlurmEngine::progress(const std::string& run_id) { return state_->progress(run_id); }
void SlurmEngine::on_progress(std::function<void(const std::string& run_id)> listener) {
  state_->on_progress(std::move(listener));
}
std::optional<std::string> SlurmEngine::trouble() const { return state_->trouble(); }

}  // namespace batchai::server
