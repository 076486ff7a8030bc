#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/context.hpp"
#include "cli/frame/environment.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace batchai::cli {

/// What the service writes into `endpoints.json`.
struct LocalEndpoints {
  std::string management;
  std::string files;
  /// Empty without TLS.
  std::string ca_bundle;
  std::string tenant;
  std::string subscription;
  std::string client_id;
  std::string client_secret;
  std::string storage_account;
  std::string storage_key;
  int pid = 0;
};

/// The service's program with its data folder on this machine.
class ServerProcess {
 public:
  explicit ServerProcess(std::filesystem::path data_folder) : data_(std::move(data_folder)) {}

  const std::filesystem::path& data_folder() const noexcept { return data_; }
  std::filesystem::path log_file() const { return data_ / "log" / "server.log"; }

  /// Nothing if the service has never started. Throws Error for a broken file.
  std::optional<LocalEndpoints> endpoints() const;
  /// Its process, if the recorded one lives and works on this data folder: ids are used again.
  std::optional<int> running_pid() const;

  /// Starts the program in a session of its own and waits until it says `ready` on its standard output, which goes to
  /// the log. Throws CommandError with what it wrote last if it ends or takes longer than `patience`; then nothing is
  /// left running.
  void start(const std::filesystem::path& program, const std::vector<std::string>& options, Clock& clock,
             const CancellationToken& cancellation, Duration retry) const;
  /// Asks it to end and waits until it is gone. False if there was none. Throws CommandError if it does not end.
  bool stop(Clock& clock, const CancellationToken& cancellation, Duration retry) const;

  /// The last lines of what is in the log up to `end`, all of them for a negative number.
  std::string log_tail(int lines, std::size_t end = std::string::npos) const;

 private:
  /// The last of what was written into the log behind `from`, as whole lines.
  std::string words(std::size_t from) const;
  int spawn(const std::filesystem::path& program, const std::vector<std::string>& options) const;

  std::filesystem::path data_;
};

/// `$BATCHAI_SERVER`, else `batchai-server` beside `executable`. Throws CommandError saying where it was looked for.
std::filesystem::path find_server_program(const Environment& environment, const std::filesystem::path& executable);

}  // namespace batchai::cli
