#include "batchai/models/cluster.hpp"

#include "models/node_setup_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<ManualScaleSettings> {
  static constexpr auto kFields =
      std::tuple(field("targetNodeCount", &ManualScaleSettings::target_node_count, kRequired),
                 field("nodeDeallocationOption", &ManualScaleSettings::node_deallocation_option));
};

template <>
struct Table<AutoScaleSettings> {
  static constexpr auto kFields =
      std::tuple(field("minimumNodeCount", &AutoScaleSettings::minimum_node_count, kRequired),
                 field("maximumNodeCount", &AutoScaleSettings::maximum_node_count, kRequired),
                 field("initialNodeCount", &AutoScaleSettings::initial_node_count));
};

template <>
struct Table<ScaleSettings> {
  static constexpr auto kFields =
      std::tuple(field("manual", &ScaleSettings::manual), field("autoScale", &ScaleSettings::auto_scale));
};

template <>
struct Table<ImageReference> {
  static constexpr auto kFields = std::tuple(
      field("publisher", &ImageReference::publisher, kRequired), field("offer", &ImageReference::offer, kRequired),
      field("sku", &ImageReference::sku, kRequired), field("version", &ImageReference::version),
      field("virtualMachineImageId", &ImageReference::virtual_machine_image_id));
};

template <>
struct Table<VirtualMachineConfiguration> {
  static constexpr auto kFields = std::tuple(field("imageReference", &VirtualMachineConfiguration::image_reference));
};

template <>
struct Table<NodeStateCounts> {
  static constexpr auto kFields =
      std::tuple(field("idleNodeCount", &NodeStateCounts::idle_node_count, kReadOnly),
                 field("runningNodeCount", &NodeStateCounts::running_node_count, kReadOnly),
                 field("preparingNodeCount", &NodeStateCounts::preparing_node_count, kReadOnly),
                 field("unusableNodeCount", &NodeStateCounts::unusable_node_count, kReadOnly),
                 field("leavingNodeCount", &NodeStateCounts::leaving_node_count, kReadOnly));
};

/// What the creator of a cluster says and the cluster then shows. Requests need more of it than answers.
template <class T>
constexpr auto cluster_settings(unsigned required) {
  return std::tuple(field("vmSize", &T::vm_size, kInProperties | required),
                    field("vmPriority", &T::vm_priority, kInProperties),
                    field("scaleSettings", &T::scale_settings, kInProperties),
                    field("virtualMachineConfiguration", &T::virtual_machine_configuration, kInProperties),
                    field("nodeSetup", &T::node_setup, kInProperties),
                    field("userAccountSettings", &T::user_account_settings, kInProperties | required),
                    field("subnet", &T::subnet, kInProperties));
}

template <>
struct Table<ClusterCreateParameters> {
  static constexpr auto kFields = cluster_settings<ClusterCreateParameters>(kRequired);
};

template <>
struct Table<ClusterUpdateParameters> {
  static constexpr auto kFields =
      std::tuple(field("scaleSettings", &ClusterUpdateParameters::scale_settings, kInProperties));
};

template <>
struct Table<Cluster> {
  static constexpr auto kFields = std::tuple_cat(
      identity<Cluster>(), cluster_settings<Cluster>(kPlain), provisioning<Cluster>(),
      std::tuple(
          field("allocationState", &Cluster::allocation_state, kReadOnly | kInProperties),
          field("allocationStateTransitionTime", &Cluster::allocation_state_transition_time, kReadOnly | kInProperties),
          field("errors", &Cluster::errors, kReadOnly | kInProperties),
          field("currentNodeCount", &Cluster::current_node_count, kReadOnly | kInProperties),
          field("nodeStateCounts", &Cluster::node_state_counts, kReadOnly | kInProperties)));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL(ManualScaleSettings)
BATCHAI_MODEL(AutoScaleSettings)
BATCHAI_MODEL(ScaleSettings)
BATCHAI_MODEL(ImageReference)
BATCHAI_MODEL(VirtualMachineConfiguration)
BATCHAI_MODEL(NodeStateCounts)
BATCHAI_MODEL(ClusterCreateParameters)
BATCHAI_MODEL(ClusterUpdateParameters)
BATCHAI_MODEL(Cluster)

}  // namespace batchai::inline v1
