#pragma once

#include "server/run/node_provider.hpp"
#include "server/slurm/slurm_nodes.hpp"

#include <memory>

namespace batchai::server {

/// Nodes that Slurm chooses when a run begins: a node of a cluster is a share of what Slurm has, with a folder in the
/// data folder, which all machines of the Slurm cluster have to see at the same path.
class SlurmNodeProvider final : public NodeProvider {
 public:
  /// `slurm_files` is what Slurm's commands read besides what is in the system's folders.
  SlurmNodeProvider(std::filesystem::path data_folder, std::shared_ptr<SlurmNodes> nodes,
                    std::vector<std::filesystem::path> slurm_files = {})
      : data_folder_(std::move(data_folder)), nodes_(std::move(nodes)), slurm_files_(std::move(slurm_files)) {}

  /// A name that stands for the machine to come (node_binding.hpp).
  std::string node_address(std::int64_t number) const override;
  std::filesystem::path node_folder(const std::string& cluster_uuid, const std::string& node_id) const override;
  /// Below the machine's name, which is known when a run begins.
  std::filesystem::path machine_folder(const std::string& cluster_uuid, const std::string& address) const override;
  std::filesystem::path file_server_folder(const std::string& uuid) const override;
  std::string file_server_address() const override { return "127.0.0.1"; }
  /// None: Slurm gives them to its jobs.
  int gpus() const override { return 0; }
  std::optional<std::string> visible_gpus(const std::vector<int>&) const override { return std::nullopt; }
  /// Those that Slurm lets a job use, by cgroups where the administrator has asked for that: here all of them.
  std::vector<std::filesystem::path> devices(const std::vector<int>& gpus) const override;
  /// On several nodes, what Slurm's commands need: MPI and `ssh` start processes by them.
  std::vector<std::filesystem::path> readable(std::size_t nodes) const override;
  bool is_free_port(const std::string&, int) const override { return true; }
  std::map<std::string, std::string> communication_environment() const override;
  /// `ssh` reaches the nodes of the job by steps of Slurm; `mpi-launch` and `mpi-rank` are what mpi_command() uses:
  /// mpirun starts its daemons by Slurm, and a rank sets the variables of its node.
  std::vector<RunFile> programs(const std::filesystem::path& folder, const std::vector<ProgramNode>& nodes,
                                bool with_mpi) const override;
  std::string mpi_command(int count, const std::string& command, const std::filesystem::path& folder) const override;
  bool chooses_machines_late() const override { return true; }
  std::string mpi_host(const std::string& address) const override;
  std::optional<NodeSupply> supply(const std::string& node_kind) const override { return nodes_->supply(node_kind); }

 private:
  std::filesystem::path data_folder_;
  std::shared_ptr<SlurmNodes> nodes_;
  std::vector<std::filesystem::path> slurm_files_;
};

}  // namespace batchai::server
