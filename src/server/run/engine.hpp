#pragma once

#include "batchai/core/time.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

/// A node that a run was given.
struct RunNode {
  /// As `tvm-1915592855_1-20180621t171517z`.
  std::string id;
  /// Address that processes of the run reach each other at.
  std::string address;
  int gpus = 0;
  /// Where the processes on this node start.
  std::filesystem::path working_directory = {};
  /// The service's log of what happened on this node, for the user. Empty: none is kept.
  std::filesystem::path execution_log = {};
  /// In a sandbox: the folder that processes on this node see as `/tmp` and `/var/tmp`, and the devices that they may
  /// use besides those that everybody has; what does not exist is left out.
  std::filesystem::path temporary = {};
  std::vector<std::filesystem::path> devices = {};
};

/// What the processes of a run see of the machine besides its system folders. Folders and files have the same paths
/// inside as outside.
struct RunSandbox {
  /// Folders that they may change; have to exist when the first process is started.
  std::vector<std::filesystem::path> writable = {};
  /// What they may read; left out where it does not exist.
  std::vector<std::filesystem::path> readable = {};
  /// What they must not see although it is in a folder that they see; what is writable or readable in there, they see.
  std::vector<std::filesystem::path> hidden = {};

  bool operator==(const RunSandbox&) const = default;
};

/// The container that the processes of a run are started in, which has all nodes of the run that are one machine.
struct RunContainer {
  /// A complete name, as `docker.io/library/debian:12`, or `docker-archive:` or `oci-archive:` and a path.
  std::string image;
  /// For the registry, as podman's file of credentials has it: a secret. Empty: none.
  std::string credentials = {};
  /// Size of /dev/shm as podman takes it; empty: podman's own.
  std::string shm_size = {};
  /// What is in the container besides the image; `hidden` has no meaning.
  RunSandbox view = {};
  /// The folder with podman's configuration, the one that images and containers are kept in, and one with a short name
  /// for what lasts as long as the machine is up. The last two may be empty: then they are where podman has them on the
  /// machine of the node.
  std::filesystem::path configuration = {};
  std::filesystem::path storage = {};
  std::filesystem::path run = {};

  bool operator==(const RunContainer&) const = default;
};

/// The most that the processes of a run may have on each of its nodes; 0 is no limit.
struct RunLimits {
  std::uint64_t memory_bytes = 0;
  std::uint64_t processes = 0;
  /// Of one process.
  std::uint64_t open_files = 0;
  /// Of one file.
  std::uint64_t file_bytes = 0;
  /// Of all that is in the node's own folders.
  std::uint64_t disk_bytes = 0;
  /// Processors that they get while others want them, too.
  std::uint64_t cpus = 0;

  bool operator==(const RunLimits&) const = default;
};

/// A file that a run needs.
struct RunFile {
  std::filesystem::path path;
  /// No secrets: the file can be read by everybody.
  std::string content;
  bool executable = false;
};

/// One process of a run.
struct RunProcess {
  /// Short name for the execution log, as `main`, `wk-0`, `ps-1`, `job_prep`.
  std::string name;
  /// Index into RunPlan::nodes.
  std::size_t node = 0;
  /// Bash source text.
  std::string command;
  /// Added to RunPlan::environment, whose variables they override.
  std::map<std::string, std::string> environment = {};
  std::filesystem::path stdout_file;
  std::filesystem::path stderr_file;
  /// Whether the run lasts until this process ends. The others (parameter servers) are stopped when all that determine
  /// the exit code have ended.
  bool determines_exit = true;
};

