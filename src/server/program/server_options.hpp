#pragma once

#include "server/http/listen_options.hpp"
#include "server/monitoring/log_options.hpp"
#include "server/program/job_limits.hpp"
#include "server/records/usage_limits.hpp"
#include "server/scheduling/operation_retention.hpp"
#include "server/slurm/slurm_settings.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace batchai::server {

/// The command line or the configuration file is wrong; what() says what and where.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class TlsMode { Auto, Off, Files };

/// Auto: where the service listens for this machine only, and nothing is missing.
enum class NodeSshMode { Auto, On, Off };

/// Whether the processes of jobs are put into a sandbox. Auto: where that works.
enum class IsolationMode { Auto, None, Sandbox };

/// What becomes of jobs that ask for a container. Auto: they get one where that works, and fail elsewhere.
enum class ContainersMode { Auto, Refuse, Host, Podman };

struct ServerOptions {
  std::filesystem::path data_dir;
  std::string host = "127.0.0.1";
  /// 0: a free one.
  std::uint16_t management_port = 10010;
  std::uint16_t files_port = 10011;
  TlsMode tls = TlsMode::Auto;
  /// For TlsMode::Files.
  std::filesystem::path certificate;
  std::filesystem::path private_key;
  std::string engine = "local";
  /// For the engine of that name.
  SlurmSettings slurm;
  IsolationMode isolation = IsolationMode::Auto;
  /// What jobs in a sandbox may read besides the system: absolute paths with colons between them.
  std::string sandbox_readable;
  JobLimits job_limits;
  /// Whether the nodes have an SSH server.
  NodeSshMode node_ssh = NodeSshMode::Auto;
  ContainersMode containers = ContainersMode::Auto;
  /// How long autoscale leaves a node idle before it takes it away.
  std::chrono::seconds node_idle_time{60};
  /// Empty: chosen at the first start, then always the same. Not to be changed later.
  std::string subscription;
  std::string tenant;
  std::string account;
  /// Whether this start may make a database for a folder that has lost its own.
  bool new_database = false;
  /// Whether to check the database completely in place of a start.
  bool check_database = false;
  /// Whether everyone on this machine gets tokens without a secret.
  bool managed_identity = false;
  LogOptions log;
  UsageLimits quotas;
  /// Of each of the two listeners.
  ListenLimits limits;
  unsigned workers = 8;
  OperationRetention operations;
};

/// Reads the command line, and the JSON file that `--config` names (see config_file.hpp). The command line takes
/// precedence. Nothing if help, the version or a check of the configuration was asked for and printed. Throws
/// UsageError.
std::optional<ServerOptions> read_server_options(int count, const char* const* words);

/// Whether a host is only this machine: 127.0.0.0/8, ::1, localhost.
bool is_loopback_host(std::string_view host);

}  // namespace batchai::server
