#include "server/scheduling/reconciler.hpp"

#include "core/shortage.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/file_server_lookup.hpp"
#include "server/records/hosted_accounts.hpp"
#include "server/records/job_record.hpp"
#include "server/records/loaded_job.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <utility>

namespace batchai::server {

namespace {

// An outcome is asked for at least this often, should an engine's event get lost.
constexpr auto kLongestWait = std::chrono::seconds(30);
constexpr auto kWaitAfterFailure = std::chrono::seconds(1);
// Before anything is started again on a machine that had no processes, descriptors or memory left.
constexpr auto kPauseOfStarts = std::chrono::seconds(5);
// What Batch AI showed for jobs that could not be set up.
constexpr int kSetupExitCode = 1;

BatchAiError to_resource_error(const JobPlanError& error) {
  BatchAiError result{error.code(), error.message()};
  for (const auto& [name, value] : error.details()) {
    result.details.push_back({name, value});
  }
  return result;
}

}  // namespace

class Reconciler::Signal {
 public:
  void raise() { raise_with({}); }

  /// A run has ended.
  void raise_with(std::string run_id) {
    {
      const std::scoped_lock lock(mutex_);
      raised_ = true;
      if (!run_id.empty()) {
        ended_.insert(std::move(run_id));
      }
    }
    condition_.notify_all();
  }

  std::set<std::string> ended() {
    const std::scoped_lock lock(mutex_);
    return ended_;
  }

  /// A run stands otherwise; without a name: the engine's nodes do.
  void raise_with_progress(const std::string& run_id) {
    {
      const std::scoped_lock lock(mutex_);
      raised_ = true;
      progressed_.insert(run_id);
    }
    condition_.notify_all();
  }

  std::set<std::string> take_progressed() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(progressed_, {});
  }

  /// For the next pass, whenever that is.
  void put_back_progressed(std::set<std::string> runs) {
    const std::scoped_lock lock(mutex_);
    progressed_.merge(runs);
  }

  /// The outcomes of these are in the store.
  void forget(const Outcomes& outcomes) {
    const std::scoped_lock lock(mutex_);
    for (const auto& [run_id, outcome] : outcomes) {
      ended_.erase(run_id);
    }
  }

  void wait_for(const std::stop_token& token, std::chrono::steady_clock::duration longest) {
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, token, longest, [this] { return raised_; });
    raised_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any condition_;
  bool raised_ = false;
  std::set<std::string> ended_;
  std::set<std::string> progressed_;
};

/// Runs whose progress is being written. What was not written is to be looked at again.
class Reconciler::Progressed {
 public:
  explicit Progressed(Signal& signal) : signal_(signal), runs_(signal.take_progressed()) {}
  ~Progressed() { signal_.put_back_progressed(std::move(runs_)); }
  Progressed(const Progressed&) = delete;
  Progressed& operator=(const Progressed&) = delete;

  const std::set<std::string>& runs() const { return runs_; }
  /// Those without a name are nodes.
  bool take_nodes() { return runs_.erase("") > 0; }
  void written() { runs_.clear(); }

 private:
  Signal& signal_;
  std::set<std::string> runs_;
};

Reconciler::Reconciler(Store& store, Engine& engine, const NodeProvider& provider, Clock& clock,
                       ReconcilerOptions options)
    : store_(store),
      engine_(engine),
      provider_(provider),
      clock_(clock),
      options_(std::move(options)),
      accounts_(hosted_accounts(store, options_.data_folder)),
      file_servers_(hosted_file_servers(store, provider)),
      trash_({.folder = options_.data_folder / ".deleted", .report = options_.report}),
      folders_(store, clock,
               {.provider = provider,
                .trash = trash_,
                .public_address = options_.public_address,
                .report = options_.report}),
      nodes_(store, engine, clock,
             {.provider = provider,
              .trash = trash_,
              .accounts = accounts_,
              .file_servers = file_servers_,
              .sandbox = options_.sandbox,
              .run_limits = options_.run_limits,
              .report = options_.report}),
      signal_(std::make_shared<Signal>()) {
  engine_.on_ended([signal = signal_](const std::string& run_id) { signal->raise_with(run_id); });
  engine_.on_progress([signal = signal_](const std::string& run_id) { signal->raise_with_progress(run_id); });
}

Reconciler::~Reconciler() { stop(); }

bool Reconciler::reconcile_once() {
  // Before the pass: it finishes deletes of workspaces, and the jobs that it starts may mount file servers.
  const bool folders_changed = folders_.step();
  const auto now = clock_.now();
  if (start_again_ && now >= *start_again_) {
    start_again_.reset();
    look_at_all_ = Timestamp{};
  }
  Progressed progressed(*signal_);
  if (progressed.take_nodes()) {
    look_at_all_ = Timestamp{};
  }
  // Also if the clock has been set back.
  const bool all = now >= look_at_all_ || now + kLongestWait < look_at_all_;
  const Timestamp next_look_at_all = all ? now + kLongestWait : look_at_all_;
  look_at_all_ = Timestamp{};  // unless this pass ends well
  const Outcomes outcomes = collect_outcomes(all);
  const auto progress = collect_progress(progressed.runs());
  PassResult todo;
  store_.write([&](Transaction& transaction) {
    auto options = pass_options(all);
    options.progress = progress;
    todo = run_scheduling_pass(transaction, outcomes, clock_.now(), options);
  });
  progressed.written();
  signal_->forget(outcomes);
  for (const auto& [cluster, again] : todo.look_again) {
    if (again) {
      due_[cluster] = *again;
    } else {
      due_.erase(cluster);
    }
  }
  const bool acted = act(todo);
  options_.after_pass();
  // Where nodes have gone there may be room for those of another cluster.
  look_at_all_ = todo.retire.empty() ? next_look_at_all : Timestamp{};
  return acted || folders_changed || todo.more || !outcomes.empty();
}

