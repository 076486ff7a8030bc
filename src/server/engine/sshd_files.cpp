#include "server/engine/sshd_files.hpp"

#include "core/shell_quote.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

/// Ids of the user inside. Not those of root, who would be more than a user to the server and to many programs.
constexpr std::string_view kUserId = "1000";

/// The key is of no use to anybody who is signed in, and all that is his begins here, sftp and scp, too.
constexpr std::string_view kLoginShell = R"sh(#!/bin/bash -p
rm -f /run/batchai/host_key
umask 022
. /run/batchai/variables
if [ $# -eq 0 ]; then
  exec -a -bash /bin/bash
fi
exec /bin/bash "$@"
)sh";

constexpr std::string_view kHome = "HOME=";

std::string home_of(const std::vector<std::string>& environment) {
  const auto found =
      std::ranges::find_if(environment, [](const std::string& variable) { return variable.starts_with(kHome); });
  return found == environment.end() ? "/" : found->substr(kHome.size());
}

std::string in_folder(std::string_view name) { return std::string(kSshdFolder) + "/" + std::string(name); }

/// A colon or a line break would end the field.
std::string accounts(const std::string& user, const std::string& home) {
  const bool fits = home.find_first_of(":\n") == std::string::npos;
  return user + ":x:" + std::string(kUserId) + ":" + std::string(kUserId) + "::" + (fits ? home : "/") + ":" +
         in_folder("shell") + "\nroot:x:0:0::/root:/bin/bash\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n";
}

std::string groups(const std::string& user) {
  return user + ":x:" + std::string(kUserId) + ":\nroot:x:0:\nnogroup:x:65534:\n";
}

}  // namespace

bool is_login_name(std::string_view name) {
  constexpr std::size_t kLongest = 32;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return !name.empty() && name.size() <= kLongest && name.front() != '-' && name.front() != '.' && name != "root" &&
         name != "nobody" && std::ranges::all_of(name, fits);
}

std::string sshd_configuration(const std::string& user, const std::string& address) {
  return "HostKey " + in_folder("host_key") + "\nAuthorizedKeysFile " + in_folder("authorized_keys") + "\nAllowUsers " +
         user + "\nPermitOpen localhost:* 127.0.0.1:* [::1]:* " + address + R"(:*
AuthenticationMethods publickey
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PidFile none
LoginGraceTime 30
ClientAliveInterval 60
ClientAliveCountMax 10
AllowTcpForwarding local
AllowStreamLocalForwarding no
AllowAgentForwarding no
X11Forwarding no
PermitTunnel no
PermitUserRC no
PrintMotd no
PrintLastLog no
Subsystem sftp /usr/lib/openssh/sftp-server
)";
}

std::string login_variables(const std::vector<std::string>& environment) {
  std::string text;
  for (const auto& variable : environment) {
    const auto end = variable.find('=');
    text += "export " + variable.substr(0, end) + "=" + shell_quote(variable.substr(end + 1)) + "\n";
  }
  return text;
}

std::string login_limits(const RunLimits& limits) {
  constexpr std::uint64_t kUnitOfFiles = 1024;
  std::string text;
  if (limits.open_files > 0) {
    text += "ulimit -n " + std::to_string(limits.open_files) + "\n";
  }
  if (limits.file_bytes > 0) {
    text += "ulimit -f " + std::to_string((limits.file_bytes + kUnitOfFiles - 1) / kUnitOfFiles) + "\n";
  }
  return text;
}

std::vector<SandboxFile> sshd_files(const NodeLogin& login, const std::vector<std::string>& environment,
                                    const std::string& host_key, const std::string& profile) {
  const auto& address = login.plan.nodes.at(login.plan.processes.front().node).address;
  auto variables = environment;
  for (const auto& variable : {"USER=" + login.user, "LOGNAME=" + login.user, std::string("SHELL=/bin/bash")}) {
    variables.push_back(variable);
  }
  std::vector<SandboxFile> files{
      {in_folder("host_key"), host_key, "0600"},
      {in_folder("sshd_config"), sshd_configuration(login.user, address), "0600"},
      {in_folder("authorized_keys"), login.public_key + "\n", "0600"},
      {in_folder("variables"), login_limits(login.plan.limits) + login_variables(variables), "0600"},
      {in_folder("shell"), std::string(kLoginShell), "0700"},
      {"/etc/passwd", accounts(login.user, home_of(environment)), "0644", true},
      {"/etc/group", groups(login.user), "0644", true},
  };
  if (!profile.empty()) {
    // It sets PATH for shells that somebody signs in to, which is to be the job's.
    files.push_back({"/etc/profile", profile + "\n. " + in_folder("variables") + "\n", "0644", true});
  }
  return files;
}

}  // namespace batchai::server
