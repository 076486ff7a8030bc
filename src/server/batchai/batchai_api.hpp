#pragma once

#include "server/http/router.hpp"
#include "server/resources/clusters.hpp"
#include "server/resources/experiments.hpp"
#include "server/resources/file_servers.hpp"
#include "server/resources/jobs.hpp"
#include "server/resources/output_files.hpp"
#include "server/resources/usages.hpp"
#include "server/resources/workspaces.hpp"

#include <vector>

namespace batchai::server {

/// The rules behind the Batch AI routes; they outlive the routes.
struct BatchAiRules {
  Store& store;
  Workspaces& workspaces;
  Experiments& experiments;
  Clusters& clusters;
  FileServers& file_servers;
  Jobs& jobs;
  OutputFiles& output_files;
  Usages& usages;
};

/// Everything below `…/providers/Microsoft.BatchAI`: the 29 operations of api-version 2018-05-01. Who may ask, the
/// check of that version, and headers that every ARM answer has, are the caller's. Handlers throw ServiceFault for what
/// is refused.
std::vector<Route> batchai_routes(const BatchAiRules& rules);

}  // namespace batchai::server
