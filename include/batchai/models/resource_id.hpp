#pragma once

#include "batchai/version.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

/// `/subscriptions/{subscription}/resourceGroups/{group}/providers/{provider}/{type}/{name}/...` taken apart.
struct ResourceIdParts {
  std::string subscription;
  /// Empty for what lies in the subscription itself.
  std::string group = {};
  /// Namespace, as `Microsoft.BatchAI`; empty for a group or a subscription.
  std::string provider = {};
  /// Pairs of type and name from the outside in, as `workspaces`, `ws`.
  std::vector<std::pair<std::string, std::string>> path = {};

  /// As `Microsoft.BatchAI/workspaces/clusters`; empty where there is no provider.
  [[nodiscard]] std::string type() const;
  /// Of the innermost resource: the last name in `path`, else the group, else the subscription.
  [[nodiscard]] const std::string& name() const& noexcept;
  /// The same, taken out of a temporary.
  [[nodiscard]] std::string name() && { return name(); }
  /// The name at a type (any case), as `find("workspaces")`; empty where there is none.
  [[nodiscard]] std::string find(std::string_view type) const;
  /// The id that has these parts.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const ResourceIdParts&, const ResourceIdParts&) = default;
};

/// Fixed words in any case. Throws InvalidArgument saying what is missing where.
[[nodiscard]] ResourceIdParts parse_resource_id(std::string_view id);

/// The id of a resource group. Parts are taken as they are; nothing is checked.
[[nodiscard]] std::string make_group_id(std::string_view subscription, std::string_view group);
/// The same for a workspace.
[[nodiscard]] std::string make_workspace_id(std::string_view subscription, std::string_view group,
                                            std::string_view workspace);
/// The same for a cluster.
[[nodiscard]] std::string make_cluster_id(std::string_view subscription, std::string_view group,
                                          std::string_view workspace, std::string_view cluster);
/// The same for a file server.
[[nodiscard]] std::string make_file_server_id(std::string_view subscription, std::string_view group,
                                              std::string_view workspace, std::string_view file_server);
/// The same for an experiment.
[[nodiscard]] std::string make_experiment_id(std::string_view subscription, std::string_view group,
                                             std::string_view workspace, std::string_view experiment);
/// The same for a job.
[[nodiscard]] std::string make_job_id(std::string_view subscription, std::string_view group, std::string_view workspace,
                                      std::string_view experiment, std::string_view job);

BATCHAI_NAMESPACE_END
