#include "batchai/batchai/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/existing.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/app/usual_columns.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/app/waiting/wait_condition.hpp"
#include "cli/app/waiting/watch.hpp"
#include "cli/requests/cluster_request.hpp"
#include "cli/requests/scale.hpp"
#include "cli/resources/auto_storage.hpp"
#include "cli/resources/cluster_wait.hpp"
#include "cli/resources/commands.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kClusterType = "Cluster";

std::string state_of(const json& item) {
  return cell_at(item, cell_at(item, "/provisioningState") == "deleting" ? "/provisioningState" : "/allocationState");
}

/// `2`, or `0-4` of a cluster that grows and shrinks.
std::string target_of(const json& item) {
  const std::string fixed = cell_at(item, "/scaleSettings/manual/targetNodeCount");
  const std::string most = cell_at(item, "/scaleSettings/autoScale/maximumNodeCount");
  return most.empty() ? fixed : cell_at(item, "/scaleSettings/autoScale/minimumNodeCount") + "-" + most;
}

constexpr Column kClusterColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    kGroupColumn,
    kWorkspaceColumn,
    {"VM Size", [](const json& item) { return cell_at(item, "/vmSize"); }},
    {.heading = "State", .cell = state_of, .kind = ColumnKind::State},
    {.heading = "Target", .cell = target_of, .wide = true},
    {"Idle", [](const json& item) { return cell_at(item, "/nodeStateCounts/idleNodeCount"); }},
    {"Running", [](const json& item) { return cell_at(item, "/nodeStateCounts/runningNodeCount"); }},
    {"Preparing", [](const json& item) { return cell_at(item, "/nodeStateCounts/preparingNodeCount"); }},
    {"Leaving", [](const json& item) { return cell_at(item, "/nodeStateCounts/leavingNodeCount"); }},
    {"Unusable", [](const json& item) { return cell_at(item, "/nodeStateCounts/unusableNodeCount"); }},
    {.heading = "Created",
     .cell = [](const json& item) { return cell_at(item, "/creationTime"); },
     .kind = ColumnKind::Moment,
     .wide = true}};

struct ClusterRef {
  const std::string& group;
  const std::string& workspace;
  const std::string& name;
};

ClusterRef cluster_of(const Arguments& arguments) {
  return {arguments.get("resource-group"), arguments.get("workspace"), arguments.get("name")};
}

std::string show_hint(const ClusterRef& ref) {
  return "see 'batchai cluster show -g " + ref.group + " -w " + ref.workspace + " -n " + ref.name + "'";
}

Result create_cluster(const Arguments& arguments, Context& context) {
  const ClusterRef ref = cluster_of(arguments);
  const ClustersClient clusters = context.services.batchai().clusters();
  refuse_existing([&] { return clusters.get(ref.group, ref.workspace, ref.name, context.call()); },
                  "the cluster '" + ref.name + "' already exists", show_hint(ref));
  ClusterCreateParameters parameters = build_cluster_parameters(arguments, context);
  if (arguments.flag("use-auto-storage")) {
    const Workspace workspace = context.services.batchai().workspaces().get(ref.group, ref.workspace, context.call());
    mount_auto_storage(parameters, workspace.location, context);
  }
  auto operation = clusters.start_create(ref.group, ref.workspace, ref.name, parameters, context.call());
  Cluster cluster = wait_for(std::move(operation), context, "creating the cluster '" + ref.name + "'", show_hint(ref));
  bool usable = true;
  if (arguments.flag("wait") && !context.options.dry_run) {
    const ClusterPlace place{ref.group, ref.workspace, ref.name};
    cluster = wait_for_nodes(place, context);
    usable = warn_of_nodes(place, cluster, context);
  }
  Result result = Result::model(cluster, kClusterType);
  result.exit_code = usable ? kDone : kFailed;
  return result;
}

Result show_cluster(const Arguments& arguments, Context& context) {
  const ClusterRef ref = cluster_of(arguments);
  return Result::model(context.services.batchai().clusters().get(ref.group, ref.workspace, ref.name, context.call()),
                       kClusterType);
}

Result list_clusters(const Arguments& arguments, Context& context) {
  if (arguments.flag("all")) {
    refuse_places_beside_all(arguments);
    return Result::list(context.services.batchai().clusters().list_all({}, context.call()), kClusterType);
  }
  require_group_and_workspace(arguments, "cluster list", "or -A/--all for all workspaces");
  return Result::list(context.services.batchai().clusters().list(arguments.get("resource-group"),
                                                                 arguments.get("workspace"), {}, context.call()),
                      kClusterType);
}

Result remove_cluster(const Arguments& arguments, Context& context) {
  const ClusterRef ref = cluster_of(arguments);
  context.confirm(arguments, "Delete the cluster '" + ref.name + "'?");
  auto operation =
      context.services.batchai().clusters().start_remove(ref.group, ref.workspace, ref.name, context.call());
  return end_of(std::move(operation), arguments, context, "deleting the cluster '" + ref.name + "'", show_hint(ref));
}

Result resize_cluster(const Arguments& arguments, Context& context) {
  const ClusterRef ref = cluster_of(arguments);
  const std::optional<ScaleSettings> scale = scale_from_counts(arguments.integer("target"), {}, {});
  return Result::model(context.services.batchai().clusters().update(ref.group, ref.workspace, ref.name,
                                                                    {.scale_settings = scale}, context.call()),
                       kClusterType);
}

