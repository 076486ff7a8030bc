#pragma once

#include "server/records/store.hpp"
#include "server/resources/resource_name.hpp"

/// Looks up the parents of a resource. All throw ServiceFault.
namespace batchai::server {

// For reading what lies in them: 404 `ResourceGroupNotFound`, `WorkspaceNotFound` or `ExperimentNotFound`.
void check_group(Transaction& transaction, const std::string& group_key, const std::string& name);
void check_workspace(Transaction& transaction, const WorkspaceName& name);
void check_experiment(Transaction& transaction, const ExperimentName& name);

/// 404 `ResourceGroupNotFound`.
Document require_group(Transaction& transaction, const std::string& group_key, const std::string& name);

/// For reading: 404 `ResourceGroupNotFound` or `WorkspaceNotFound`.
Document require_workspace(Transaction& transaction, const WorkspaceName& name);
/// For reading: also 404 `ExperimentNotFound`.
Document require_experiment(Transaction& transaction, const ExperimentName& name);

/// For creating something in it: 404 `ParentResourceNotFound`, 409 while it is being deleted.
Document require_group_to_create_in(Transaction& transaction, const WorkspaceName& name);
Document require_workspace_to_create_in(Transaction& transaction, const WorkspaceName& name);
Document require_experiment_to_create_in(Transaction& transaction, const ExperimentName& name);

}  // namespace batchai::server
