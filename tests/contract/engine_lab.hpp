#pragma once

#include "contract/scratch.hpp"
#include "server/run/engine.hpp"
#include "server/supervisor/process_table.hpp"

#include <condition_variable>
#include <csignal>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {

/// What the contract needs of a kind of engine. One object per test.
class EngineLab {
 public:
  virtual ~EngineLab() = default;
  /// An engine; every call gives another one over the same records.
  virtual std::unique_ptr<Engine> make() = 0;
  /// Ends whatever stands between the engine and the processes of the run, as a failing machine would.
  virtual void break_supervision(const std::string& run_id) = 0;
  /// Takes a node away from a run, as a machine does that breaks down: index into RunPlan::nodes. Where all nodes are
  /// one machine, that is no less than the run's supervision.
  virtual void lose_node(const std::string& run_id, std::size_t /*node*/) { break_supervision(run_id); }
  /// Whether the engine itself sets this variable for the processes of runs, besides what all engines do.
  virtual bool sets(const std::string& /*variable*/) const { return false; }
};

struct EngineKind {
  std::string name;
  std::function<std::unique_ptr<EngineLab>()> make;
};

inline void PrintTo(const EngineKind& kind, std::ostream* out) { *out << kind.name; }

/// Collects what an engine tells about ended runs.
class Ended {
 public:
  void operator()(const std::string& run_id) {
    const std::scoped_lock lock(mutex_);
    ended_.insert(run_id);
    changed_.notify_all();
  }
  bool wait_for(const std::string& run_id) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kDeadline, [&] { return ended_.contains(run_id); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> ended_;
};

/// An engine with an ear for the ends of runs.
struct Service {
  explicit Service(std::unique_ptr<Engine> made) : engine(std::move(made)) {
    engine->on_ended([ended = ended](const std::string& run_id) { (*ended)(run_id); });
  }
  RunOutcome wait(const std::string& run_id) {
    EXPECT_TRUE(ended->wait_for(run_id)) << "run " << run_id << " does not end";
    return engine->outcome(run_id).value_or(RunOutcome{.kind = RunOutcome::Kind::Lost, .message = "still running"});
  }
  RunOutcome run(const RunPlan& plan) {
    engine->start(plan);
    return wait(plan.run_id);
  }
  std::shared_ptr<Ended> ended = std::make_shared<Ended>();
  std::unique_ptr<Engine> engine;
};

class EngineContract : public ::testing::TestWithParam<EngineKind> {
 protected:
  RunProcess process(const std::string& name, const std::string& command) const {
    return {.name = name,
            .command = command,
            .stdout_file = scratch / (name + ".out"),
            .stderr_file = scratch / (name + ".err")};
  }

  /// One node, processes named p0, p1, …
  RunPlan plan(const std::string& run_id, const std::vector<std::string>& commands) const {
    RunPlan result{.run_id = run_id,
                   .nodes = {{.id = "node-1",
                              .address = "127.0.0.1",
                              .working_directory = scratch.path(),
                              .execution_log = scratch / "execution.log"}}};
    for (const auto& command : commands) {
      result.processes.push_back(process("p" + std::to_string(result.processes.size()), command));
    }
    result.environment = {{"HOME", scratch.path().string()}, {"PATH", "/usr/bin:/bin"}};
    return result;
  }

  std::string text(const std::string& name) const { return read_text(scratch / name); }

  /// The pid that a process of the run has written into the file `name`.
  pid_t pid_in(const std::string& name) const { return std::stoi(wait_for_line(scratch / name)); }

  /// Whether it has ended; who inherited it may not have taken note yet.
  static bool is_gone(pid_t pid) {
    const auto stat = read_text("/proc/" + std::to_string(pid) + "/stat");
    return stat.empty() || stat.find(") Z ") != std::string::npos || stat.find(") X ") != std::string::npos;
  }

  Scratch scratch;
  std::unique_ptr<EngineLab> lab = GetParam().make();
  Service service{lab->make()};
};

using Kind = RunOutcome::Kind;

}  // namespace batchai::server::test
