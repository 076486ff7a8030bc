#include "server/resources/jobs.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "core/random.hpp"
#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"
#include "server/planning/job_plan.hpp"
#include "server/planning/toolkits/toolkits.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/file_server_lookup.hpp"
#include "server/records/job_record.hpp"
#include "server/records/region_use.hpp"
#include "server/records/removal.hpp"
#include "server/records/request_body.hpp"
#include "server/records/vm_size.hpp"
#include "server/resources/job_rules.hpp"
#include "server/resources/parents.hpp"
#include "server/resources/waiting_reason.hpp"

namespace batchai::server {

namespace {

using nlohmann::json;

Document require_job(Transaction& transaction, const JobName& name) {
  check_experiment(transaction, name.parent);
  auto job = transaction.get(name.key());
  if (!job) {
    throw not_found("job", name.job);
  }
  return std::move(*job);
}

// The cluster may lie in another workspace.
Document require_cluster_of(Transaction& transaction, const JobCreateParameters& parameters) {
  check_resource_id("properties.cluster.id", parameters.cluster.id, "Microsoft.BatchAI/workspaces/clusters");
  const auto parts = parse_resource_id(parameters.cluster.id);
  auto cluster = transaction.get(to_lower(parts.to_string()));
  if (!cluster) {
    throw not_found("cluster", parts.name());
  }
  const std::string state = provisioning_state(*cluster);
  if (state == ProvisioningState::kDeleting || state == ProvisioningState::kFailed) {
    throw conflict("The cluster " + parts.name() + " takes no jobs: its provisioningState is " + state);
  }
  return std::move(*cluster);
}

// The path of the output is spelled like the resources were when they were created.
std::string output_segment(const std::string& id, const std::string& uuid) {
  const auto parts = parse_resource_id(id);
  return job_output_segment(parts.subscription, parts.group, parts.find("workspaces"), parts.find("experiments"),
                            parts.find("jobs"), uuid);
}

Job shown_job(const json& parameters, const JobCreateParameters& request, const std::string& id, const JobName& name,
              const std::string& uuid, Timestamp now) {
  auto job = stored_model<Job>(parameters);
  job.id = id;
  job.name = name.job;
  job.type = "Microsoft.BatchAI/workspaces/experiments/jobs";
  job.tool_type = tool_type(request);
  job.job_output_directory_path_segment = output_segment(id, uuid);
  job.creation_time = now;
  job.provisioning_state = ProvisioningState::kSucceeded;
  job.provisioning_state_transition_time = now;
  job.execution_state = ExecutionState::kQueued;
  job.execution_state_transition_time = now;
  return job;
}

Document new_job(const Document& experiment, const Document& cluster, const JobName& name,
                 const JobCreateParameters& request, const json& parameters, Timestamp now) {
  Document document{.key = name.key(), .kind = "job", .parent = experiment.key};
  const std::string uuid = random_guid();
  const std::string id = text_at(experiment.body, "id") + "/jobs/" + name.job;
  document.body = without_secrets(shown_job(parameters, request, id, name, uuid, now));
  properties(document)["experimentName"] = text_at(experiment.body, "name");
  // The cluster's volumes are needed to list outputs, also after the cluster is gone.
  document.hidden = {{"parameters", parameters},
                     {"uuid", uuid},
                     {"cluster", cluster.key},
                     {"clusterUuid", text_at(cluster.hidden, "uuid")},
                     {"clusterParameters", cluster.hidden.at("parameters")}};
  return document;
}

Change existing_job(const Document& existing, const JobName& name, const json& parameters) {
  if (is_deleting(existing)) {
    throw conflict("The job " + name.job + " is being deleted");
  }
  if (existing.hidden.at("parameters") != parameters) {
    throw conflict("The job " + name.job + " exists already with other properties. Delete it first.");
  }
  return {existing};
}

OperationRecord start_operation(Transaction& transaction, const JobName& name, const Document& job, Timestamp now,
                                OperationRecord::State state = OperationRecord::State::Running) {
  // Its parents have been looked for already.
  const auto workspace = transaction.get(name.parent.parent.key()).value();
  return create_operation(transaction, now, name.parent.parent.subscription, text_at(workspace.body, "location"),
                          operation_resource(text_at(job.body, "id")), state);
}

}  // namespace

Change Jobs::create(const JobName& name, JobCreateParameters parameters, const Precondition& precondition) {
  check_resource_name("job", name.job);
  Change change;
  context_.store.write([&](Transaction& transaction) {
    const auto experiment = require_experiment_to_create_in(transaction, name.parent);
    const auto existing = transaction.get(name.key());
    precondition.require(existing);
    const auto cluster = existing ? std::nullopt : std::optional(require_cluster_of(transaction, parameters));
    const json& hardware = existing ? existing->hidden.at("clusterParameters") : cluster->hidden.at("parameters");
    complete_job(parameters, gpus_of_vm_size(text_at(hardware.at("properties"), "vmSize")));
    const json stored = model_json(parameters);
    if (existing) {
      change = existing_job(*existing, name, stored);
      return;
    }
    require_file_servers(transaction, parameters.mount_volumes.value_or(MountVolumes{}));
    require_room_for_job(transaction, *cluster, context_.limits);
    const auto now = context_.clock.now();
    auto document = new_job(experiment, *cluster, name, parameters, stored, now);
    // There is nothing more to be done for a job to exist.
    change.operation = start_operation(transaction, name, document, now, OperationRecord::State::Succeeded);
    change.document = transaction.put(std::move(document));
  });
  context_.changed();
  return change;
}

DocumentText Jobs::text(const JobName& name, const VisibleGroups& visible) {
  std::optional<DocumentText> result;
  context_.store.read([&](Transaction& transaction) {
    check_experiment(transaction, name.parent);
    result = transaction.text(name.key());
    if (result) {
      WaitingReasons(transaction, visible).add_to(*result);
    }
  });
  if (!result) {
    throw not_found("job", name.job);
  }
  return std::move(*result);
}

Document Jobs::get(const JobName& name) {
  Document result;
  context_.store.read([&](Transaction& transaction) { result = require_job(transaction, name); });
  return result;
}

DocumentPage Jobs::list(const ExperimentName& experiment, const PageRequest& page) {
  DocumentPage result;
  context_.store.read([&](Transaction& transaction) {
    check_experiment(transaction, experiment);
    result = list_page(transaction, "job", experiment.key(), page);
    WaitingReasons reasons(transaction, page.visible);
    for (auto& job : result.documents) {
      reasons.add_to(job);
    }
  });
  return result;
}

std::optional<OperationRecord> Jobs::remove(const JobName& name, const Precondition& precondition) {
  std::optional<OperationRecord> operation;
  context_.store.write([&](Transaction& transaction) {
    const auto& workspace = name.parent.parent;
    check_group(transaction, workspace.group_key(), workspace.group);
    const auto job = transaction.get(name.key());
    if (!job) {
      return;
    }
    precondition.require(job);
    const auto now = context_.clock.now();
    operation = start_operation(transaction, name, *job, now);
    remove_job(transaction, *job, operation->id, now);
  });
  context_.changed();
  return operation;
}

std::optional<OperationRecord> Jobs::terminate(const JobName& name) {
  std::optional<OperationRecord> operation;
  context_.store.write([&](Transaction& transaction) {
    JobRecord job(require_job(transaction, name));
    if (job.ended()) {
      return;
    }
    const auto now = context_.clock.now();
    operation = start_operation(transaction, name, job.document(), now);
    job.document().hidden["terminateOperations"].push_back(operation->id);
    if (job.on_nodes()) {
      job.request_stop(StopReason::Terminated, now);
    } else {
      end_job(transaction, job, stop_error(StopReason::Terminated), now);
    }
    job.save(transaction);
  });
  context_.changed();
  return operation;
}

std::vector<RemoteLoginInformation> Jobs::remote_login(const JobName& name, const VisibleGroups& visible) {
  std::vector<RemoteLoginInformation> logins;
  context_.store.read([&](Transaction& transaction) {
    const JobRecord job(require_job(transaction, name));
    if (auto cluster = transaction.get(job.cluster())) {
      logins = remote_login_of(transaction, ClusterRecord(std::move(*cluster)), job.node_ids(), login_address_,
                               find_login_, visible);
    }
  });
  return logins;
}

}  // namespace batchai::server