PassOptions Reconciler::pass_options(bool all) const {
  PassOptions options{.provider = provider_,
                      .idle_period = options_.idle_period,
                      .limits = options_.limits,
                      .starts_jobs = !start_again_,
                      .all_clusters = all};
  for (const auto& [cluster, moment] : due_) {
    if (moment <= clock_.now()) {
      options.due.insert(cluster);
    }
  }
  return options;
}

std::map<std::string, RunProgress> Reconciler::collect_progress(const std::set<std::string>& runs) {
  std::map<std::string, RunProgress> result;
  for (const auto& run_id : runs) {
    if (auto progress = engine_.progress(run_id)) {
      result.emplace(run_id, std::move(*progress));
    }
  }
  return result;
}

Outcomes Reconciler::collect_outcomes(bool all) {
  std::set<std::string> runs = signal_->ended();
  runs.insert(stopped_.begin(), stopped_.end());
  if (all) {
    store_.write([&](Transaction& transaction) {
      for (auto& run : awaited_runs(transaction)) {
        runs.insert(std::move(run));
      }
    });
  }
  Outcomes outcomes;
  for (const auto& run_id : runs) {
    if (auto outcome = engine_.outcome(run_id)) {
      if (outcome->kind == RunOutcome::Kind::Busy) {
        options_.report("A run could not begin yet: " + outcome->message);
        pause_starts();
      }
      outcomes.emplace(run_id, std::move(*outcome));
    }
  }
  return outcomes;
}

bool Reconciler::act(const PassResult& todo) {
  bool acted = false;
  for (const auto& [cluster, node] : todo.prepare) {
    acted = prepare_node(cluster, node) || acted;
  }
  if (!todo.start.empty()) {
    folders_.step();  // a file server that one of them mounts may have been made since the one before the pass
    start_runs(todo.start);
  }
  for (const auto& run_id : todo.stop) {
    acted = stop_run(run_id) || acted;
  }
  release_runs(todo.release);
  for (const auto& node : todo.retire) {
    acted = nodes_.clear_away(node) || acted;
  }
  return acted || !todo.start.empty() || !todo.release.empty();
}

bool Reconciler::prepare_node(const std::string& cluster, const std::string& node) {
  if (start_again_) {
    return false;
  }
  if (!nodes_.prepare(cluster, node)) {
    pause_starts();
  }
  return true;
}

void Reconciler::pause_starts() {
  const std::scoped_lock lock(starting_);
  start_again_ = clock_.now() + kPauseOfStarts;
}

void Reconciler::start_runs(const std::vector<std::pair<std::string, std::string>>& jobs) {
  Starting starting{jobs};
  store_.read([&](Transaction& transaction) {
    for (const auto& [job, cluster] : jobs) {
      if (!starting.clusters.contains(cluster)) {
        starting.clusters.emplace(cluster, ClusterRecord(transaction.get(cluster).value()));
      }
    }
  });
  {
    std::vector<std::jthread> helpers;
    try {
      while (helpers.size() + 1 < std::min(options_.starts_at_once, jobs.size())) {
        helpers.emplace_back([this, &starting] { start_some(starting); });
      }
    } catch (const std::system_error&) {
      // Those that are there do the work.
    }
    start_some(starting);
  }
  if (!starting.started.empty()) {
    mark_handed_over(starting.started);
  }
  if (starting.failure) {
    std::rethrow_exception(starting.failure);
  }
}

