#pragma once

#include "batchai/models/common.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// What a workspace is created with.
struct WorkspaceCreateParameters {
  std::string location;
  Tags tags = {};
  UnknownMembers unknown = {};

  friend bool operator==(const WorkspaceCreateParameters&, const WorkspaceCreateParameters&) = default;
};

/// What can be changed of a workspace.
struct WorkspaceUpdateParameters {
  /// Replaces all tags; nothing leaves them as they are.
  std::optional<Tags> tags = {};
  UnknownMembers unknown = {};

  friend bool operator==(const WorkspaceUpdateParameters&, const WorkspaceUpdateParameters&) = default;
};

/// What experiments, clusters and file servers are in, as the service shows it.
struct Workspace {
  std::string id;
  std::string name;
  std::string type;
  std::string location;
  Tags tags = {};
  std::optional<Timestamp> creation_time = {};
  ProvisioningState provisioning_state = {};
  std::optional<Timestamp> provisioning_state_transition_time = {};
  UnknownMembers unknown = {};

  friend bool operator==(const Workspace&, const Workspace&) = default;
};

BATCHAI_NAMESPACE_END