Result auto_scale(const Arguments& arguments, Context& context) {
  const ClusterRef ref = cluster_of(arguments);
  const ScaleSettings scale = auto_scale_between(*arguments.integer("min"), *arguments.integer("max"), 0);
  return Result::model(context.services.batchai().clusters().update(ref.group, ref.workspace, ref.name,
                                                                    {.scale_settings = scale}, context.call()),
                       kClusterType);
}

OptionSpec count_option(std::string_view name, char short_name, std::string_view summary) {
  return {.name = name,
          .short_name = short_name,
          .summary = summary,
          .kind = OptionKind::Integer,
          .value_name = "N",
          .required = true};
}

Result wait_for_cluster(const Arguments& arguments, Context& context) {
  const ClusterRef ref = cluster_of(arguments);
  const auto read = [&](const Context& bounded) {
    return json(bounded.services.batchai().clusters().get(ref.group, ref.workspace, ref.name, bounded.call()));
  };
  return wait_for_condition(arguments, context, {"the cluster '" + ref.name + "'", kClusterType, read});
}

}  // namespace

std::vector<CommandSpec> cluster_commands() {
  const OptionSpec name = name_option("Name of the cluster.", "clusters");
  const std::vector<OptionSpec> one{group_option(), workspace_option(), name, ids_option()};
  std::vector<CommandSpec> commands{
      {.name = "create",
       .summary = "Create a cluster.",
       .options = join(
           join({group_option(), workspace_option(), name}, cluster_create_options()),
           {{.name = "use-auto-storage",
             .summary = "Mount share and container of the region's automatic storage account at autoafs and autobfs.",
             .kind = OptionKind::Flag,
             .group = "Volumes"},
            {.name = "wait",
             .summary = "Wait until the nodes are ready; the exit code is 1 where all are unusable.",
             .kind = OptionKind::Flag}}),
       .run = create_cluster,
       .columns = kClusterColumns,
       .examples = {{"One node with a share",
                     "batchai cluster create -g demo -w ws -n nc6 -s STANDARD_NC6 -t 1 --afs-name share"},
                    {"Until its nodes are ready",
                     "batchai cluster create -g demo -w ws -n nc6 -s STANDARD_NC6 -t 2 --wait"},
                    {"From a file", "batchai cluster create -g demo -w ws -n nc6 -f cluster.json"},
                    {"None while idle, four nodes at most",
                     "batchai cluster create -g demo -w ws -n nc6 -s STANDARD_NC6 --min 0 --max 4"}}},
      {.name = "show",
       .summary = "Show a cluster.",
       .options = join(one, watch_options()),
       .run = show_cluster,
       .columns = kClusterColumns,
       .examples = {{"By name", "batchai cluster show -g demo -w ws -n nc6"},
                    {"While it grows", "batchai cluster show -g demo -w ws -n nc6 --watch"},
                    {"How many nodes are idle, running, …", "batchai cluster show -g demo -w ws -n nc6 -o table"}}},
      {.name = "list",
       .summary = "List the clusters of a workspace, or all.",
       .options =
           join({optional(group_option()), optional(workspace_option()), all_option("The clusters of all workspaces.")},
                watch_options()),
       .run = list_clusters,
       .columns = kClusterColumns,
       .examples = {{"As a table", "batchai cluster list -g demo -w ws -o table"},
                    {"Of all workspaces", "batchai cluster list -A -o table"},
                    {"Their names alone", "batchai cluster list -g demo -w ws --query '[].name' -o tsv"}}},
      {.name = "delete",
       .summary = "Delete a cluster.",
       .options = join(one, {yes_option(), no_wait_option()}),
       .run = remove_cluster,
       .examples = {{"Its files stay on their shares", "batchai cluster delete -g demo -w ws -n nc6"},
                    {"Without a question, and without waiting",
                     "batchai cluster delete -g demo -w ws -n nc6 -y --no-wait"}}},
      {.name = "resize",
       .summary = "Give a cluster a fixed number of nodes.",
       .options = join(one, {count_option("target", 't', "Wanted number of nodes.")}),
       .run = resize_cluster,
       .columns = kClusterColumns,
       .examples = {{"Two nodes", "batchai cluster resize -g demo -w ws -n nc6 -t 2"},
                    {"None while nobody needs it", "batchai cluster resize -g demo -w ws -n nc6 -t 0"}}},
      {.name = "auto-scale",
       .summary = "Let a cluster grow with its queue and shrink when it is idle.",
       .options = join(one, {count_option("min", '\0', "Least number of nodes."),
                             count_option("max", '\0', "Largest number of nodes.")}),
       .run = auto_scale,
       .columns = kClusterColumns,
       .examples = {{"Nothing while idle, four nodes at most",
                     "batchai cluster auto-scale -g demo -w ws -n nc6 --min 0 --max 4"},
                    {"Always one, and a second one when jobs wait",
                     "batchai cluster auto-scale -g demo -w ws -n nc6 --min 1 --max 2"}}},
      {.name = "wait",
       .summary = "Wait for a state of a cluster.",
       .options = join(one, wait_options()),
       .run = wait_for_cluster,
       .examples = {{"Until two nodes are idle",
                     "batchai cluster wait -g demo -w ws -n nc6 --custom 'nodeStateCounts.idleNodeCount >= `2`'"},
                    {"Until it is gone", "batchai cluster wait -g demo -w ws -n nc6 --deleted"}}}};
  for (auto* more : {cluster_node_commands, cluster_node_log_commands, cluster_file_commands}) {
    for (CommandSpec& command : more()) {
      commands.push_back(std::move(command));
    }
  }
  return commands;
}

}  // namespace batchai::cli
