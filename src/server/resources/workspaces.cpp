#include "server/resources/workspaces.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/record.hpp"
#include "server/records/removal.hpp"
#include "server/resources/locations.hpp"
#include "server/resources/parents.hpp"

namespace batchai::server {

namespace {

Document new_workspace(const Document& group, const WorkspaceName& name, const std::string& location, const Tags& tags,
                       Timestamp now) {
  Document document{.key = name.key(), .kind = "workspace", .parent = group.key};
  document.body = {{"id", text_at(group.body, "id") + "/providers/Microsoft.BatchAI/workspaces/" + name.workspace},
                   {"name", name.workspace},
                   {"type", "Microsoft.BatchAI/workspaces"},
                   {"location", location},
                   {"properties", {{"creationTime", format_iso8601(now)}}}};
  if (!tags.empty()) {
    document.body["tags"] = tags;
  }
  set_state(document, "provisioningState", ProvisioningState::kSucceeded, now);
  return document;
}

void check_existing(const Document& existing, const WorkspaceName& name, const std::string& location) {
  if (is_deleting(existing)) {
    throw conflict("The workspace " + name.workspace + " is being deleted");
  }
  const std::string present = text_at(existing.body, "location");
  if (present != location) {
    throw ServiceFault(409, "InvalidResourceLocation",
                       "The workspace " + name.workspace + " exists already in the location " + present, "location");
  }
}

}  // namespace

Document Workspaces::create(const WorkspaceName& name, const WorkspaceCreateParameters& parameters,
                            const Precondition& precondition) {
  check_resource_name("workspace", name.workspace);
  const std::string location = require_location(parameters.location, "Microsoft.BatchAI/workspaces");
  Document result;
  context_.store.write([&](Transaction& transaction) {
    const auto group = require_group_to_create_in(transaction, name);
    auto existing = transaction.get(name.key());
    precondition.require(existing);
    if (existing) {
      check_existing(*existing, name, location);
      result = *existing;
      if (!parameters.tags.empty() && existing->body.value("tags", Tags{}) != parameters.tags) {
        existing->body["tags"] = parameters.tags;
        result = transaction.put(*existing);
      }
      return;
    }
    result = transaction.put(new_workspace(group, name, location, parameters.tags, context_.clock.now()));
  });
  return result;
}

Document Workspaces::update(const WorkspaceName& name, const WorkspaceUpdateParameters& parameters,
                            const Precondition& precondition) {
  Document result;
  context_.store.write([&](Transaction& transaction) {
    result = require_workspace(transaction, name);
    precondition.require(result);
    if (is_deleting(result)) {
      throw conflict("The workspace " + name.workspace + " is being deleted");
    }
    if (parameters.tags) {
      result.body["tags"] = *parameters.tags;
      result = transaction.put(result);
    }
  });
  return result;
}

Document Workspaces::get(const WorkspaceName& name) {
  Document result;
  context_.store.read([&](Transaction& transaction) { result = require_workspace(transaction, name); });
  return result;
}

DocumentPage Workspaces::list(const std::string& subscription, const PageRequest& page) {
  const std::string prefix = "/subscriptions/" + to_lower(subscription) + "/";
  DocumentPage result;
  context_.store.read([&](Transaction& transaction) {
    result = list_page(transaction, "workspace", std::nullopt, page);
    std::erase_if(result.documents, [&](const DocumentText& document) { return document.key.rfind(prefix, 0) != 0; });
  });
  return result;
}

DocumentPage Workspaces::list_group(const std::string& subscription, const std::string& group,
                                    const PageRequest& page) {
  const std::string key = to_lower(make_group_id(subscription, group));
  DocumentPage result;
  context_.store.read([&](Transaction& transaction) {
    check_group(transaction, key, group);
    result = list_page(transaction, "workspace", key, page);
  });
  return result;
}

std::optional<OperationRecord> Workspaces::remove(const WorkspaceName& name, const Precondition& precondition) {
  std::optional<OperationRecord> operation;
  context_.store.write([&](Transaction& transaction) {
    check_group(transaction, name.group_key(), name.group);
    const auto workspace = transaction.get(name.key());
    if (!workspace) {
      return;
    }
    precondition.require(workspace);
    const auto now = context_.clock.now();
    operation = create_operation(transaction, now, name.subscription, text_at(workspace->body, "location"),
                                 operation_resource(text_at(workspace->body, "id")));
    remove_workspace(transaction, *workspace, operation->id, now);
  });
  context_.changed();
  return operation;
}

}  // namespace batchai::server
