#include "cli/status/overview.hpp"

#include "batchai/batchai/client.hpp"
#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/services.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <vector>

namespace batchai::cli {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr auto kLongestHealthCheck = 5s;
constexpr auto kFailuresOf = 24h;

/// What batchai-server says about itself; an empty object where nobody does.
json health(const std::string& endpoint, const Context& context) {
  try {
    CallContext call = context.call();
    const auto soon = context.clock().steady_now() + kLongestHealthCheck;
    call.deadline = std::min(call.deadline.value_or(soon), soon);
    const auto answer =
        context.services.client_options().transport->send({.url = Url::parse(endpoint + "/healthz")}, call);
    json document = json::parse(answer.body, nullptr, false);
    const bool known = document.is_object() && document.contains("status") && document.contains("version");
    return known ? document : json::object();
  } catch (const Cancelled&) {
    throw;
  } catch (const Error&) {
    return json::object();
  }
}

json service(const Context& context) {
  std::string endpoint = context.services.endpoints().resource_manager;
  endpoint.erase(endpoint.find_last_not_of('/') + 1);
  json shown = health(endpoint, context);
  shown["endpoint"] = endpoint;
  if (shown.contains("status")) {
    shown["health"] = std::move(shown["status"]);
    shown.erase("status");
  }
  return shown;
}

void put_places(json& entry, const std::string& id) {
  const ResourceIdParts parts = parse_resource_id(id);
  entry["id"] = id;
  entry["name"] = parts.name();
  entry["resourceGroup"] = parts.group;
  entry["workspace"] = parts.find("workspaces");
}

/// Code and message of an error at the pointer; null where there is none.
json error_at(const json& document, const char* pointer) {
  const json::json_pointer path(pointer);
  if (!document.contains(path) || !document.at(path).is_object()) {
    return nullptr;
  }
  const std::string place = pointer;
  return {{"code", cell_at(document, (place + "/code").c_str())},
          {"message", cell_at(document, (place + "/message").c_str())}};
}

json value_at(const json& document, const char* pointer) {
  const json::json_pointer path(pointer);
  return document.contains(path) ? document.at(path) : json();
}

json cluster_entry(const Cluster& cluster) {
  const json document = cluster;
  json entry;
  put_places(entry, cluster.id);
  const bool deleting = cluster.provisioning_state == ProvisioningState::kDeleting;
  entry["vmSize"] = cluster.vm_size;
  entry["state"] = value_at(document, deleting ? "/properties/provisioningState" : "/properties/allocationState");
  entry["nodeCount"] = value_at(document, "/properties/currentNodeCount");
  for (const char* state : {"idle", "running", "preparing", "leaving", "unusable"}) {
    const std::string pointer = std::string("/properties/nodeStateCounts/") + state + "NodeCount";
    entry["nodes"][state] = value_at(document, pointer.c_str());
  }
  entry["error"] = error_at(document, "/properties/errors/0");
  return entry;
}

/// What a queued job waits for, or a failed one has failed with.
json reason_of(const json& job) {
  json waiting = error_at(job, "/properties/waitingReason");
  return waiting.is_null() ? error_at(job, "/properties/executionInfo/errors/0") : waiting;
}

json job_entry(const Job& job) {
  const json document = job;
  json entry;
  put_places(entry, job.id);
  entry["experiment"] = parse_resource_id(job.id).find("experiments");
  entry["cluster"] = cell_from_id(document, "/properties/cluster/id", "clusters");
  entry["nodeCount"] = value_at(document, "/properties/nodeCount");
  entry["state"] = value_at(document, "/properties/executionState");
  entry["created"] = value_at(document, "/properties/creationTime");
  entry["started"] = value_at(document, "/properties/executionInfo/startTime");
  entry["ended"] = value_at(document, "/properties/executionInfo/endTime");
  entry["exitCode"] = value_at(document, "/properties/executionInfo/exitCode");
  entry["reason"] = reason_of(document);
  return entry;
}

Timestamp end_of(const Job& job) {
  return (job.execution_info ? job.execution_info->end_time : std::nullopt).value_or(Timestamp::min());
}

/// Puts it before those that ended earlier, and keeps the first `most`.
void keep_by_end(std::vector<Job>& newest, Job job, std::size_t most) {
  const auto place = std::upper_bound(newest.begin(), newest.end(), end_of(job),
                                      [](Timestamp end, const Job& other) { return end > end_of(other); });
  newest.insert(place, std::move(job));
  if (newest.size() > most) {
    newest.pop_back();
  }
}

/// Where jobs that have ended are asked for, the newest are those that ended last, else those that were created last.
json jobs(const ListAllJobsOptions& options, std::size_t most, const Context& context) {
  std::vector<Job> newest;
  std::size_t count = 0;
  bool more = false;
  for (Job& job : context.services.batchai().jobs().list_all(options, context.call())) {
    more = count == kMostCounted;
    count += more ? 0 : 1;
    if (options.ended_since) {  // the list is by creation: the last one to end may be anywhere in it
      keep_by_end(newest, std::move(job), most);
    } else if (more) {
      break;
    } else if (newest.size() < most) {
      newest.push_back(std::move(job));
    }
  }
  json entries = json::array();
  std::transform(newest.begin(), newest.end(), std::back_inserter(entries), job_entry);
  return {{"count", count}, {"more", more}, {"newest", std::move(entries)}};
}

}  // namespace

json overview(std::size_t most, const Context& context) {
  json clusters = json::array();
  for (const Cluster& cluster : context.services.batchai().clusters().list_all({}, context.call())) {
    clusters.push_back(cluster_entry(cluster));
  }
  json document{{"service", service(context)}, {"clusters", std::move(clusters)}};
  document["running"] = jobs({.states = {"running", "terminating"}}, most, context);
  document["waiting"] = jobs({.states = {"queued"}}, most, context);
  const Timestamp yesterday = context.clock().now() - kFailuresOf;
  document["failed"] = jobs({.states = {"failed"}, .ended_since = yesterday}, most, context);
  return document;
}

}  // namespace batchai::cli
