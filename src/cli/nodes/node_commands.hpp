#pragma once

#include "batchai/models/common.hpp"
#include "cli/app/context.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

/// Name, IP and SSH port of nodes.
std::span<const Column> node_columns();

/// --exec, --address and how to sign in to a node.
std::vector<OptionSpec> node_exec_options();

/// Runs --exec on a node, or forwards ports to it until Ctrl-C, as `user`. Returns the command's exit code. Does
/// nothing when neither is asked for. Throws CommandError when there is no such node or no connection, UsageError for
/// an ill-formed forward.
int execute_on_node(const Arguments& arguments, const std::vector<RemoteLoginInformation>& nodes,
                    const std::string& user, const Context& context);

}  // namespace batchai::cli
