#pragma once

#include "batchai/models/common.hpp"
#include "cli/app/context.hpp"
#include "cli/nodes/ssh.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace batchai::cli {

/// Name, IP and SSH port of nodes.
std::span<const Column> node_columns();

/// --exec, --address and how to sign in to a node.
std::vector<OptionSpec> node_exec_options();

/// What --exec, --address and the options around them ask for; nothing when neither is there. Throws UsageError for an
/// ill-formed forward and for a key file that is not there.
std::optional<SshCall> read_ssh_call(const Arguments& arguments, const Context& context);

/// Makes the call to the node that --node-id names, else to the first one, as `user`, until its end or Ctrl-C. Returns
/// the command's exit code. Throws CommandError when there is no such node, UsageError when there is no connection.
int execute_on_node(SshCall call, const Arguments& arguments, const std::vector<RemoteLoginInformation>& nodes,
                    const std::string& user, const Context& context);

}  // namespace batchai::cli
