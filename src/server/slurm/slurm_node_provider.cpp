#include "server/slurm/slurm_node_provider.hpp"

#include "core/shell_quote.hpp"
#include "server/run/job_programs.hpp"
#include "server/run/node_binding.hpp"

namespace batchai::server {

namespace fs = std::filesystem;

namespace {

constexpr const char* kReachByStep = R"sh(unset SLURM_MEM_PER_CPU SLURM_MEM_PER_GPU SLURM_MEM_PER_NODE
if [ $# -eq 0 ]; then set -- exec /bin/bash; fi
exec srun --overlap --nodes=1 --ntasks=1 --nodelist="$BATCHAI_NODE" --chdir=/ --cpu-bind=none --mem=0 --mpi=none \
  --quiet /bin/bash -c 'cd "$HOME" || exit; eval "$1"' ssh "$*"
)sh";

constexpr const char* kSetVariablesHere = R"sh(if ! set_variables "$SLURMD_NODENAME"; then
  echo "mpi-rank: '$SLURMD_NODENAME' is no node of this job" >&2
  exit 1
fi
)sh";

}  // namespace

std::string SlurmNodeProvider::node_address(std::int64_t number) const { return address_to_come(number); }

std::string SlurmNodeProvider::mpi_host(const std::string& address) const { return host_to_come(address); }

fs::path SlurmNodeProvider::node_folder(const std::string& cluster_uuid, const std::string& node_id) const {
  return data_folder_ / "nodes" / cluster_uuid / node_id;
}

fs::path SlurmNodeProvider::machine_folder(const std::string& cluster_uuid, const std::string& address) const {
  return node_folder(cluster_uuid, kMachinesFolder) / host_to_come(address);
}

fs::path SlurmNodeProvider::file_server_folder(const std::string& uuid) const {
  return data_folder_ / "fileservers" / uuid;
}

std::vector<fs::path> SlurmNodeProvider::devices(const std::vector<int>&) const {
  std::vector<fs::path> result{"/dev/nvidiactl",
                               "/dev/nvidia-uvm",
                               "/dev/nvidia-uvm-tools",
                               "/dev/nvidia-modeset",
                               "/dev/nvidia-caps",
                               "/dev/infiniband",
                               "/dev/kfd",
                               "/dev/dri"};
  constexpr int kMostGpus = 16;
  for (int gpu = 0; gpu < kMostGpus; ++gpu) {
    result.push_back("/dev/nvidia" + std::to_string(gpu));
  }
  return result;
}

std::vector<fs::path> SlurmNodeProvider::readable(std::size_t nodes) const {
  return nodes > 1 ? slurm_files_ : std::vector<fs::path>();
}

std::map<std::string, std::string> SlurmNodeProvider::communication_environment() const {
  return {{"OMPI_ALLOW_RUN_AS_ROOT", "1"},
          {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
          // How many ranks a node has, the job says and not Slurm's CPUs.
          {"OMPI_MCA_rmaps_base_oversubscribe", "1"}};
}

std::vector<RunFile> SlurmNodeProvider::programs(const fs::path& folder, const std::vector<ProgramNode>& nodes,
                                                 bool with_mpi) const {
  std::vector<ReachableNode> reachable;
  for (const ProgramNode& node : nodes) {
    const auto host = host_to_come(node.address);
    reachable.push_back(
        {{node.address, host}, variables_of_node(node, nodes) + "export BATCHAI_NODE=" + shell_quote(host) + "\n"});
  }
  std::vector<RunFile> result{ssh_program(folder, reachable, kReachByStep)};
  if (with_mpi) {
    result.push_back(mpi_launcher(folder));
    result.push_back(mpi_rank(folder, variables_by_host(reachable) + kSetVariablesHere));
  }
  return result;
}

std::string SlurmNodeProvider::mpi_command(int count, const std::string& command, const fs::path& folder) const {
  return mpi_launch_command(count, command, folder);
}

}  // namespace batchai::server
