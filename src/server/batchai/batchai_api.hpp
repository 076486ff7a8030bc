#pragma once

#include "server/http/router.hpp"
#include "server/resources/clusters.hpp"
#include "server/resources/experiments.hpp"
#include "server/resources/file_servers.hpp"
#include "server/resources/jobs.hpp"
#include "server/resources/output_files.hpp"
#include "server/resources/usages.hpp"
#include "server/resources/workspaces.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace batchai::server {

/// The next change of the document with that key, from now on; null where too many requests wait already. Thread-safe.
using AwaitChange = std::function<std::shared_ptr<AwaitedChange>(const std::string& key)>;

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
  /// Without it no request waits.
  AwaitChange await = {};
};

/// Everything below `…/providers/Microsoft.BatchAI`: the 29 operations of api-version 2018-05-01, and lists of jobs and
/// clusters under a workspace or the subscription, which are this service's addition. Who may ask, the
/// check of that version, and headers that every ARM answer has, are the caller's. Handlers throw ServiceFault for what
/// is refused.
std::vector<Route> batchai_routes(const BatchAiRules& rules);

}  // namespace batchai::server
