#pragma once

#include "core/descriptor.hpp"
#include "server/run/node_login.hpp"

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace batchai::server {

/// One connection to a node, and the server that OpenSSH has started for it.
struct SshSession {
  pid_t pid = 0;
  /// Handle to the process; it is this process's child.
  Descriptor process;
  /// What the server says about it, in lines.
  Descriptor report;
};

/// Where Debian has OpenSSH's server.
inline constexpr const char* kSshd = "/usr/sbin/sshd";

/// Starts OpenSSH's server for a connection, in the sandbox that the processes of the login's plan are in. `host_key`
/// as of sshd_files(). Everything that is started ends with the calling thread. Throws std::exception with the reason
/// if it cannot be started.
SshSession start_ssh_session(const NodeLogin& login, const std::string& host_key, const Descriptor& connection);

}  // namespace batchai::server
