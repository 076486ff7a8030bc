#pragma once

#include "server/run/node_provider.hpp"

namespace batchai::server {

/// Nodes that are slots of this machine, for the local engine: each has a loopback address and a folder of its own, and
/// they share the machine's GPUs.
class LocalNodeProvider : public NodeProvider {
 public:
  /// Folders are inside `data_folder`; `gpus` as of count_gpus().
  LocalNodeProvider(std::filesystem::path data_folder, int gpus) : data_folder_(std::move(data_folder)), gpus_(gpus) {}

  /// 127.64.0.1 to 127.127.255.254, then from the beginning.
  std::string node_address(std::int64_t number) const override;
  /// The number that has this address, from 0 up; 0 for what node_address() does not give.
  static std::int64_t number_of_address(const std::string& address);
  /// `DIR/nodes/<cluster uuid>/<node id>`
  std::filesystem::path node_folder(const std::string& cluster_uuid, const std::string& node_id) const override;
  /// `DIR/fileservers/<uuid>`: not by name, so that a server with the name of a deleted one begins empty.
  std::filesystem::path file_server_folder(const std::string& uuid) const override;
  std::string file_server_address() const override { return "127.0.0.1"; }
  int gpus() const override { return gpus_; }
  /// `0,1`; empty, which hides all, for none. Nothing on a machine without GPUs.
  std::optional<std::string> visible_gpus(const std::vector<int>& gpus) const override;
  /// `/dev/nvidiaN` of these GPUs, and those that all need.
  std::vector<std::filesystem::path> devices(const std::vector<int>& gpus) const override;
  /// Finds out by listening for a moment.
  bool is_free_port(const std::string& address, int port) const override;
  std::map<std::string, std::string> communication_environment() const override;
  /// - `ssh` reaches the nodes of the job without a password, and all other hosts through the real one: it starts the
  /// command
  ///   here, with folders and variables of that node. OpenMPI uses it, too.
  /// - `mpi-launch` and `mpi-rank` are what mpi_command() uses: mpirun does not always end with a rank's exit code.
  ///
  /// They hold what differs between the nodes' variables; secrets are the same for all and are in none.
  std::vector<RunFile> programs(const std::filesystem::path& folder, const std::vector<ProgramNode>& nodes,
                                bool with_mpi) const override;
  std::string mpi_command(int count, const std::string& command, const std::filesystem::path& folder) const override;

 private:
  std::filesystem::path data_folder_;
  int gpus_;
};

/// How many GPUs this machine has: devices `nvidia0`, `nvidia1`, … without a gap.
int count_gpus(const std::filesystem::path& devices = "/dev");

}  // namespace batchai::server
