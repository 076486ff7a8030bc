#pragma once

#include "batchai/models/workspace.hpp"
#include "server/resources/precondition.hpp"
#include "server/resources/resource_name.hpp"
#include "server/resources/rules_context.hpp"

namespace batchai::server {

/// The rules of workspaces. Thread-safe. All calls throw ServiceFault.
class Workspaces {
 public:
  explicit Workspaces(RulesContext context) : context_(std::move(context)) {}

  /// Ready at once. An existing one is returned; new tags replace its own.
  Document create(const WorkspaceName& name, const WorkspaceCreateParameters& parameters,
                  const Precondition& precondition = {});
  Document update(const WorkspaceName& name, const WorkspaceUpdateParameters& parameters,
                  const Precondition& precondition = {});
  Document get(const WorkspaceName& name);
  DocumentPage list(const std::string& subscription, const PageRequest& page);
  DocumentPage list_group(const std::string& subscription, const std::string& group, const PageRequest& page);
  /// Nothing if there is none.
  std::optional<OperationRecord> remove(const WorkspaceName& name, const Precondition& precondition = {});

 private:
  RulesContext context_;
};

}  // namespace batchai::server
