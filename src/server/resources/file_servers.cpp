#include "server/resources/file_servers.hpp"

#include "core/random.hpp"
#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/node_password.hpp"
#include "server/records/record.hpp"
#include "server/records/removal.hpp"
#include "server/records/request_body.hpp"
#include "server/resources/file_server_rules.hpp"
#include "server/resources/parents.hpp"

namespace batchai::server {

namespace {

using nlohmann::json;

Document require_file_server(Transaction& transaction, const FileServerName& name) {
  check_workspace(transaction, name.parent);
  auto file_server = transaction.get(name.key());
  if (!file_server) {
    throw not_found("file server", name.file_server);
  }
  return std::move(*file_server);
}

FileServer shown_file_server(const json& parameters, const std::string& id, const FileServerName& name, Timestamp now) {
  auto file_server = stored_model<FileServer>(parameters);
  file_server.id = id;
  file_server.name = name.file_server;
  file_server.type = "Microsoft.BatchAI/workspaces/fileservers";
  file_server.creation_time = now;
  file_server.provisioning_state = ProvisioningState::kCreating;
  file_server.provisioning_state_transition_time = now;
  return file_server;
}

Document new_file_server(const Document& workspace, const FileServerName& name, const json& parameters, Timestamp now) {
  Document document{.key = name.key(), .kind = "fileServer", .parent = workspace.key};
  // Batch AI writes the segment like this in ids and types, in spite of the paths in its description.
  const std::string id = text_at(workspace.body, "id") + "/fileservers/" + name.file_server;
  document.body = without_secrets(shown_file_server(parameters, id, name, now));
  document.hidden = {{"parameters", parameters}, {"uuid", random_guid()}};
  return document;
}

Change existing_file_server(const Document& existing, const FileServerName& name, const json& parameters) {
  if (is_deleting(existing)) {
    throw conflict("The file server " + name.file_server + " is being deleted");
  }
  if (existing.hidden.at("parameters") != parameters) {
    throw conflict("The file server " + name.file_server +
                   " exists already with other properties. A file server cannot be changed: delete it first.");
  }
  return {existing};
}

OperationRecord start_operation(Transaction& transaction, const Document& workspace, const FileServerName& name,
                                const Document& file_server, Timestamp now) {
  return create_operation(transaction, now, name.parent.subscription, text_at(workspace.body, "location"),
                          operation_resource(text_at(file_server.body, "id")));
}

}  // namespace

Change FileServers::create(const FileServerName& name, FileServerCreateParameters parameters,
                           const Precondition& precondition) {
  check_resource_name("fileServer", name.file_server);
  complete_file_server(parameters);
  const json stored = without_node_password(model_json(parameters));
  Change change;
  context_.store.write([&](Transaction& transaction) {
    const auto workspace = require_workspace_to_create_in(transaction, name.parent);
    const auto existing = transaction.get(name.key());
    precondition.require(existing);
    if (existing) {
      change = existing_file_server(*existing, name, stored);
      return;
    }
    const auto now = context_.clock.now();
    auto document = new_file_server(workspace, name, stored, now);
    change.operation = start_operation(transaction, workspace, name, document, now);
    document.hidden["createOperation"] = change.operation->id;
    change.document = transaction.put(std::move(document));
  });
  context_.changed();
  return change;
}

Document FileServers::get(const FileServerName& name) {
  Document result;
  context_.store.read([&](Transaction& transaction) { result = require_file_server(transaction, name); });
  return result;
}

DocumentPage FileServers::list(const WorkspaceName& workspace, const PageRequest& page) {
  DocumentPage result;
  context_.store.read([&](Transaction& transaction) {
    check_workspace(transaction, workspace);
    result = list_page(transaction, "fileServer", workspace.key(), page);
  });
  return result;
}

std::optional<OperationRecord> FileServers::remove(const FileServerName& name, const Precondition& precondition) {
  std::optional<OperationRecord> operation;
  context_.store.write([&](Transaction& transaction) {
    check_group(transaction, name.parent.group_key(), name.parent.group);
    const auto file_server = transaction.get(name.key());
    if (!file_server) {
      return;
    }
    precondition.require(file_server);
    const auto workspace = require_workspace(transaction, name.parent);
    const auto now = context_.clock.now();
    operation = start_operation(transaction, workspace, name, *file_server, now);
    remove_file_server(transaction, *file_server, operation->id, now);
  });
  context_.changed();
  return operation;
}

}  // namespace batchai::server
