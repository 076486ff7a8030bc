#pragma once

#include "server/run/engine.hpp"
#include "server/run/run_records.hpp"

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace batchai::server {

/// Gets the processes of a run onto their nodes. What start() starts is a child of the caller: the process itself, or
/// one that stands in for a process on another node.
class Launcher {
 public:
  virtual ~Launcher() = default;
  /// `process` is one of the plan's. Throws as launch() does.
  virtual pid_t start(const RunPlan& plan, const RunProcess& process) = 0;
  /// Whether a child stands in for it. Of such a child's process group only the child itself is sent a soft signal, and
  /// that is SIGUSR1.
  virtual bool is_remote(const RunProcess& process) const = 0;
  /// Exit code of the process, 128 + n after signal n, whose child has ended with this status. Nothing where it was
  /// lost with its node.
  virtual std::optional<int> exit_code(const RunPlan& plan, const RunProcess& process, int status) const = 0;

  /// How many of the nodes are the machine that this process is on.
  virtual std::size_t nodes_here(const RunPlan& plan) const { return plan.nodes.size(); }
  /// Whether a descendant of this process is none of the run's, but goes on for it until close() (as the first process
  /// of a container): it gets no soft signal, and nobody waits for its end before that.
  virtual bool keeps(pid_t) const { return false; }
  /// Whether there may be such.
  virtual bool keeps_some() const { return false; }
  /// Ends what it keeps, and whatever is in there. Then it keeps nothing any more.
  virtual void close() {}

  /// Where the process runs, for messages.
  virtual std::string host_of(const RunPlan& plan, const RunProcess& process) const {
    return plan.nodes.at(process.node).id;
  }
};

/// Exit code that stands for a status of waitpid(2).
int exit_code_of_status(int status);

/// All nodes are this machine.
class LocalLauncher final : public Launcher {
 public:
  /// Notes sandboxes in these records, which outlive it; null: nowhere.
  explicit LocalLauncher(const RunRecords* records = nullptr) : records_(records) {}

  pid_t start(const RunPlan& plan, const RunProcess& process) override;
  bool is_remote(const RunProcess&) const override { return false; }
  std::optional<int> exit_code(const RunPlan&, const RunProcess&, int status) const override {
    return exit_code_of_status(status);
  }

 private:
  const RunRecords* records_;
};

}  // namespace batchai::server
