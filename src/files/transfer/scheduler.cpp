#include "files/transfer/scheduler.hpp"

#include "batchai/core/failure_kind.hpp"
#include "core/signals_blocked.hpp"

#include <algorithm>
#include <system_error>
#include <thread>

namespace batchai::inline v1::files {
namespace {

/// How often a file is begun whose source changes all the time.
constexpr int kBeginnings = 3;

template <class E>
bool holds(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const E&) {
    return true;
  } catch (...) {
    return false;
  }
}

std::string text_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    return known.what();
  }
}

/// Whether a later run can resume where this one failed: nothing was wrong with the file.
bool is_resumable(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& failure) {
    return failure_kind(failure) != FailureKind::Permanent;
  } catch (...) {
    return false;
  }
}

}  // namespace

Scheduler::Scheduler(Engine& engine, const std::vector<PlannedStep>& steps, bool reported)
    : engine_(engine), steps_(steps), reported_(reported) {}

void Scheduler::run() {
  {
    std::vector<std::jthread> threads;
    try {
      const SignalsBlocked blocked;
      for (unsigned i = 1; i < engine_.options().max_connections; ++i) {
        threads.emplace_back([this] { work(); });
      }
    } catch (const std::system_error&) {
      engine_.counters().log(LogLevel::Warning, "this machine gives no more threads; going on with fewer connections");
    }
    work();
  }
  if (stopped_) {
    std::rethrow_exception(stopped_);
  }
}

void Scheduler::work() {
  try {
    while (const auto task = take()) {
      Active& active = *task->active;
      if (task->begins) {
        begin(active);
      } else {
        move_piece(active);
      }
      std::unique_lock lock(mutex_);
      --active.busy;
      changed_.notify_all();
      // True for one thread only: nobody can take more of a file that has nothing left.
      if (active.left == 0 && active.busy == 0 && !stopped_) {
        lock.unlock();
        close(task->active);
      }
    }
  } catch (...) {
    stop(std::current_exception());
  }
}

std::optional<Scheduler::Task> Scheduler::take() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stopped_) {
      return std::nullopt;
    }
    const auto ready = std::find_if(active_.begin(), active_.end(), [](const Active& a) { return a.left > 0; });
    if (ready != active_.end()) {
      --ready->left;
      ++ready->busy;
      return Task{ready, false};
    }
    if (!again_.empty()) {
      active_.push_back(std::move(again_.front()));
      again_.pop_front();
      return Task{std::prev(active_.end()), true};
    }
    if (next_ < steps_.size()) {
      active_.push_back({.step = &steps_[next_++], .busy = 1});
      return Task{std::prev(active_.end()), true};
    }
    if (active_.empty()) {
      return std::nullopt;
    }
    changed_.wait(lock);
  }
}

void Scheduler::begin(Active& active) {
  std::exception_ptr error;
  Beginning beginning;
  try {
    require_going_on(engine_.context(), engine_.clock());
    active.job = active.step->make(engine_, active.begun > 1);
    beginning = active.job->begin();
  } catch (...) {
    error = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  active.error = error;
  active.left = beginning.pieces;
  active.beginning = std::move(beginning);
}

void Scheduler::move_piece(Active& active) {
  try {
    active.job->move_piece();
  } catch (...) {
    const std::lock_guard lock(mutex_);
    active.left = 0;
    if (!active.error) {
      active.error = std::current_exception();
    }
  }
}

void Scheduler::close(Position active) {
  const bool again = conclude(*active);
  const std::lock_guard lock(mutex_);
  if (again) {
    again_.push_back({.step = active->step, .begun = active->begun + 1, .busy = 1});
  }
  active_.erase(active);
  changed_.notify_all();
}

bool Scheduler::conclude(Active& active) {
  if (!active.error && active.beginning.skipped.empty()) {
    try {
      active.job->finish();
    } catch (...) {
      active.error = std::current_exception();
    }
  }
  if (!active.error) {
    report_success(active);
    return false;
  }
  if (holds<Cancelled>(active.error) || holds<DeadlineExceeded>(active.error)) {
    stop(active.error);
    return false;
  }
  if (active.job != nullptr) {
    engine_.counters().covered(-static_cast<std::int64_t>(active.job->counted()));
  }
  if (holds<SourceChanged>(active.error) && active.begun < kBeginnings) {
    engine_.counters().log(LogLevel::Info, text_of(active.error) + "; starting over");
    return true;
  }
  report_failure(active);
  return false;
}

void Scheduler::report_success(const Active& active) {
  const std::string& skipped = active.beginning.skipped;
  if (!skipped.empty()) {
    engine_.counters().covered(static_cast<std::int64_t>(active.beginning.size));
  }
  if (reported_) {
    engine_.counters().ended({.action = skipped.empty() ? active.step->success : TransferAction::Skipped,
                              .source = active.step->source,
                              .target = active.step->target,
                              .size = active.beginning.size,
                              .reason = skipped});
  }
}

void Scheduler::report_failure(const Active& active) {
  if (active.job != nullptr && !is_resumable(active.error)) {
    try {
      active.job->give_up();
    } catch (const std::exception& error) {
      engine_.counters().log(LogLevel::Warning, active.step->target + ": " + error.what());
    }
  }
  engine_.counters().ended({.action = TransferAction::Failed,
                            .source = active.step->source,
                            .target = active.step->target,
                            .size = active.step->size,
                            .reason = text_of(active.error)},
                           active.error);
}

void Scheduler::stop(std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  if (!stopped_) {
    stopped_ = std::move(error);
  }
  changed_.notify_all();
}

}  // namespace batchai::inline v1::files
