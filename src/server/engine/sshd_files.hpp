#pragma once

#include "server/run/node_login.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What OpenSSH's server is given in a node's sandbox. It runs there without any rights, as a user that is the account
/// of the service outside.
namespace batchai::server {

/// Where these files are, inside.
inline constexpr std::string_view kSshdFolder = "/run/batchai";

/// A file as the sandbox shows it.
struct SandboxFile {
  std::string path;
  std::string content;
  /// As in `0600`.
  std::string permissions;
  /// Whether it stands in place of a file of the machine, which must exist; otherwise it is in kSshdFolder.
  bool replaces = false;
};

/// Whether this can be a user's name on a node.
bool is_login_name(std::string_view name);

/// The server's configuration: this user only, with a key; forwarding of TCP to the node and to this machine only, and
/// no other forwarding.
std::string sshd_configuration(const std::string& user, const std::string& address);

/// What the user's shell begins with: the variables, each as an `export` line. `environment` as of environment_block().
std::string login_variables(const std::vector<std::string>& environment);

/// Shell source for the limits that the kernel keeps for each process.
std::string login_limits(const RunLimits& limits);

/// All files, for a login on a node. `host_key` is the private key in OpenSSH's format; it is removed before anything
/// of the user's runs. `profile` is this machine's `/etc/profile`; empty: there is none.
std::vector<SandboxFile> sshd_files(const NodeLogin& login, const std::vector<std::string>& environment,
                                    const std::string& host_key, const std::string& profile);

}  // namespace batchai::server
