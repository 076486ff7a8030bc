#include "server/slurm/slurm_engine.hpp"

#include "core/parse_number.hpp"
#include "core/private_file.hpp"
#include "core/remove_tree.hpp"
#include "server/run/plan_json.hpp"
#include "server/slurm/slurm_engine_state.hpp"
#include "server/slurm/slurm_outcome.hpp"
#include "server/supervisor/in_allocation.hpp"

#include <stdexcept>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;
using Kind = RunOutcome::Kind;
using SteadyClock = std::chrono::steady_clock;

constexpr const char* kEnvironmentFile = ".environment";
constexpr const char* kScriptFile = ".script";

/// What the kernel takes as an interpreter of a script holds no blanks, and is no longer than this in all kernels.
constexpr std::size_t kLongestInterpreter = 100;

/// Of all jobs, with the arguments RUN_FOLDER SUPERVISOR. A shell where there need be none takes a millisecond of a
/// processor.
std::string script_for(const fs::path& supervisor) {
  const auto& program = supervisor.native();
  const bool can_interpret =
      program.size() <= kLongestInterpreter && program.find_first_of(" \t\n") == std::string::npos;
  return can_interpret ? "#!" + program + " --script\n" : "#!/bin/sh\nexec \"$2\" --script \"$0\" \"$1\" \"$2\"\n";
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

SlurmEngine::State::State(SlurmEngineOptions options)
    : options_(std::move(options)),
      client_(options_.commands, options_.settings,
              {.script = options_.runs_folder / kScriptFile,
               .environment = options_.runs_folder / kEnvironmentFile,
               .supervisor = options_.supervisor}) {
  fs::create_directories(options_.runs_folder);
  fs::permissions(options_.runs_folder, fs::perms::owner_all);
  replace_private_file(options_.runs_folder / kScriptFile, script_for(options_.supervisor));
  replace_private_file(options_.runs_folder / kEnvironmentFile, environment_file(options_.settings));
  for (const auto& entry : fs::directory_iterator(options_.runs_folder)) {
    if (entry.is_directory() && is_run_id(entry.path().filename().string())) {
      adopt(entry.path().filename().string());
    }
  }
  troubles_.emplace(kController, "Slurm has not answered yet");
  thread_ = std::thread([this] { work(); });
}

SlurmEngine::State::~State() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SlurmEngine::State::start(const RunPlan& plan) {
  if (!is_run_id(plan.run_id)) {
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

void SlurmEngine::State::stop(const std::string& run_id) {
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

std::optional<RunOutcome> SlurmEngine::State::outcome(const std::string& run_id) {
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

void SlurmEngine::State::release(const std::string& run_id) {
  const std::scoped_lock lock(mutex_);
  const auto found = runs_.find(run_id);
  const bool ended = found != runs_.end() && found->second.outcome;
  const bool unknown = found == runs_.end() && !starting_.contains(run_id) && is_run_id(run_id);
  if (ended || (unknown && fs::exists(folder_of(run_id)))) {
    remove_run_folder(folder_of(run_id));
  }
  if (ended) {
    runs_.erase(found);
  }
}

void SlurmEngine::State::on_ended(std::function<void(const std::string&)> listener) {
  {
    const std::scoped_lock lock(mutex_);
    ended_listener_ = std::move(listener);
    announce_ = true;
  }
  changed_.notify_all();
}

std::optional<RunProgress> SlurmEngine::State::progress(const std::string& run_id) {
  const std::scoped_lock lock(mutex_);
  const auto found = runs_.find(run_id);
  return found == runs_.end() || found->second.outcome ? std::nullopt : found->second.progress;
}

void SlurmEngine::State::on_progress(std::function<void(const std::string&)> listener) {
  const std::scoped_lock lock(mutex_);
  progress_listener_ = std::move(listener);
}

std::optional<std::string> SlurmEngine::State::trouble() const {
  const std::scoped_lock lock(mutex_);
  return troubles_.empty() ? options_.nodes->trouble() : std::optional(troubles_.begin()->second);
}

void SlurmEngine::State::keep_plan(const RunPlan& plan) {
  const auto folder = folder_of(plan.run_id);
  fs::create_directory(folder);
  fs::permissions(folder, fs::perms::owner_all);
  replace_private_file(folder / kPlanFile, plan_to_json(plan));
}

void SlurmEngine::State::adopt(const std::string& run_id) {
  const auto folder = folder_of(run_id);
  auto job = read_private_file(folder / kJobFile);
  if (job && !parse_number<std::int64_t>(*job)) {
    job.reset();  // a crash has left a part of it
  }
  const auto plan = read_private_file(folder / kPlanFile);
  auto outcome = outcome_of(run_id);
  std::error_code unreadable;
  const bool submitted = fs::exists(folder / kJobFile);
  if (!submitted && !plan && !outcome && !fs::exists(folder / "outcome.json", unreadable) && !supervisor_of(run_id)) {
    return;
  }
  SlurmRun run{.job = job.value_or(""), .tried = true, .may_be_submitted = !job, .may_have_begun = true};
  if (outcome && (!job || !depends_on_slurm(*outcome))) {
    run.outcome = std::move(outcome);
  }
  try {
    run.request = plan ? std::optional(request_of(plan_from_json(*plan))) : std::nullopt;
  } catch (const std::exception&) {
    run.request.reset();
  }
  runs_.emplace(run_id, std::move(run));
}

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
