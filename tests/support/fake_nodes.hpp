#pragma once

#include "server/run/node_provider.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace batchai::server::test {

/// Nodes of a machine that is not there: addresses 10.0.x.y, folders below one that the test gives, ports that are free
/// unless a test says otherwise, and an MPI launcher that is a word.
class FakeNodes final : public NodeProvider {
 public:
  explicit FakeNodes(std::filesystem::path root) : root_(std::move(root)) {}

  std::string node_address(std::int64_t number) const override {
    return "10.0." + std::to_string(number / 250) + "." + std::to_string(number % 250 + 4);
  }
  std::filesystem::path node_folder(const std::string& cluster_uuid, const std::string& node_id) const override {
    return root_ / "nodes" / cluster_uuid / node_id;
  }
  std::filesystem::path file_server_folder(const std::string& uuid) const override {
    return root_ / "fileservers" / uuid;
  }
  std::string file_server_address() const override { return "10.0.255.1"; }
  int gpus() const override { return gpu_count; }
  std::optional<std::string> visible_gpus(const std::vector<int>& gpus) const override {
    if (gpu_count == 0) {
      return std::nullopt;
    }
    std::string text;
    for (const int gpu : gpus) {
      text += (text.empty() ? "" : ",") + std::to_string(gpu);
    }
    return text;
  }
  bool is_free_port(const std::string& address, int port) const override {
    return !busy_ports.contains(address + ":" + std::to_string(port));
  }
  std::map<std::string, std::string> communication_environment() const override { return {{"FABRIC", "none"}}; }
  std::vector<RunFile> programs(const std::filesystem::path& folder, const std::vector<ProgramNode>& nodes,
                                bool with_mpi) const override {
    std::vector<RunFile> files;
    for (const ProgramNode& node : nodes) {
      const auto home = node.environment.find("HOME");
      files.push_back({folder / node.address, home == node.environment.end() ? "" : home->second});
    }
    if (with_mpi) {
      files.push_back({folder / "launch", "", true});
    }
    return files;
  }
  std::string mpi_command(int count, const std::string& command, const std::filesystem::path& folder) const override {
    return "launch " + std::to_string(count) + " from " + folder.string() + ": " + command;
  }

  bool chooses_machines_late() const override { return late; }
  std::optional<NodeSupply> supply(const std::string&) const override { return machines; }

  int gpu_count = 0;
  /// As of an engine with a queue of its own.
  bool late = false;
  std::optional<NodeSupply> machines;
  /// `address:port`
  std::set<std::string> busy_ports;

 private:
  std::filesystem::path root_;
};

}  // namespace batchai::server::test
