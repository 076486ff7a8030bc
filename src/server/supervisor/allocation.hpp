#pragma once

#include "server/run/node_binding.hpp"
#include "server/supervisor/launcher.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace batchai::server {

/// Variables that Slurm has set for this process and that those of the run need as well: `SLURM_…` for MPI and for
/// steps, and the devices that they may use.
std::map<std::string, std::string> allocation_environment();

/// The nodes of the Slurm job that this process is in, the one that it runs on first. Asks Slurm where there is more
/// than one. Throws std::exception if it does not answer.
std::vector<BoundNode> allocated_nodes();

/// Starts processes on the nodes of a Slurm job: here those of the first node, and elsewhere by a step each, in which
/// this program takes the plan from the run's folder (run_process).
class AllocationLauncher final : public Launcher {
 public:
  AllocationLauncher(std::filesystem::path run_folder, std::vector<BoundNode> nodes)
      : run_folder_(std::move(run_folder)), nodes_(std::move(nodes)) {}

  /// Makes sure that the other nodes, one at least, see the folder of the run and have this program. Throws
  /// std::runtime_error that names the nodes that do not.
  void check_nodes() const;

  pid_t start(const RunPlan& plan, const RunProcess& process) override;
  bool is_remote(const RunProcess& process) const override { return process.node != 0; }
  std::optional<int> exit_code(const RunPlan& plan, const RunProcess& process, int status) const override;
  std::size_t nodes_here(const RunPlan&) const override { return 1; }
  std::string host_of(const RunPlan&, const RunProcess& process) const override { return nodes_.at(process.node).host; }

 private:
  std::vector<std::string> step_arguments(const std::vector<std::string>& hosts) const;

  std::filesystem::path run_folder_;
  std::vector<BoundNode> nodes_;
};

/// Proves that this node can write to the run's folder, and leaves a file there by which check_nodes() knows that.
/// Throws std::system_error.
void note_node(const std::filesystem::path& run_folder);

/// One process of the plan in `run_folder`, named as AllocationLauncher does, on the node that this program runs on:
/// from its start to its end, which is noted in the folder. Returns its exit code.
int run_process(const std::filesystem::path& run_folder, const std::string& process);

}  // namespace batchai::server
