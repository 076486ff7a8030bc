#include "cli/requests/cluster_request.hpp"

#include "batchai/core/http.hpp"
#include "cli/app/options.hpp"
#include "cli/app/services.hpp"
#include "cli/requests/admin_account.hpp"
#include "cli/requests/config_file.hpp"
#include "cli/requests/image.hpp"
#include "cli/requests/scale.hpp"
#include "cli/requests/subnet.hpp"
#include "cli/requests/volumes.hpp"

namespace batchai::cli {
namespace {

constexpr std::string_view kNodes = "Nodes";
constexpr std::string_view kSetup = "Setup Task";

ResourceId subnet_beside(const std::string& text, const std::optional<MountedServer>& server) {
  ResourceId subnet = read_subnet(text);
  if (server && !server->subnet.empty() && !iequals(server->subnet, text)) {
    throw UsageError("--subnet: the cluster and the file server it mounts must be in the same subnet");
  }
  return subnet;
}

void apply_scale(ClusterCreateParameters& parameters, const Arguments& arguments) {
  if (auto scale = scale_from_counts(arguments.integer("target"), arguments.integer("min"), arguments.integer("max"))) {
    parameters.scale_settings = std::move(scale);
  }
  const bool scaled =
      parameters.scale_settings && (parameters.scale_settings->manual || parameters.scale_settings->auto_scale);
  if (!scaled) {
    throw UsageError("please provide the number of nodes",
                     "use -t/--target, or --min and --max, or scaleSettings in the config file");
  }
}

void apply_nodes(ClusterCreateParameters& parameters, const Arguments& arguments) {
  if (const auto size = arguments.find("vm-size")) {
    parameters.vm_size = *size;
  }
  if (parameters.vm_size.empty()) {
    throw UsageError("please provide the VM size", "use -s/--vm-size, or vmSize in the config file");
  }
  if (const auto priority = arguments.find("vm-priority")) {
    parameters.vm_priority = VmPriority(*priority);
  }
  if (auto image = image_from_options(arguments.find("image"), arguments.find("custom-image"))) {
    parameters.virtual_machine_configuration = VirtualMachineConfiguration{.image_reference = std::move(image)};
  }
  apply_scale(parameters, arguments);
}

/// Replaces the config file's task as a whole.
void apply_setup_task(ClusterCreateParameters& parameters, const Arguments& arguments) {
  const auto command = arguments.find("setup-task");
  if (!command) {
    return;
  }
  const auto output = arguments.find("setup-task-output");
  if (!output) {
    throw UsageError("--setup-task needs --setup-task-output, where its logs go");
  }
  NodeSetup setup = parameters.node_setup.value_or(NodeSetup{});
  setup.setup_task = SetupTask{.command_line = *command, .std_out_err_path_prefix = *output};
  parameters.node_setup = std::move(setup);
}

void apply_volumes(ClusterCreateParameters& parameters, const Arguments& arguments,
                   const std::optional<MountedServer>& server, StorageKeys& keys, const std::string& suffix) {
  std::optional<MountVolumes> volumes = parameters.node_setup ? parameters.node_setup->mount_volumes : std::nullopt;
  append_volumes(volumes, arguments, server, keys, suffix);
  if (volumes) {
    NodeSetup setup = parameters.node_setup.value_or(NodeSetup{});
    setup.mount_volumes = std::move(volumes);
    parameters.node_setup = std::move(setup);
  }
}

}  // namespace

std::vector<OptionSpec> cluster_create_options() {
  std::vector<OptionSpec> options{
      {.name = "config-file",
       .short_name = 'f',
       .summary = "JSON file with the cluster's parameters, '-': standard input; options are stronger.",
       .value_name = "FILE"},
      {.name = "vm-size",
       .short_name = 's',
       .summary = "Size of the nodes, as Standard_NC6.",
       .value_name = "SIZE",
       .group = kNodes},
      {.name = "target",
       .short_name = 't',
       .summary = "Number of nodes.",
       .kind = OptionKind::Integer,
       .value_name = "N",
       .group = kNodes},
      {.name = "min",
       .summary = "Least number of nodes (autoscale).",
       .kind = OptionKind::Integer,
       .value_name = "N",
       .group = kNodes},
      {.name = "max",
       .summary = "Largest number of nodes (autoscale).",
       .kind = OptionKind::Integer,
       .value_name = "N",
       .group = kNodes},
      {.name = "vm-priority",
       .summary = "Priority of the nodes.",
       .value_name = "PRIORITY",
       .group = kNodes,
       .choices = {"dedicated", "lowpriority"}},
      {.name = "image",
       .short_name = 'i',
       .summary = "Image: UbuntuLTS, UbuntuDSVM or publisher:offer:sku:version.",
       .value_name = "IMAGE",
       .group = kNodes},
      {.name = "custom-image",
       .summary = "Full id of an own image; needs --image.",
       .value_name = "ID",
       .group = kNodes},
      {.name = "subnet", .summary = "Full id of the subnet.", .value_name = "ID", .group = kNodes},
      {.name = "setup-task", .summary = "Command that prepares each node.", .value_name = "COMMAND", .group = kSetup},
      {.name = "setup-task-output", .summary = "Folder for its logs.", .value_name = "PATH", .group = kSetup}};
  return join(join(std::move(options), admin_options()), volume_options());
}

ClusterCreateParameters build_cluster_parameters(const Arguments& arguments, const Context& context) {
  generate_wanted_ssh_keys(arguments, context);
  const std::optional<MountedServer> server = find_file_server(arguments, context);
  std::optional<ResourceId> subnet;
  if (const auto text = arguments.find("subnet")) {
    subnet = subnet_beside(*text, server);
  }
  ClusterCreateParameters parameters;
  if (const auto file = arguments.find("config-file")) {
    const nlohmann::json elsewhere{{"properties", {{"vmSize", ""}, {"userAccountSettings", {{"adminUserName", ""}}}}}};
    parameters = read_config_file<ClusterCreateParameters>(*file, "ClusterCreateParameters", elsewhere, context);
  }
  StorageKeys keys(arguments, context);
  if (parameters.node_setup && parameters.node_setup->mount_volumes) {
    complete_volumes(*parameters.node_setup->mount_volumes, keys);
  }
  complete_admin_account(parameters.user_account_settings, arguments, context);
  apply_nodes(parameters, arguments);
  apply_volumes(parameters, arguments, server, keys, context.services.endpoints().storage_suffix);
  if (subnet) {
    parameters.subnet = std::move(subnet);
  }
  apply_setup_task(parameters, arguments);
  return parameters;
}

}  // namespace batchai::cli