void Reconciler::start_some(Starting& starting) {
  std::unique_lock lock(starting_);
  while (starting.next < starting.jobs.size() && !starting.failure) {
    const auto& [job, cluster] = starting.jobs[starting.next++];
    lock.unlock();
    std::optional<StartedRun> run;
    std::exception_ptr failure;
    try {
      run = start_run(job, starting.clusters.at(cluster));
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (run) {
      starting.started.push_back(std::move(*run));
    }
    if (failure) {
      starting.failure = failure;
    }
  }
}

bool Reconciler::starts_are_paused() {
  const std::scoped_lock lock(starting_);
  return start_again_.has_value();
}

std::optional<Reconciler::StartedRun> Reconciler::start_run(const std::string& key, const ClusterRecord& cluster) {
  std::optional<Document> document;
  store_.read([&](Transaction& transaction) { document = transaction.get(key); });
  if (!document) {
    return std::nullopt;
  }
  const JobRecord job(std::move(*document));
  // A terminate may have come since the pass: then the next pass stops what was never started.
  if (job.stop_reason() != StopReason::None) {
    return std::nullopt;
  }
  const LoadedJob inputs(job, accounts_);
  std::vector<JobNode> nodes;
  for (const auto& node : cluster.nodes) {
    if (node.job == key) {
      nodes.push_back(inputs.node(node, provider_));
    }
  }
  auto input = inputs.input(std::move(nodes));
  input.file_servers = file_servers_;
  input.provider = &provider_;
  input.setup_suffix = cluster.setup_suffix();
  if (input.job.container_settings) {
    input.containers = options_.containers();
  }
  input.sandbox = options_.sandbox;
  input.limits = options_.run_limits(input.cluster.vm_size);
  // The engine knows the run if an earlier service died between starting it and noting that.
  const auto outcome = engine_.outcome(job.run_id());
  const bool unknown = outcome && outcome->kind == RunOutcome::Kind::Lost;
  if (unknown && starts_are_paused()) {
    put_back(key, job.run_id());
    return std::nullopt;
  }
  try {
    if (unknown) {
      engine_.start(options_.planner(input));
    }
  } catch (const JobPlanError& error) {
    fail_start(key, job.run_id(), to_resource_error(error));
    return std::nullopt;
  } catch (const std::exception& error) {
    give_up_start(key, job.run_id(), error);
    return std::nullopt;
  }
  return StartedRun{key, job.run_id()};
}

void Reconciler::give_up_start(const std::string& key, const std::string& run_id, const std::exception& error) {
  const bool busy = is_shortage(error);
  const std::string message = "The job could not be started" + std::string(busy ? " yet: " : ": ") + error.what();
  options_.report(message);
  if (busy) {
    pause_starts();
    put_back(key, run_id);
  } else {
    fail_start(key, run_id, {"JobStartFailed", message});
  }
}

void Reconciler::mark_handed_over(const std::vector<StartedRun>& started) {
  store_.write([&](Transaction& transaction) {
    for (const auto& [key, run_id] : started) {
      auto document = transaction.get(key);
      if (document && JobRecord(*document).run_id() == run_id) {
        JobRecord job(std::move(*document));
        job.mark_handed_over();
        job.save(transaction);
      }
    }
  });
}

void Reconciler::put_back(const std::string& key, const std::string& run_id) {
  end_start(key, run_id,
            [](JobRecord& job, Timestamp now) { job.apply({.kind = RunOutcome::Kind::Busy, .ended = now}, now); });
}

void Reconciler::fail_start(const std::string& key, const std::string& run_id, const BatchAiError& error) {
  end_start(key, run_id, [&](JobRecord& job, Timestamp now) { job.fail(error, kSetupExitCode, now); });
}

void Reconciler::end_start(const std::string& key, const std::string& run_id,
                           const std::function<void(JobRecord& job, Timestamp now)>& end) {
  store_.write([&](Transaction& transaction) {
    auto document = transaction.get(key);
    if (!document || JobRecord(*document).run_id() != run_id) {
      return;
    }
    JobRecord job(std::move(*document));
    ClusterRecord cluster(transaction.get(job.cluster()).value());
    const auto now = clock_.now();
    end(job, now);
    finish_job(transaction, cluster, job, run_id, now);
    cluster.save(transaction);
  });
}

bool Reconciler::stop_run(const std::string& run_id) {
  if (!stopped_.insert(run_id).second) {
    return false;
  }
  engine_.stop(run_id);
  return true;
}

void Reconciler::release_runs(const std::vector<std::string>& run_ids) {
  std::vector<std::string> released;
  std::exception_ptr failure;
  for (const auto& run_id : run_ids) {
    try {
      engine_.release(run_id);
      stopped_.erase(run_id);
      released.push_back(run_id);
    } catch (const std::exception&) {
      failure = std::current_exception();
    }
  }
  if (!released.empty()) {
    store_.write([&](Transaction& transaction) {
      for (const auto& run_id : released) {
        forget_released(transaction, run_id);
      }
    });
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

void Reconciler::start() {
  thread_ = std::jthread([this](const std::stop_token& token) { run(token); });
}

void Reconciler::stop() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

void Reconciler::wake() { signal_->raise(); }

void Reconciler::run(const std::stop_token& token) {
  while (!token.stop_requested()) {
    try {
      if (!reconcile_once()) {
        wait(token);
      }
    } catch (const std::exception& error) {
      options_.report("The scheduler will try again: " + std::string(error.what()));
      signal_->wait_for(token, kWaitAfterFailure);
    }
  }
}

void Reconciler::wait(const std::stop_token& token) {
  std::chrono::steady_clock::duration longest = kLongestWait;
  const auto until = [&](Timestamp moment) {
    longest = std::clamp<std::chrono::steady_clock::duration>(moment - clock_.now(), {}, longest);
  };
  for (const auto& [cluster, moment] : due_) {
    until(moment);
  }
  if (start_again_) {
    until(*start_again_);
  }
  signal_->wait_for(token, longest);
}

}  // namespace batchai::server
