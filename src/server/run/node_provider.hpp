#pragma once

#include "server/run/engine.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// A node, for the programs of a job on it.
struct ProgramNode {
  std::string address;
  /// What the service sets for the processes of the job there.
  std::map<std::string, std::string> environment = {};
};

/// The machines that an engine may choose from for nodes of one kind.
struct NodeSupply {
  struct Unusable {
    std::string host;
    /// In the engine's words.
    std::string reason;

    bool operator==(const Unusable&) const = default;
  };
  /// Nodes that the machines which take jobs could be at a time.
  int nodes = 0;
  /// Machines that are being made ready, those that will take no more jobs when theirs are over, and those that take
  /// none.
  int preparing = 0;
  int leaving = 0;
  std::vector<Unusable> unusable = {};

  bool operator==(const NodeSupply&) const = default;
};

/// Folder of machines among those of the nodes of a cluster.
inline constexpr const char* kMachinesFolder = "machines";

/// All that service and planning know of the nodes that an engine runs plans on. Comes with the
/// engine. Nothing here makes or changes anything. Thread-safe.
class NodeProvider {
 public:
  virtual ~NodeProvider() = default;

  /// Address of a new node, where other nodes reach it. `number` is a different one for every node of the service.
  virtual std::string node_address(std::int64_t number) const = 0;
  /// The node's own folder, there or not; removed when the node is gone.
  virtual std::filesystem::path node_folder(const std::string& cluster_uuid, const std::string& node_id) const = 0;
  /// Folder for what is installed on the machine behind the node, there or not; empty where that is node_folder().
  /// Below the folder that node_folder() gives for the name kMachinesFolder; removed with the cluster.
  virtual std::filesystem::path machine_folder(const std::string& /*cluster_uuid*/,
                                               const std::string& /*address*/) const {
    return {};
  }
  /// Folder that a file server exports, there or not, and the address at which nodes reach file servers.
  virtual std::filesystem::path file_server_folder(const std::string& uuid) const = 0;
  virtual std::string file_server_address() const = 0;

  /// How many GPUs all nodes share between them.
  virtual int gpus() const = 0;
  /// Value of CUDA_VISIBLE_DEVICES for a node that has these of them; nothing where it is not to be set.
  virtual std::optional<std::string> visible_gpus(const std::vector<int>& gpus) const = 0;

  /// For a sandbox: the devices that a node which has these of the GPUs may use, and what the processes of a job on so
  /// many nodes have to read besides the system's folders. Not all has to exist.
  virtual std::vector<std::filesystem::path> devices(const std::vector<int>& /*gpus*/) const { return {}; }
  virtual std::vector<std::filesystem::path> readable(std::size_t /*nodes*/) const { return {}; }

  /// Whether a process on the node with this address could listen at the port now; true where that is unknown.
  virtual bool is_free_port(const std::string& address, int port) const = 0;
  /// Variables that MPI and gloo need to connect processes on these nodes.
  virtual std::map<std::string, std::string> communication_environment() const = 0;
  /// Programs that are put in front of the PATH of a job's processes, all in `folder`, as `ssh`; `with_mpi` what
  /// mpi_command() uses, too.
  virtual std::vector<RunFile> programs(const std::filesystem::path& folder, const std::vector<ProgramNode>& nodes,
                                        bool with_mpi) const = 0;
  /// Shell command that runs `command` in `count` ranks on the nodes of the host file that AZ_BATCHAI_MPI_HOST_FILE
  /// names. Each rank has a shell of its own, so that `command` may use the variables of its rank and node. The exit
  /// code is that of the first rank that fails. `folder` is where programs() are.
  virtual std::string mpi_command(int count, const std::string& command, const std::filesystem::path& folder) const = 0;

  /// Whether the engine chooses the machine that a node is only when a run begins: nodes are shares of what it has
  /// then, runs may wait in its own queue, and no machine can be set up before.
  virtual bool chooses_machines_late() const { return false; }
  /// Name of a node in host files for MPI.
  virtual std::string mpi_host(const std::string& address) const { return address; }
  /// What is known of the machines for this kind of node (a VM size); nothing where all nodes are always there.
  virtual std::optional<NodeSupply> supply(const std::string& /*node_kind*/) const { return std::nullopt; }
};

}  // namespace batchai::server
