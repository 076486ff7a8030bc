#include "server/resources/experiments.hpp"

#include "batchai/models/common.hpp"
#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/record.hpp"
#include "server/records/removal.hpp"
#include "server/resources/parents.hpp"

namespace batchai::server {

namespace {

Document new_experiment(const Document& workspace, const ExperimentName& name, Timestamp now) {
  Document document{.key = name.key(), .kind = "experiment", .parent = workspace.key};
  document.body = {{"id", text_at(workspace.body, "id") + "/experiments/" + name.experiment},
                   {"name", name.experiment},
                   {"type", "Microsoft.BatchAI/workspaces/experiments"},
                   {"properties", {{"creationTime", format_iso8601(now)}}}};
  set_state(document, "provisioningState", ProvisioningState::kSucceeded, now);
  return document;
}

}  // namespace

Document Experiments::create(const ExperimentName& name, const Precondition& precondition) {
  check_resource_name("experiment", name.experiment);
  Document result;
  context_.store.write([&](Transaction& transaction) {
    const auto workspace = require_workspace_to_create_in(transaction, name.parent);
    const auto existing = transaction.get(name.key());
    precondition.require(existing);
    if (existing) {
      if (is_deleting(*existing)) {
        throw conflict("The experiment " + name.experiment + " is being deleted");
      }
      result = *existing;
      return;
    }
    result = transaction.put(new_experiment(workspace, name, context_.clock.now()));
  });
  return result;
}

Document Experiments::get(const ExperimentName& name) {
  Document result;
  context_.store.read([&](Transaction& transaction) { result = require_experiment(transaction, name); });
  return result;
}

DocumentPage Experiments::list(const WorkspaceName& workspace, const PageRequest& page) {
  DocumentPage result;
  context_.store.read([&](Transaction& transaction) {
    check_workspace(transaction, workspace);
    result = list_page(transaction, "experiment", workspace.key(), page);
  });
  return result;
}

std::optional<OperationRecord> Experiments::remove(const ExperimentName& name, const Precondition& precondition) {
  std::optional<OperationRecord> operation;
  context_.store.write([&](Transaction& transaction) {
    check_group(transaction, name.parent.group_key(), name.parent.group);
    const auto experiment = transaction.get(name.key());
    if (!experiment) {
      return;
    }
    precondition.require(experiment);
    const auto workspace = require_workspace(transaction, name.parent);
    const auto now = context_.clock.now();
    operation = create_operation(transaction, now, name.parent.subscription, text_at(workspace.body, "location"),
                                 operation_resource(text_at(experiment->body, "id")));
    remove_experiment(transaction, *experiment, operation->id, now);
  });
  context_.changed();
  return operation;
}

}  // namespace batchai::server
