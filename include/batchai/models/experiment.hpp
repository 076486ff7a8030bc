#pragma once

#include "batchai/models/common.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// A name that jobs are kept under, as the service shows it.
struct Experiment {
  std::string id;
  std::string name;
  std::string type;
  std::optional<Timestamp> creation_time = {};
  ProvisioningState provisioning_state = {};
  std::optional<Timestamp> provisioning_state_transition_time = {};
  UnknownMembers unknown = {};

  friend bool operator==(const Experiment&, const Experiment&) = default;
};

BATCHAI_NAMESPACE_END
