#include "cli/nodes/node_commands.hpp"

#include "batchai/batchai/client.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/jobs/commands.hpp"
#include "cli/jobs/job_ref.hpp"

namespace batchai::cli {
namespace {

Pageable<RemoteLoginInformation> nodes_of(const JobRef& ref, const Context& context) {
  return context.services.batchai().jobs().list_remote_login_information(ref.group, ref.workspace, ref.experiment,
                                                                         ref.job, context.call());
}

Result list_nodes(const Arguments& arguments, Context& context) {
  return Result::list(nodes_of(job_of(arguments, "job"), context), "RemoteLoginInformation");
}

/// The administrator of the cluster that runs the job.
std::string user_of(const Job& job, const Context& context) {
  const ResourceIdParts id = parse_resource_id(job.cluster ? job.cluster->id : "");
  const Cluster cluster =
      context.services.batchai().clusters().get(id.group, id.find("workspaces"), id.find("clusters"), context.call());
  return cluster.user_account_settings ? cluster.user_account_settings->admin_user_name : "";
}

Result exec(const Arguments& arguments, Context& context) {
  std::optional<SshCall> call = read_ssh_call(arguments, context);
  if (!call) {
    return Result::nothing();
  }
  const JobRef ref = job_of(arguments, "job");
  const std::string user = user_of(get_job(ref, context), context);
  return Result::nothing(
      execute_on_node(std::move(*call), arguments, nodes_of(ref, context).to_vector(), user, context));
}

}  // namespace

std::vector<CommandSpec> job_node_commands() {
  const std::vector<OptionSpec> job_options{group_option(), workspace_option(), experiment_option(), job_option()};
  return {{.name = "node list",
           .summary = "List the nodes that run a job and how to reach them by SSH.",
           .options = job_options,
           .run = list_nodes,
           .columns = node_columns(),
           .examples = {{"As a table", "batchai job node list -g demo -w ws -e exp -j job -o table"},
                        {"Their ids alone",
                         "batchai job node list -g demo -w ws -e exp -j job --query '[].nodeId' -o tsv"}}},
          {.name = "node exec",
           .summary = "Run a command on a node of a job by SSH, or forward ports to it.",
           .options = join(job_options, node_exec_options()),
           .run = exec,
           .examples = {
               {"Look at its graphics card", "batchai job node exec -g demo -w ws -e exp -j job --exec nvidia-smi"},
               {"Look at TensorBoard on http://localhost:6006",
                "batchai job node exec -g demo -w ws -e exp -j job -L 6006:localhost:6006"}}}};
}

}  // namespace batchai::cli
