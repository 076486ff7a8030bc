#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "core/joined.hpp"
#include "server/batchai/answer.hpp"
#include "server/batchai/query.hpp"
#include "server/batchai/routes.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/record.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <sstream>

namespace batchai::server {

namespace {

constexpr const char* kStateParameter = "executionState";
constexpr const char* kClusterParameter = "cluster";

std::vector<std::string> job_states(const Request& request) {
  std::vector<std::string> states;
  std::istringstream words(to_lower(text_parameter(request, kStateParameter, "")));
  for (std::string state; std::getline(words, state, ',');) {
    if (std::find(std::begin(kJobStates), std::end(kJobStates), state) == std::end(kJobStates)) {
      throw bad_parameter(kStateParameter, "executionState: '" + state + "' is none of " + joined(kJobStates, ", "));
    }
    if (std::find(states.begin(), states.end(), state) == states.end()) {
      states.push_back(std::move(state));
    }
  }
  return states;
}

std::string cluster_id(const Request& request) {
  std::string id = text_parameter(request, kClusterParameter, "");
  try {
    if (!id.empty() && !iequals(parse_resource_id(id).type(), "Microsoft.BatchAI/workspaces/clusters")) {
      throw InvalidArgument("it is the id of something else");
    }
  } catch (const InvalidArgument& error) {
    throw bad_parameter(kClusterParameter,
                        "cluster: expected the resource id of a cluster: " + std::string(error.what()));
  }
  return id;
}

std::optional<Timestamp> time_parameter(const Request& request, const std::string& name) {
  const std::string text = text_parameter(request, name, "");
  const auto time = parse_iso8601(text);
  if (!text.empty() && !time) {
    throw bad_parameter(name, name + ": expected a time as 2018-05-01T12:00:00Z");
  }
  return time;
}

JobFilter job_filter(const Request& request) {
  JobFilter filter{.cluster = cluster_id(request), .states = job_states(request)};
  filter.created_since = time_parameter(request, "createdSince");
  filter.ended_since = time_parameter(request, "endedSince");
  return filter;
}

}  // namespace

std::vector<Route> wide_list_routes(const BatchAiRules& rules) {
  auto& clusters = rules.clusters;
  auto& jobs = rules.jobs;
  return {
      {"GET", kProviderPath + "/clusters",
       [&](const Request& request, const PathParameters&) {
         return list_response(request, clusters.list(page_request(request)));
       }},
      {"GET", kProviderPath + "/jobs",
       [&](const Request& request, const PathParameters&) {
         return list_response(request, jobs.list(job_filter(request), page_request(request)));
       }},
      {"GET", kWorkspacePath + "/jobs",
       [&](const Request& request, const PathParameters& path) {
         return list_response(request, jobs.list(workspace_name(path), job_filter(request), page_request(request)));
       }},
  };
}

}  // namespace batchai::server
