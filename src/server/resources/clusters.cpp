#include "server/resources/clusters.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/file_server.hpp"
#include "core/random.hpp"
#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/file_server_lookup.hpp"
#include "server/records/node_password.hpp"
#include "server/records/region_use.hpp"
#include "server/records/removal.hpp"
#include "server/records/request_body.hpp"
#include "server/resources/cluster_rules.hpp"
#include "server/resources/parents.hpp"

namespace batchai::server {

namespace {

using nlohmann::json;

Document require_cluster(Transaction& transaction, const ClusterName& name) {
  check_workspace(transaction, name.parent);
  auto cluster = transaction.get(name.key());
  if (!cluster) {
    throw not_found("cluster", name.cluster);
  }
  return std::move(*cluster);
}

// `{sub}/{rg}/workspaces/{w}/clusters/{c}/{uuid}`: where the setup task's logs go, below its prefix.
std::string setup_suffix(const ClusterName& name, const std::string& uuid) {
  const auto& workspace = name.parent;
  return workspace.subscription + "/" + workspace.group + "/workspaces/" + workspace.workspace + "/clusters/" +
         name.cluster + "/" + uuid;
}

// Nodes are in the subnet of the file servers that they mount.
std::optional<ResourceId> subnet_of(Transaction& transaction, const ClusterCreateParameters& parameters) {
  auto subnet = parameters.subnet;
  if (!parameters.node_setup || !parameters.node_setup->mount_volumes) {
    return subnet;
  }
  for (const auto& document : require_file_servers(transaction, *parameters.node_setup->mount_volumes)) {
    const auto file_server = stored_model<FileServer>(document.body);
    subnet = subnet ? subnet : file_server.subnet;
    if (file_server.subnet && !iequals(file_server.subnet->id, subnet->id)) {
      throw invalid_content("properties.subnet", "properties.subnet: the file server " + file_server.name +
                                                     " is in another subnet; a cluster is in that of the file servers "
                                                     "it mounts");
    }
  }
  return subnet;
}

Cluster shown_cluster(const json& parameters, const std::string& id, const ClusterName& name, const std::string& uuid,
                      Timestamp now) {
  auto cluster = stored_model<Cluster>(parameters);
  cluster.id = id;
  cluster.name = name.cluster;
  cluster.type = "Microsoft.BatchAI/workspaces/clusters";
  cluster.creation_time = now;
  cluster.provisioning_state = ProvisioningState::kCreating;
  cluster.provisioning_state_transition_time = now;
  cluster.allocation_state = AllocationState::kResizing;
  cluster.allocation_state_transition_time = now;
  if (cluster.node_setup && cluster.node_setup->setup_task) {
    cluster.node_setup->setup_task->std_out_err_path_suffix = setup_suffix(name, uuid);
  }
  return cluster;
}

Document new_cluster(const Document& workspace, const ClusterName& name, const json& parameters, Timestamp now) {
  Document document{.key = name.key(), .kind = "cluster", .parent = workspace.key};
  const std::string uuid = random_guid();
  const std::string id = text_at(workspace.body, "id") + "/clusters/" + name.cluster;
  document.body = without_secrets(shown_cluster(parameters, id, name, uuid, now));
  write_node_counts(properties(document), {});
  document.hidden = {{"parameters", parameters}, {"uuid", uuid}, {"nodes", json::array()}};
  return document;
}

// Only the size can be changed. A client may send back all it was shown, with another size.
void check_unchanged(const Document& cluster, const ClusterUpdateParameters& parameters) {
  const auto& shown = properties(cluster);
  for (const char* member :
       {"vmSize", "vmPriority", "nodeSetup", "userAccountSettings", "subnet", "virtualMachineConfiguration"}) {
    const auto sent = parameters.unknown.properties.find(member);
    if (sent == parameters.unknown.properties.end()) {
      continue;
    }
    const json value = json::parse(sent->second);
    const json present = shown.value(member, json());
    const bool same = value == present || (value.is_string() && present.is_string() &&
                                           iequals(value.get<std::string>(), present.get<std::string>()));
    if (!same) {
      const std::string target = std::string("properties.") + member;
      throw invalid_content(target, target + ": only the scaleSettings of a cluster can be changed");
    }
  }
}

Change existing_cluster(const Document& existing, const ClusterName& name, const json& parameters) {
  if (is_deleting(existing)) {
    throw conflict("The cluster " + name.cluster + " is being deleted");
  }
  // The size may have been changed since: asking for it as it is now is no change either.
  json current = existing.hidden.at("parameters");
  current["properties"]["scaleSettings"] = properties(existing).at("scaleSettings");
  if (existing.hidden.at("parameters") != parameters && current != parameters) {
    throw conflict("The cluster " + name.cluster +
                   " exists already with other properties. Only its scaleSettings can be changed, with PATCH.");
  }
  return {existing};
}

// Stores the cluster as resizing and returns what the change is answered with: Batch AI shows that state only to later
// reads.
Document put_resizing(Transaction& transaction, const Document& cluster, Timestamp now) {
  Document resizing = cluster;
  set_state(resizing, "allocationState", AllocationState::kResizing, now);
  Document answer = transaction.put(std::move(resizing));
  answer.body = cluster.body;
  return answer;
}

}  // namespace

Change Clusters::create(const ClusterName& name, ClusterCreateParameters parameters, const Precondition& precondition) {
  check_resource_name("cluster", name.cluster);
  complete_cluster(parameters);
  const json stored = without_node_password(model_json(parameters));
  Change change;
  context_.store.write([&](Transaction& transaction) {
    const auto workspace = require_workspace_to_create_in(transaction, name.parent);
    const auto existing = transaction.get(name.key());
    precondition.require(existing);
    if (existing) {
      change = existing_cluster(*existing, name, stored);
      return;
    }
    require_room_for_cluster(transaction, region_of(workspace), context_.limits);
    const auto now = context_.clock.now();
    auto document = new_cluster(workspace, name, stored, now);
    if (const auto subnet = subnet_of(transaction, parameters)) {
      properties(document)["subnet"] = without_secrets(*subnet);
    }
    change.operation = create_operation(transaction, now, name.parent.subscription, text_at(workspace.body, "location"),
                                        operation_resource(text_at(document.body, "id")));
    document.hidden["createOperation"] = change.operation->id;
    change.document = transaction.put(std::move(document));
  });
  context_.changed();
  return change;
}

Document Clusters::update(const ClusterName& name, ClusterUpdateParameters parameters,
                          const Precondition& precondition) {
  if (parameters.scale_settings) {
    complete_scale(*parameters.scale_settings);
  }
  Document result;
  context_.store.write([&](Transaction& transaction) {
    result = require_cluster(transaction, name);
    precondition.require(result);
    if (is_deleting(result)) {
      throw conflict("The cluster " + name.cluster + " is being deleted");
    }
    check_unchanged(result, parameters);
    if (parameters.scale_settings) {
      properties(result)["scaleSettings"] = without_secrets(*parameters.scale_settings);
      result = put_resizing(transaction, result, context_.clock.now());
    }
  });
  context_.changed();
  return result;
}

DocumentText Clusters::text(const ClusterName& name) {
  std::optional<DocumentText> result;
  context_.store.read([&](Transaction& transaction) {
    check_workspace(transaction, name.parent);
    result = transaction.text(name.key());
  });
  if (!result) {
    throw not_found("cluster", name.cluster);
  }
  return std::move(*result);
}

Document Clusters::get(const ClusterName& name) {
  Document result;
  context_.store.read([&](Transaction& transaction) { result = require_cluster(transaction, name); });
  return result;
}

DocumentPage Clusters::list(const WorkspaceName& workspace, const PageRequest& page) {
  DocumentPage result;
  context_.store.read([&](Transaction& transaction) {
    check_workspace(transaction, workspace);
    result = list_page(transaction, "cluster", workspace.key(), page);
  });
  return result;
}

DocumentPage Clusters::list(const PageRequest& page) {
  DocumentPage result;
  context_.store.read(
      [&](Transaction& transaction) { result = list_page(transaction, "cluster", std::nullopt, page); });
  return result;
}

std::optional<OperationRecord> Clusters::remove(const ClusterName& name, const Precondition& precondition) {
  std::optional<OperationRecord> operation;
  context_.store.write([&](Transaction& transaction) {
    check_group(transaction, name.parent.group_key(), name.parent.group);
    const auto cluster = transaction.get(name.key());
    if (!cluster) {
      return;
    }
    precondition.require(cluster);
    const auto workspace = require_workspace(transaction, name.parent);
    const auto now = context_.clock.now();
    operation = create_operation(transaction, now, name.parent.subscription, text_at(workspace.body, "location"),
                                 operation_resource(text_at(cluster->body, "id")));
    remove_cluster(transaction, *cluster, operation->id, now);
  });
  context_.changed();
  return operation;
}

std::vector<RemoteLoginInformation> Clusters::remote_login(const ClusterName& name, const VisibleGroups& visible) {
  std::vector<RemoteLoginInformation> logins;
  context_.store.read([&](Transaction& transaction) {
    const ClusterRecord cluster(require_cluster(transaction, name));
    std::vector<std::string> ids;
    for (const auto& node : cluster.nodes) {
      ids.push_back(node.id);
    }
    logins = remote_login_of(transaction, cluster, ids, login_address_, find_login_, visible);
  });
  return logins;
}

}  // namespace batchai::server
