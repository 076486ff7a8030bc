#pragma once

#include "batchai/models/node_setup.hpp"
#include "batchai/version.hpp"

#include <cstdint>
#include <optional>
#include <utility>

BATCHAI_NAMESPACE_BEGIN

/// Whether nodes may be taken away for others.
struct VmPriority : OpenEnum<VmPriority> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kDedicated{"dedicated"};
  static constexpr Constant kLowPriority{"lowpriority"};
};

/// What happens to running jobs when a cluster shrinks.
struct DeallocationOption : OpenEnum<DeallocationOption> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kRequeue{"requeue"};
  static constexpr Constant kTerminate{"terminate"};
  static constexpr Constant kWaitForJobCompletion{"waitforjobcompletion"};
};

/// Whether a cluster is about to get or lose nodes.
struct AllocationState : OpenEnum<AllocationState> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kSteady{"steady"};
  static constexpr Constant kResizing{"resizing"};
};

/// A cluster of a size that is set by hand.
struct ManualScaleSettings {
  std::int32_t target_node_count = 0;
  DeallocationOption node_deallocation_option = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ManualScaleSettings&, const ManualScaleSettings&) = default;
};

/// A cluster that grows with the jobs that wait, and shrinks when nodes are idle.
struct AutoScaleSettings {
  std::int32_t minimum_node_count = 0;
  std::int32_t maximum_node_count = 0;
  /// Counts while the cluster is created only.
  std::optional<std::int32_t> initial_node_count = {};
  UnknownMembers unknown = {};

  friend bool operator==(const AutoScaleSettings&, const AutoScaleSettings&) = default;
};

/// Exactly one of the two.
struct ScaleSettings {
  std::optional<ManualScaleSettings> manual = {};
  std::optional<AutoScaleSettings> auto_scale = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ScaleSettings&, const ScaleSettings&) = default;
};

/// That many nodes: `.scale_settings = manual_scale(2)`.
[[nodiscard]] inline ScaleSettings manual_scale(std::int32_t target_node_count,
                                                DeallocationOption node_deallocation_option = {}) {
  return {.manual = ManualScaleSettings{.target_node_count = target_node_count,
                                        .node_deallocation_option = std::move(node_deallocation_option)}};
}

/// As many nodes as the jobs need, within bounds: `.scale_settings = auto_scale(0, 4)`.
[[nodiscard]] inline ScaleSettings auto_scale(std::int32_t minimum_node_count, std::int32_t maximum_node_count,
                                              std::optional<std::int32_t> initial_node_count = {}) {
  return {.auto_scale = AutoScaleSettings{.minimum_node_count = minimum_node_count,
                                          .maximum_node_count = maximum_node_count,
                                          .initial_node_count = initial_node_count}};
}

/// The image of the operating system of nodes.
struct ImageReference {
  std::string publisher;
  std::string offer;
  std::string sku;
  std::optional<std::string> version = {};
  /// A custom image; publisher, offer and sku then describe what it was made from.
  std::optional<std::string> virtual_machine_image_id = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ImageReference&, const ImageReference&) = default;
};

/// What the machines of a cluster are made of.
struct VirtualMachineConfiguration {
  std::optional<ImageReference> image_reference = {};
  UnknownMembers unknown = {};

  friend bool operator==(const VirtualMachineConfiguration&, const VirtualMachineConfiguration&) = default;
};

/// How many nodes of a cluster are in which state.
struct NodeStateCounts {
  std::int32_t idle_node_count = 0;
  std::int32_t running_node_count = 0;
  std::int32_t preparing_node_count = 0;
  std::int32_t unusable_node_count = 0;
  std::int32_t leaving_node_count = 0;
  UnknownMembers unknown = {};

  friend bool operator==(const NodeStateCounts&, const NodeStateCounts&) = default;
};

/// What a cluster is created with.
struct ClusterCreateParameters {
  std::string vm_size;
  VmPriority vm_priority = {};
  std::optional<ScaleSettings> scale_settings = {};
  std::optional<VirtualMachineConfiguration> virtual_machine_configuration = {};
  std::optional<NodeSetup> node_setup = {};
  UserAccountSettings user_account_settings = {};
  std::optional<ResourceId> subnet = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ClusterCreateParameters&, const ClusterCreateParameters&) = default;
};

/// What can be changed of a cluster.
struct ClusterUpdateParameters {
  std::optional<ScaleSettings> scale_settings = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ClusterUpdateParameters&, const ClusterUpdateParameters&) = default;
};

/// Nodes that jobs run on, as the service shows them.
struct Cluster {
  std::string id;
  std::string name;
  std::string type;
  std::string vm_size;
  VmPriority vm_priority = {};
  std::optional<ScaleSettings> scale_settings = {};
  std::optional<VirtualMachineConfiguration> virtual_machine_configuration = {};
  std::optional<NodeSetup> node_setup = {};
  std::optional<UserAccountSettings> user_account_settings = {};
  std::optional<ResourceId> subnet = {};
  std::optional<Timestamp> creation_time = {};
  ProvisioningState provisioning_state = {};
  std::optional<Timestamp> provisioning_state_transition_time = {};
  AllocationState allocation_state = {};
  std::optional<Timestamp> allocation_state_transition_time = {};
  /// Of all nodes.
  std::vector<BatchAiError> errors = {};
  std::optional<std::int32_t> current_node_count = {};
  std::optional<NodeStateCounts> node_state_counts = {};
  UnknownMembers unknown = {};

  friend bool operator==(const Cluster&, const Cluster&) = default;
};

BATCHAI_NAMESPACE_END
