#include "server/resources/parents.hpp"

#include "batchai/core/http.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/record.hpp"

namespace batchai::server {

namespace {

void refuse_deleting(std::string_view what, const std::string& name, const Document& document) {
  if (is_deleting(document)) {
    throw conflict("The " + std::string(what) + " " + name + " is being deleted");
  }
}

}  // namespace

void check_group(Transaction& transaction, const std::string& group_key, const std::string& name) {
  if (!transaction.state(group_key)) {
    throw group_not_found(name);
  }
}

void check_workspace(Transaction& transaction, const WorkspaceName& name) {
  check_group(transaction, name.group_key(), name.group);
  if (!transaction.state(name.key())) {
    throw not_found("workspace", name.workspace);
  }
}

void check_experiment(Transaction& transaction, const ExperimentName& name) {
  check_workspace(transaction, name.parent);
  if (!transaction.state(name.key())) {
    throw not_found("experiment", name.experiment);
  }
}

Document require_group(Transaction& transaction, const std::string& group_key, const std::string& name) {
  auto group = transaction.get(group_key);
  if (!group) {
    throw group_not_found(name);
  }
  return std::move(*group);
}

Document require_workspace(Transaction& transaction, const WorkspaceName& name) {
  check_group(transaction, name.group_key(), name.group);
  auto workspace = transaction.get(name.key());
  if (!workspace) {
    throw not_found("workspace", name.workspace);
  }
  return std::move(*workspace);
}

Document require_experiment(Transaction& transaction, const ExperimentName& name) {
  check_workspace(transaction, name.parent);
  auto experiment = transaction.get(name.key());
  if (!experiment) {
    throw not_found("experiment", name.experiment);
  }
  return std::move(*experiment);
}

Document require_group_to_create_in(Transaction& transaction, const WorkspaceName& name) {
  auto group = require_group(transaction, name.group_key(), name.group);
  if (to_lower(provisioning_state(group)) == "deleting") {
    throw ServiceFault(409, "ResourceGroupBeingDeleted",
                       "The resource group '" + name.group + "' is being deleted and takes no new resources.");
  }
  return group;
}

Document require_workspace_to_create_in(Transaction& transaction, const WorkspaceName& name) {
  require_group_to_create_in(transaction, name);
  auto workspace = transaction.get(name.key());
  if (!workspace) {
    throw parent_not_found("workspace", name.workspace);
  }
  refuse_deleting("workspace", name.workspace, *workspace);
  return std::move(*workspace);
}

Document require_experiment_to_create_in(Transaction& transaction, const ExperimentName& name) {
  require_workspace_to_create_in(transaction, name.parent);
  auto experiment = transaction.get(name.key());
  if (!experiment) {
    throw parent_not_found("experiment", name.experiment);
  }
  refuse_deleting("experiment", name.experiment, *experiment);
  return std::move(*experiment);
}

}  // namespace batchai::server
