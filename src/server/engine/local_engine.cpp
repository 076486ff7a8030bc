#include "server/engine/local_engine.hpp"

#include "core/remove_tree.hpp"
#include "server/engine/inspect_run.hpp"
#include "server/engine/start_supervisor.hpp"
#include "server/engine/supervised_run.hpp"
#include "server/run/run_records.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/events.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include <poll.h>
#include <sys/eventfd.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

using SteadyTime = SupervisedRun::Time;

}  // namespace

class LocalEngine::State {
 public:
  explicit State(LocalEngineOptions options) : options_(std::move(options)) {
    fs::create_directories(options_.runs_folder);
    fs::permissions(options_.runs_folder, fs::perms::owner_all);
    wake_ = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake_) {
      throw_errno("cannot make an event");
    }
    for (const auto& entry : fs::directory_iterator(options_.runs_folder)) {
      if (entry.is_directory()) {
        adopt(entry.path().filename().string());
      }
    }
    thread_ = std::thread([this] { watch(); });
  }

  ~State() {
    {
      const std::scoped_lock lock(mutex_);
      ending_ = true;
    }
    wake();
    thread_.join();
  }

  void start(const RunPlan& plan) {
    if (!is_run_id(plan.run_id)) {
      throw std::invalid_argument("\"" + plan.run_id + "\" cannot be the name of a run");
    }
    {
      const std::scoped_lock lock(mutex_);
      if (!runs_.try_emplace(plan.run_id).second) {
        return;
      }
    }
    try {
      hand_over(plan);
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      runs_.erase(plan.run_id);
      throw;
    }
  }

  void stop(const std::string& run_id) {
    const std::scoped_lock lock(mutex_);
    const auto found = runs_.find(run_id);
    if (found == runs_.end()) {
      return;
    }
    found->second.request_stop(options_.stop_timeout);
    wake();
  }

  std::optional<RunOutcome> outcome(const std::string& run_id) {
    const std::scoped_lock lock(mutex_);
    const auto found = runs_.find(run_id);
    if (found == runs_.end()) {
      return RunOutcome{
          .kind = RunOutcome::Kind::Lost, .ended = options_.clock->now(), .message = "no run of this name is known"};
    }
    return found->second.outcome();
  }

  void release(const std::string& run_id) {
    const std::scoped_lock lock(mutex_);
    const auto found = runs_.find(run_id);
    if (found == runs_.end()) {
      remove_records_of_no_run(run_id);
    } else if (found->second.outcome()) {
      remove_folder(records(run_id).folder());
      runs_.erase(found);
    }
  }

  void on_ended(std::function<void(const std::string&)> listener) {
    {
      const std::scoped_lock lock(mutex_);
      listener_ = std::move(listener);
    }
    wake();
  }

 private:
  static void remove_folder(const fs::path& folder) {
    if (const auto error = remove_tree(folder)) {
      throw fs::filesystem_error("cannot remove", folder, error);
    }
  }

  /// What a start that failed has left.
  void remove_records_of_no_run(const std::string& run_id) const {
    if (!is_run_id(run_id) || !fs::exists(records(run_id).folder())) {
      return;
    }
    if (const auto lock = records(run_id).try_lock()) {
      remove_folder(records(run_id).folder());
    }
  }

  RunRecords records(const std::string& run_id) const { return RunRecords(options_.runs_folder / run_id); }

  void hand_over(const RunPlan& plan) {
    const auto run_records = records(plan.run_id);
    fs::create_directory(run_records.folder());
    fs::permissions(run_records.folder(), fs::perms::owner_all);
    start_supervisor(options_.supervisor, run_records.folder(), plan);
    look_at(plan.run_id);
    wake();
  }

  /// A run that an earlier engine started. One that was never taken over is left for start().
  void adopt(const std::string& run_id) {
    if (may_have_supervisor(run_id)) {
      runs_.try_emplace(run_id);
      look_at(run_id);
    }
  }

  /// True also if it is just being taken over, and if that is unknown.
  bool may_have_supervisor(const std::string& run_id) const {
    try {
      return records(run_id).read_supervisor() || !records(run_id).try_lock();
    } catch (const std::exception&) {
      return true;
    }
  }

  /// Called by one thread at a time for each run.
  void look_at(const std::string& run_id) {
    auto if_lost = RunOutcome::Kind::Lost;
    {
      const std::scoped_lock lock(mutex_);
      if_lost = runs_.at(run_id).if_lost();
    }
    auto finding = inspect_run(records(run_id), run_id, options_.clock->now(), if_lost);
    const std::scoped_lock lock(mutex_);
    runs_.at(run_id).take(std::move(finding), options_.stop_timeout);
  }

  void wake() {
    const std::uint64_t one = 1;
    // Fails only if the counter is full, and then the thread is awake already.
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  }

  void watch() {
    while (true) {
      std::vector<pollfd> entries{{.fd = wake_.get(), .events = POLLIN, .revents = 0}};
      std::optional<SteadyTime> next;
      {
        const std::scoped_lock lock(mutex_);
        if (ending_) {
          return;
        }
        next = watch_runs(entries);
      }
      ::poll(entries.data(), entries.size(), poll_timeout(next));
      std::uint64_t count = 0;
      [[maybe_unused]] const auto taken = ::read(wake_.get(), &count, sizeof count);
      for (const auto& run_id : open_runs(entries)) {
        look_at(run_id);
      }
      announce();
    }
  }

  /// Adds the supervisors to `entries` and returns when to look again should nothing happen before.
  std::optional<SteadyTime> watch_runs(std::vector<pollfd>& entries) const {
    const auto now = std::chrono::steady_clock::now();
    std::optional<SteadyTime> next;
    for (const auto& [id, run] : runs_) {
      if (run.supervisor()) {
        entries.push_back({.fd = run.supervisor().get(), .events = POLLIN, .revents = 0});
      }
      if (const auto due = run.next_look(now)) {
        next = std::min(next.value_or(*due), *due);
      }
    }
    return next;
  }

  /// The runs in an unknown state, among them those whose supervisors have ended. Kills supervisors that are late.
  /// Only this thread closes their handles, since it waits for them.
  std::vector<std::string> open_runs(const std::vector<pollfd>& entries) {
    const std::scoped_lock lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::string> result;
    for (auto& [id, run] : runs_) {
      const int descriptor = run.supervisor().get();
      if (std::ranges::any_of(
              entries, [descriptor](const pollfd& entry) { return entry.fd == descriptor && entry.revents != 0; })) {
        run.forget_supervisor();
      }
      run.kill_late_supervisor(now);
      run.enforce_limit(now);
      if (run.is_open()) {
        result.push_back(id);
      }
    }
    return result;
  }

  void announce() {
    std::function<void(const std::string&)> listener;
    std::vector<std::string> ended;
    {
      const std::scoped_lock lock(mutex_);
      listener = listener_;
      for (auto& [id, run] : runs_) {
        if (listener && run.take_announcement()) {
          ended.push_back(id);
        }
      }
    }
    for (const auto& run_id : ended) {
      listener(run_id);
    }
  }

  const LocalEngineOptions options_;
  std::mutex mutex_;
  std::map<std::string, SupervisedRun> runs_;
  std::function<void(const std::string&)> listener_;
  bool ending_ = false;
  Descriptor wake_;
  std::thread thread_;
};

LocalEngine::LocalEngine(LocalEngineOptions options) : state_(std::make_unique<State>(std::move(options))) {}
LocalEngine::~LocalEngine() = default;
void LocalEngine::start(const RunPlan& plan) { state_->start(plan); }
void LocalEngine::stop(const std::string& run_id) { state_->stop(run_id); }
std::optional<RunOutcome> LocalEngine::outcome(const std::string& run_id) { return state_->outcome(run_id); }
void LocalEngine::release(const std::string& run_id) { state_->release(run_id); }
void LocalEngine::on_ended(std::function<void(const std::string& run_id)> listener) {
  state_->on_ended(std::move(listener));
}

}  // namespace batchai::server
