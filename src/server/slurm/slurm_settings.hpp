#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// How runs are asked for in Slurm. Each text is empty, which leaves the choice to Slurm, or a list of entries with
/// commas between them: `VALUE` for all, `SIZE=VALUE` for nodes of that VM size.
struct SlurmSettings {
  std::string partition;
  std::string constraint;
  std::string account;
  std::string qos;
  /// Name of the generic resource that GPUs are, as `gpu` or `gpu:v100`; as many are asked for as the VM size has.
  std::string gres;
  /// CPUs of each node that is not exclusive (1 if empty), and memory as Slurm writes it: `4G`.
  std::string cpus;
  std::string memory;
  /// Whether nothing else runs on the nodes of a run.
  bool exclusive = true;
  /// What a lower priority adds to a job's nice value.
  int nice_step = 1000;
  /// Folder of Slurm's commands; empty: where PATH leads.
  std::filesystem::path commands;
  /// SLURM_CONF for these commands; empty: Slurm's own.
  std::filesystem::path config;
};

/// The value that such a text has for a VM size, in any case of letters.
std::string value_for(const std::string& entries, std::string_view size);
/// All values of such a text.
std::vector<std::string> all_values(const std::string& entries);

/// Throws std::invalid_argument that names the setting and what is wrong with it.
void check_settings(const SlurmSettings& settings);

/// What Slurm's commands read on this machine besides what is in the system's folders: their configuration, and the
/// socket of munge that it names.
std::vector<std::filesystem::path> files_of_slurm(const SlurmSettings& settings);

}  // namespace batchai::server
