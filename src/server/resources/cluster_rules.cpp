#include "server/resources/cluster_rules.hpp"

#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/vm_size.hpp"

namespace batchai::server {

namespace {

// Batch AI's own limit for a cluster.
constexpr std::int32_t kMaximumNodes = 100;
const std::string kScale = "properties.scaleSettings";

void check_count(const std::string& target, std::int32_t count) {
  if (count < 0 || count > kMaximumNodes) {
    throw invalid_content(target, target + ": expected 0 to " + std::to_string(kMaximumNodes) + " nodes");
  }
}

void complete_manual(ManualScaleSettings& manual) {
  const std::string target = kScale + ".manual";
  check_count(target + ".targetNodeCount", manual.target_node_count);
  manual.node_deallocation_option = enum_or_default(
      target + ".nodeDeallocationOption", manual.node_deallocation_option.value(),
      {DeallocationOption::kRequeue, DeallocationOption::kTerminate, DeallocationOption::kWaitForJobCompletion});
}

void complete_auto_scale(AutoScaleSettings& settings) {
  const std::string target = kScale + ".autoScale";
  check_count(target + ".minimumNodeCount", settings.minimum_node_count);
  check_count(target + ".maximumNodeCount", settings.maximum_node_count);
  settings.initial_node_count = settings.initial_node_count.value_or(0);
  check_count(target + ".initialNodeCount", *settings.initial_node_count);
  if (settings.minimum_node_count > settings.maximum_node_count) {
    throw invalid_content(target + ".minimumNodeCount", target + ".minimumNodeCount: larger than maximumNodeCount");
  }
  if (*settings.initial_node_count > settings.maximum_node_count) {
    throw invalid_content(target + ".initialNodeCount", target + ".initialNodeCount: larger than maximumNodeCount");
  }
}

void complete_image(std::optional<VirtualMachineConfiguration>& configuration) {
  if (!configuration) {
    configuration.emplace();
  }
  auto& image = configuration->image_reference;
  if (!image) {
    image = ImageReference{.publisher = "Canonical", .offer = "UbuntuServer", .sku = "16.04-LTS"};
  }
  const std::string target = "properties.virtualMachineConfiguration.imageReference";
  require_text(target + ".publisher", image->publisher);
  require_text(target + ".offer", image->offer);
  require_text(target + ".sku", image->sku);
  image->version = image->version.value_or("latest");
}

void complete_setup(NodeSetup& setup) {
  const std::string target = "properties.nodeSetup";
  if (setup.mount_volumes) {
    complete_volumes(target + ".mountVolumes", *setup.mount_volumes);
  }
  if (setup.setup_task) {
    const std::string task = target + ".setupTask";
    require_text(task + ".commandLine", setup.setup_task->command_line);
    require_text(task + ".stdOutErrPathPrefix", setup.setup_task->std_out_err_path_prefix);
    check_environment(task + ".environmentVariables", setup.setup_task->environment_variables);
    check_secrets(task + ".secrets", setup.setup_task->secrets);
  }
  if (setup.performance_counters_settings) {
    const auto& insights = setup.performance_counters_settings->app_insights_reference;
    const std::string place = target + ".performanceCountersSettings.appInsightsReference";
    require_text(place + ".component.id", insights.component.id);
    check_secret_choice(place, "instrumentationKey", insights.instrumentation_key.has_value(),
                        insights.instrumentation_key_secret_reference.has_value());
  }
}

}  // namespace

void complete_scale(ScaleSettings& settings) {
  if (settings.manual.has_value() == settings.auto_scale.has_value()) {
    throw invalid_content(kScale, kScale + ": exactly one of manual and autoScale is needed");
  }
  if (settings.manual) {
    complete_manual(*settings.manual);
  } else {
    complete_auto_scale(*settings.auto_scale);
  }
}

void complete_cluster(ClusterCreateParameters& parameters) {
  require_text("properties.vmSize", parameters.vm_size);
  if (!vm_size_is_offered(parameters.vm_size)) {
    throw invalid_content("properties.vmSize", "properties.vmSize: " + parameters.vm_size + " is not offered");
  }
  parameters.vm_size = shown_vm_size(parameters.vm_size);
  parameters.vm_priority = enum_or_default("properties.vmPriority", parameters.vm_priority.value(),
                                           {VmPriority::kDedicated, VmPriority::kLowPriority});
  if (!parameters.scale_settings) {
    parameters.scale_settings = ScaleSettings{.manual = ManualScaleSettings{}};
  }
  complete_scale(*parameters.scale_settings);
  complete_image(parameters.virtual_machine_configuration);
  check_account("properties.userAccountSettings", parameters.user_account_settings);
  if (parameters.node_setup) {
    complete_setup(*parameters.node_setup);
  }
}

}  // namespace batchai::server
