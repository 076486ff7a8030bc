#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/core/operation.hpp"
#include "batchai/models/cluster.hpp"
#include "batchai/version.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

BATCHAI_NAMESPACE_BEGIN

class ManagementChannel;

/// The clusters of workspaces. Calls throw as Client says. Thread-safe, cheap to copy.
class ClustersClient {
 public:
  /// Made by Client; `channel` is kept.
  explicit ClustersClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// The cluster as it is now. 404 ResourceNotFound when it is not there.
  [[nodiscard]] Cluster get(std::string_view group, std::string_view workspace, std::string_view cluster,
                            const CallContext& context = {}) const;
  /// All clusters of a workspace, page by page.
  [[nodiscard]] Pageable<Cluster> list(std::string_view group, std::string_view workspace,
                                       const ListOptions& options = {}, const CallContext& context = {}) const;
  /// Clusters of all workspaces, by a list that batchai-server has beyond Batch AI 2018-05-01. From a service without
  /// it (404 `InvalidResourceType`) the lists of all workspaces are fetched one after the other.
  Pageable<Cluster> list_all(const ListOptions& options = {}, const CallContext& context = {}) const;
  /// Ends when the cluster is accepted: its nodes come later.
  Operation<Cluster> start_create(std::string_view group, std::string_view workspace, std::string_view cluster,
                                  const ClusterCreateParameters& parameters, const CallContext& context = {}) const;
  /// Changes the scale settings; the nodes follow later.
  Cluster update(std::string_view group, std::string_view workspace, std::string_view cluster,
                 const ClusterUpdateParameters& parameters, const CallContext& context = {}) const;
  /// Removes the cluster with its nodes. The operation ends when it is gone.
  Operation<std::monostate> start_remove(std::string_view group, std::string_view workspace, std::string_view cluster,
                                         const CallContext& context = {}) const;
  /// How to sign in to its nodes by SSH: an address and a port for each.
  [[nodiscard]] Pageable<RemoteLoginInformation> list_remote_login_information(std::string_view group,
                                                                               std::string_view workspace,
                                                                               std::string_view cluster,
                                                                               const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
