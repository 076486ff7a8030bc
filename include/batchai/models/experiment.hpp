#pragma once

#include "batchai/models/common.hpp"

namespace batchai {

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

}  // namespace batchai
