#pragma once

#include "server/resources/precondition.hpp"
#include "server/resources/resource_name.hpp"
#include "server/resources/rules_context.hpp"

namespace batchai::server {

/// The rules of experiments. Thread-safe. All calls throw ServiceFault.
class Experiments {
 public:
  explicit Experiments(RulesContext context) : context_(std::move(context)) {}

  /// Ready at once. An existing one is returned.
  Document create(const ExperimentName& name, const Precondition& precondition = {});
  Document get(const ExperimentName& name);
  DocumentPage list(const WorkspaceName& workspace, const PageRequest& page);
  /// Nothing if there is none.
  std::optional<OperationRecord> remove(const ExperimentName& name, const Precondition& precondition = {});

 private:
  RulesContext context_;
};

}  // namespace batchai::server
