#include "core/descriptor.hpp"
#include "core/private_file.hpp"
#include "server/slurm/slurm_engine_state.hpp"
#include "server/slurm/slurm_outcome.hpp"
#include "server/supervisor/in_allocation.hpp"
#include "server/supervisor/run_folders.hpp"

#include <algorithm>

#include <fcntl.h>

namespace batchai::server {

namespace {

using EndKind = RunOutcome::Kind;
using EndClock = std::chrono::steady_clock;

/// Between two searches for outcomes: so many times as long as one takes, which is long where many files on another
/// machine are looked for, and a part of the time since the last run began or ended, so that jobs of days cost nothing;
/// no longer than between two looks at the queue, and no shorter than this.
constexpr int kOutcomePauseFactor = 50;
constexpr int kQuietPart = 20;
constexpr std::chrono::milliseconds kShortestOutcomePause{100};
/// A job may begin and end between two looks at the queue. Where more wait than this, the next look is soon enough.
constexpr std::size_t kMostWaiting = 500;

/// Whether Slurm's state says no more than that the script is not there any more. `has_begun` says whether the run may
/// have.
bool may_have_outcome(const std::optional<SlurmJobState>& state, bool has_begun) {
  return !state || ((state->state == "COMPLETED" || state->state == "FAILED") && state->signal == 0 &&
                    (has_begun || !cannot_begin(*state)));
}

}  // namespace

/// A record that cannot be read is not known yet, and must not keep other runs from being looked at.
std::optional<RunOutcome> SlurmEngine::State::outcome_of(const std::string& run_id) const {
  try {
    return records_of(run_id).read_outcome();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::optional<SupervisorRecord> SlurmEngine::State::supervisor_of(const std::string& run_id) const {
  try {
    return records_of(run_id).read_supervisor();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

void SlurmEngine::State::find_outcomes() {
  const auto began = EndClock::now();
  std::vector<std::pair<std::string, bool>> candidates;
  std::vector<std::pair<std::string, bool>> waiting;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [run_id, run] : runs_) {
      if (!run.outcome && !run.job.empty()) {
        (run.may_have_begun ? candidates : waiting).emplace_back(run_id, run.stop_requested);
      }
    }
  }
  if (waiting.size() <= kMostWaiting) {
    candidates.insert(candidates.end(), waiting.begin(), waiting.end());
  }
  for (const auto& [run_id, stop_requested] : candidates) {
    if (const auto outcome = outcome_of(run_id); outcome && (stop_requested || !depends_on_slurm(*outcome))) {
      end(run_id, *outcome);
    }
  }
  search_time_ = EndClock::now() - began;
}

EndClock::duration SlurmEngine::State::outcome_pause() const {
  const EndClock::duration wanted =
      std::max(search_time_ * kOutcomePauseFactor, (EndClock::now() - last_change_) / kQuietPart);
  return std::clamp<EndClock::duration>(wanted, std::min(kShortestOutcomePause, options_.poll_interval),
                                        options_.poll_interval);
}

bool SlurmEngine::State::finish(const std::string& run_id) {
  SlurmRun run;
  {
    const std::scoped_lock lock(mutex_);
    if (ending_) {
      return false;
    }
    run = runs_.at(run_id);
  }
  if (auto outcome = outcome_of(run_id); outcome && (run.stop_requested || !depends_on_slurm(*outcome))) {
    end(run_id, std::move(*outcome));
    return true;
  }
  if (!run.verdict) {
    auto answer = client_.job(run.job);
    if (!answer.known) {
      set_trouble(kEndings, "Slurm does not say what became of a job: " + answer.trouble);
      return false;
    }
    if (answer.state && answer.state->comment != comment_of(run_id) && !run_of(answer.state->comment).empty()) {
      answer.state.reset();  // a controller that was killed has forgotten the job and given its number to another
    }
    if (answer.state && !has_ended(answer.state->state)) {
      return true;
    }
    run.verdict = answer.state;
    const std::scoped_lock lock(mutex_);
    runs_.at(run_id).verdict = run.verdict;
  }
  decide(run_id, run);
  return true;
}

void SlurmEngine::State::decide(const std::string& run_id, const SlurmRun& run) {
  const auto& state = run.verdict.value();
  records_of(run_id).look_anew();
  if (auto outcome = outcome_of(run_id)) {
    end(run_id, state && !run.stop_requested && depends_on_slurm(*outcome)
                    ? outcome_of_stopped(std::move(*outcome), *state)
                    : std::move(*outcome));
    return;
  }
  const bool has_begun = may_be_taken_over(run_id);
  if ((may_have_outcome(state, has_begun) && may_still_show(run_id)) || (!state && has_supervisor(run_id))) {
    return;
  }
  auto without = state ? outcome_without_supervisor(*state, has_begun, folder_of(run_id), options_.supervisor)
                       : RunOutcome{.kind = EndKind::Lost, .message = "Slurm does not know the job any more"};
  if (run.stop_requested && without.kind != EndKind::NotStarted) {
    without.kind = EndKind::Stopped;
  }
  close(run_id, std::move(without));
}

bool SlurmEngine::State::may_be_taken_over(const std::string& run_id) const {
  // Network file systems ask their server when a file is opened.
  const Descriptor plan(::open((folder_of(run_id) / kPlanFile).c_str(), O_RDONLY | O_CLOEXEC));
  return !plan || supervisor_of(run_id);
}

bool SlurmEngine::State::has_supervisor(const std::string& run_id) const {
  const auto records = records_of(run_id);
  try {
    return records.exist() && !records.try_lock();
  } catch (const std::exception&) {
    return true;
  }
}

bool SlurmEngine::State::may_still_show(const std::string& run_id) {
  const auto now = EndClock::now();
  const std::scoped_lock lock(mutex_);
  auto& run = runs_.at(run_id);
  run.ended_at = run.ended_at.value_or(now);
  return now < *run.ended_at + options_.outcome_delay;
}

void SlurmEngine::State::close(const std::string& run_id, RunOutcome outcome) {
  outcome.ended = options_.clock->now();
  if (const auto supervisor = supervisor_of(run_id)) {
    outcome.started = supervisor->started;
    remove_mounts(supervisor->mounts, supervisor->writable);
  }
  std::error_code ignored;
  std::filesystem::remove(folder_of(run_id) / kPlanFile, ignored);
  try {
    records_of(run_id).write_outcome(outcome);
  } catch (const std::exception&) {
    // The next engine asks Slurm again.
  }
  end(run_id, std::move(outcome));
}

void SlurmEngine::State::end(const std::string& run_id, RunOutcome outcome) {
  const std::scoped_lock lock(mutex_);
  auto& run = runs_.at(run_id);
  if (outcome.ended == Timestamp{}) {
    outcome.ended = options_.clock->now();
  }
  run.outcome = std::move(outcome);
  last_change_ = EndClock::now();
}

}  // namespace batchai::server
