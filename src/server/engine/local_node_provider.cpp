#include "server/engine/local_node_provider.hpp"

#include "core/descriptor.hpp"
#include "core/joined.hpp"
#include "server/run/job_programs.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace batchai::server {

namespace fs = std::filesystem;

namespace {

constexpr const char* kReachHere =
    R"sh(# A folder for each daemon of OpenMPI: they fall over each other when they make a common one. Not to be set for mpirun,
# which would pass its own on to all of them.
export OMPI_MCA_orte_tmpdir_base="$here/../mpi/$host"
cd "$HOME" || exit
if [ $# -eq 0 ]; then exec /bin/bash; fi
exec /bin/bash -c "$*"
)sh";

}  // namespace

std::string LocalNodeProvider::node_address(std::int64_t number) const {
  const auto host = number % (64LL * 256 * 254);
  return "127." + std::to_string(64 + host / (256 * 254)) + "." + std::to_string(host / 254 % 256) + "." +
         std::to_string(host % 254 + 1);
}

std::int64_t LocalNodeProvider::number_of_address(const std::string& address) {
  in_addr parts{};
  if (::inet_pton(AF_INET, address.c_str(), &parts) != 1) {
    return 0;
  }
  const auto value = static_cast<std::int64_t>(ntohl(parts.s_addr));
  const auto second = value >> 16 & 255;
  return second < 64 || second > 127 ? 0 : ((second - 64) * 256 + (value >> 8 & 255)) * 254 + (value & 255) - 1;
}

fs::path LocalNodeProvider::node_folder(const std::string& cluster_uuid, const std::string& node_id) const {
  return data_folder_ / "nodes" / cluster_uuid / node_id;
}

fs::path LocalNodeProvider::file_server_folder(const std::string& uuid) const {
  return data_folder_ / "fileservers" / uuid;
}

std::optional<std::string> LocalNodeProvider::visible_gpus(const std::vector<int>& gpus) const {
  return gpus_ > 0 ? std::optional(joined(gpus, ",", [](int gpu) { return std::to_string(gpu); })) : std::nullopt;
}

std::vector<fs::path> LocalNodeProvider::devices(const std::vector<int>& gpus) const {
  if (gpus.empty()) {
    return {};
  }
  std::vector<fs::path> result{"/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools", "/dev/nvidia-modeset",
                               "/dev/nvidia-caps"};
  for (const int gpu : gpus) {
    result.push_back("/dev/nvidia" + std::to_string(gpu));
  }
  return result;
}

bool LocalNodeProvider::is_free_port(const std::string& address, int port) const {
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in endpoint{};
  endpoint.sin_family = AF_INET;
  endpoint.sin_port = htons(static_cast<std::uint16_t>(port));
  if (!listener || ::inet_pton(AF_INET, address.c_str(), &endpoint.sin_addr) != 1) {
    return true;
  }
  // As most servers do: lingering connections of an earlier job are no obstacle.
  const int on = 1;
  ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool bound = ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&endpoint), sizeof endpoint) == 0;
  return bound ? ::listen(listener.get(), 1) == 0 : errno != EADDRINUSE;
}

std::map<std::string, std::string> LocalNodeProvider::communication_environment() const {
  return {// Otherwise gloo looks up the machine's name, which may be any address.
          {"GLOO_SOCKET_IFNAME", "lo"},
          {"OMPI_ALLOW_RUN_AS_ROOT", "1"},
          {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
          // Shared memory is left out: its names clash between several daemons on one machine.
          {"OMPI_MCA_btl", "self,tcp"},
          {"OMPI_MCA_btl_tcp_if_include", "lo"},
          {"OMPI_MCA_oob_tcp_if_include", "lo"},
          // Each daemon would bind its ranks to the first cores, and they would busy-wait for messages.
          {"OMPI_MCA_hwloc_base_binding_policy", "none"},
          {"OMPI_MCA_mpi_yield_when_idle", "1"}};
}

std::vector<RunFile> LocalNodeProvider::programs(const fs::path& folder, const std::vector<ProgramNode>& nodes,
                                                 bool with_mpi) const {
  std::vector<ReachableNode> reachable;
  for (const ProgramNode& node : nodes) {
    reachable.push_back({{node.address}, variables_of_node(node, nodes)});
  }
  std::vector<RunFile> result{ssh_program(folder, reachable, kReachHere)};
  if (with_mpi) {
    result.push_back(mpi_launcher(folder));
    result.push_back(mpi_rank(folder, ""));
  }
  return result;
}

std::string LocalNodeProvider::mpi_command(int count, const std::string& command, const fs::path& folder) const {
  return mpi_launch_command(count, command, folder);
}

int count_gpus(const fs::path& devices) {
  std::error_code ignored;
  int count = 0;
  while (fs::exists(devices / ("nvidia" + std::to_string(count)), ignored)) {
    ++count;
  }
  return count;
}

}  // namespace batchai::server
