#pragma once

#include "batchai/core/cancellation.hpp"
#include "batchai/core/secret.hpp"
#include "cli/frame/environment.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace batchai::cli {

/// One call of the ssh program (OpenSSH).
struct SshCall {
  std::string user;
  std::string host;
  int port = 22;
  /// Empty: no command, only the forwards.
  std::string command = {};
  /// Each `LOCAL_PORT:HOST:REMOTE_PORT`.
  std::vector<std::string> forwards = {};
  std::string private_key_file = {};
  /// Empty: keys and the agent.
  Secret password = {};
  /// Whether the command gets a terminal of its own.
  bool terminal = false;
};

/// The words behind `ssh`. The password is none of them.
std::vector<std::string> ssh_words(const SshCall& call);

/// Runs ssh on this program's own standard streams and returns its exit code: that of the command, 255 when the
/// connection fails. `askpass`: the program that prints the password when it is started with kAskpassVariable.
/// `cancellation` ends ssh. Throws CommandError when there is no ssh program in PATH.
int run_ssh(const SshCall& call, const Environment& environment, const std::filesystem::path& askpass,
            const CancellationToken& cancellation);

/// Holds the password for the program that ssh asks; ssh hands its environment on.
inline constexpr const char* kAskpassVariable = "BATCHAI_ASKPASS";

/// Whether nothing listens at this numeric address. False where nobody answers within two seconds.
bool refuses_connections(const std::string& host, int port);

}  // namespace batchai::cli
