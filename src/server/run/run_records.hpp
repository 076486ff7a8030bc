#pragma once

#include "core/descriptor.hpp"
#include "server/run/engine.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace batchai::server {

/// Whether it can be the id of a run, and so the name of its folder: letters, digits, `.`, `_`, `-`, 200 at most, and
/// no `.` at the beginning.
bool is_run_id(std::string_view text);

/// What is known on disk about who runs a run. No secrets.
struct SupervisorRecord {
  pid_t pid = 0;
  /// As process_start_time() returns it.
  std::uint64_t start_time = 0;
  Timestamp started{};
  /// Of the plan.
  std::chrono::milliseconds grace = RunPlan().grace;
  std::optional<std::chrono::seconds> limit = {};
  /// For cleaning up when the supervisor is gone.
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> mounts = {};
  /// As writable_of(), for the same.
  std::vector<std::filesystem::path> writable = {};
};

/// The first process of a sandbox, at whose end the kernel ends all others in it.
struct SandboxRecord {
  pid_t pid = 0;
  /// As process_start_time() returns it.
  std::uint64_t start_time = 0;

  bool operator==(const SandboxRecord&) const = default;
};

/// The folder `DIR/runs/<run_id>`: written by the supervisor of the run, read by the engine, which writes
/// the outcome of a run that has no supervisor. Its files:
/// `lock` (locked as long as the supervisor lives), `supervisor.json`, `reserve` (room for the outcome should the disk
/// be full by then), `outcome.json`, `sandboxes`, `supervisor.log`.
class RunRecords {
 public:
  explicit RunRecords(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::filesystem::path log_file() const { return folder_ / "supervisor.log"; }

  /// Whether the folder is there, as far as is known.
  bool exist() const;

  /// Makes the next reading see what other machines have written, by a change of the folder: a network file system may
  /// go on saying for a minute that a file is not there which it did not find once (NFS does, lookupcache=all). Does
  /// not throw.
  void look_anew() const noexcept;

  /// The lock of the run, held until the descriptor is closed; empty if another process has it. Throws
  /// std::system_error if the lock file cannot be made.
  Descriptor try_lock() const;

  /// Nothing if there is none, or what is there is no record. Throws std::system_error if it cannot be read.
  std::optional<SupervisorRecord> read_supervisor() const;
  void write_supervisor(const SupervisorRecord& record) const;
  /// Adds one. Throws std::system_error if it cannot be written.
  void note_sandbox(const SandboxRecord& sandbox) const;
  /// All that have been noted, ended or not. Throws std::system_error if they cannot be read.
  std::vector<SandboxRecord> read_sandboxes() const;
  /// Nothing if there is no outcome, or what is there is none. Throws std::system_error if it cannot be read.
  std::optional<RunOutcome> read_outcome() const;
  /// Reserves room on the disk that write_outcome() uses. Throws std::system_error if there is none.
  void reserve_outcome() const;
  /// Throws std::system_error if the disk does not accept it.
  void write_outcome(const RunOutcome& outcome) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace batchai::server