/// Everything an engine needs to run a job, with nothing of Batch AI left in it. Holds secrets (environment): never
/// logged, never on a command line, never in a file that others can read.
struct RunPlan {
  /// Unique for ever: the name of the run's records, by which it is found again after a restart of the service.
  std::string run_id;
  /// For engines that show runs to people, as the job's name.
  std::string name = {};
  /// For engines that choose among kinds of nodes, and order runs that wait: as `STANDARD_NC6`, and 0 for the most
  /// urgent.
  std::string node_kind = {};
  int rank = 1;
  std::vector<RunNode> nodes;
  /// Emptied before anything else (what earlier runs left on the nodes); need not exist.
  std::vector<std::filesystem::path> cleared;
  /// Mounts: path inside the run's view -> folder it shows, which must exist. Made next. Those of the nodes stay, for
  /// as long as the node's folder is there; the run's own are removed at its end.
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> node_mounts;
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> mounts;
  /// Made after the mounts, inside and outside of them, parents included.
  std::vector<std::filesystem::path> directories;
  /// Written after `directories`, in place of what was there.
  std::vector<RunFile> files;
  /// Where programs are looked for first; empty: nowhere else than usual.
  std::filesystem::path programs = {};
  /// Where the engine chooses the machines: run on their nodes in parallel, before everything else; each does nothing
  /// on a machine that has been set up. If one fails, nothing else is started.
  std::vector<RunProcess> setup = {};
  /// Run on their nodes in parallel, before `processes`; if one fails, `processes` are not started.
  std::vector<RunProcess> preparation;
  std::vector<RunProcess> processes;
  /// Whether the first process that fails ends all others: ranks that wait for each other would wait for ever.
  bool ends_on_failure = false;
  std::map<std::string, std::string> environment;
  /// Longest time from start to end; over that the run is stopped with outcome TimedOut.
  std::optional<std::chrono::seconds> limit;
  /// Between the soft and the hard signal when a run is stopped.
  std::chrono::milliseconds grace{5'000};
  /// Where there is one, all processes of the run are started in a sandbox (server/supervisor/sandbox.hpp), and what
  /// the supervisor makes for the run is made in folders that are writable in there and nowhere else.
  std::optional<RunSandbox> sandbox = {};
  RunLimits limits = {};
  /// Where there is one, preparation and processes are started in it, and not in the sandbox.
  std::optional<RunContainer> container = {};
  /// Line for the execution logs of the nodes; empty: none.
  std::string remark = {};
};

/// How a run ended.
struct RunOutcome {
  enum class Kind {
    Exited,             ///< by itself; see exit_code
    PreparationFailed,  ///< exit_code is the preparation's
    NotStarted,         ///< folders, mounts or processes could not be made; `message` says why
    NoContainer,        ///< the container or its image could not be had; `message` says why
    TimedOut,           ///< stopped at its limit
    Stopped,            ///< stopped on request
    Cancelled,          ///< stopped by somebody else who may do that, as an operator, and not to be run again
    Lost,               ///< node or supervisor gone, or a run_id never heard of: its result is unknown
    OverLimit,          ///< used more than RunPlan::limits allow and was ended; `message` says of what
    Busy,               ///< no process of it ran, for lack of something that may be available again soon (is_shortage)
  };
  Kind kind = Kind::Exited;
  /// 0…255, 128 + n after signal n; absent where no process ran.
  std::optional<int> exit_code;
  std::optional<Timestamp> started;
  Timestamp ended{};
  std::string message;
};

/// How a run stands that goes on.
struct RunProgress {
  /// Whether it waits for nodes in a queue of the engine's own; `reason` says for what, in the engine's words.
  bool waits = false;
  std::string reason = {};
  /// When it began.
  std::optional<Timestamp> started = {};

  bool operator==(const RunProgress&) const = default;
};

/// Runs plans: on this machine (`local`), or in a test. Runs outlive the service: an engine made
/// later over the same folder knows all runs that were not released. Thread-safe. No call waits for anything but the
/// machine that it is made on.
class Engine {
 public:
  virtual ~Engine() = default;
  /// Hands the run over and returns; outcome() says how the run ended. Throws std::exception if it cannot be handed
  /// over; is_shortage() is true for it where this may work soon. A second start of the same run_id does nothing.
  virtual void start(const RunPlan& plan) = 0;
  /// Asks for the end of all processes of the run, softly first; returns at once. Idempotent; an unknown or ended run
  /// is left alone.
  virtual void stop(const std::string& run_id) = 0;
  /// Nothing while the run goes on.
  virtual std::optional<RunOutcome> outcome(const std::string& run_id) = 0;
  /// Forgets an ended run, or one that could not be handed over, and removes its records. Its outputs stay.
  virtual void release(const std::string& run_id) = 0;
  /// `listener` is called with a run_id soon after a run has ended, from any thread, also for runs that an earlier
  /// service started. Set before the first start.
  virtual void on_ended(std::function<void(const std::string& run_id)> listener) = 0;

  /// Engines with a queue of their own also say what is known of a run that goes on; nothing where that is not known,
  /// and for runs that have ended.
  virtual std::optional<RunProgress> progress(const std::string& /*run_id*/) { return std::nullopt; }
  /// The same as on_ended() for changes of progress(). Engines without it drop the listener.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): others keep it.
  virtual void on_progress(std::function<void(const std::string& run_id)> /*listener*/) {}
};

}  // namespace batchai::server
