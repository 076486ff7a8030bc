#include "batchai/batchai/client.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/nodes/node_commands.hpp"
#include "cli/resources/commands.hpp"

namespace batchai::cli {
namespace {

Pageable<RemoteLoginInformation> nodes_of(const Arguments& arguments, const Context& context) {
  return context.services.batchai().clusters().list_remote_login_information(
      arguments.get("resource-group"), arguments.get("workspace"), arguments.get("cluster"), context.call());
}

Result list_cluster_nodes(const Arguments& arguments, Context& context) {
  return Result::list(nodes_of(arguments, context), "RemoteLoginInformation");
}

Result execute_on_cluster_node(const Arguments& arguments, Context& context) {
  std::optional<SshCall> call = read_ssh_call(arguments, context);
  if (!call) {
    return Result::nothing();
  }
  const Cluster cluster = context.services.batchai().clusters().get(
      arguments.get("resource-group"), arguments.get("workspace"), arguments.get("cluster"), context.call());
  const std::string user = cluster.user_account_settings ? cluster.user_account_settings->admin_user_name : "";
  return Result::nothing(
      execute_on_node(std::move(*call), arguments, nodes_of(arguments, context).to_vector(), user, context));
}

}  // namespace

std::vector<CommandSpec> cluster_node_commands() {
  const std::vector<OptionSpec> common{group_option(), workspace_option(), cluster_option()};
  return {{.name = "node list",
           .summary = "List the nodes of a cluster and how to reach them by SSH.",
           .options = common,
           .run = list_cluster_nodes,
           .columns = node_columns(),
           .examples = {{"As a table", "batchai cluster node list -g demo -w ws -c nc6 -o table"},
                        {"Their addresses alone",
                         "batchai cluster node list -g demo -w ws -c nc6 --query '[].[ipAddress, port]' -o tsv"}}},
          {.name = "node exec",
           .summary = "Run a command on a node of a cluster by SSH, or forward ports to it.",
           .options = join(common, node_exec_options()),
           .run = execute_on_cluster_node,
           .examples = {{"What is running there", "batchai cluster node exec -g demo -w ws -c nc6 --exec 'ps aux'"},
                        {"Look at TensorBoard on http://localhost:6006",
                         "batchai cluster node exec -g demo -w ws -c nc6 -L 6006:localhost:6006"}}}};
}

}  // namespace batchai::cli
