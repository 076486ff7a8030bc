#include "batchai/batchai/clusters.hpp"

#include "batchai/paths.hpp"

namespace batchai::inline v1 {

Cluster ClustersClient::get(std::string_view group, std::string_view workspace, std::string_view cluster,
                            const CallContext& context) const {
  return call<Cluster>(channel_, make_request("GET", cluster_url(channel_, group, workspace, cluster)), context);
}

Pageable<Cluster> ClustersClient::list(std::string_view group, std::string_view workspace, const ListOptions& options,
                                       const CallContext& context) const {
  Url url = workspace_url(channel_, group, workspace).append_segment("clusters");
  add_page_size(url, options.page_size);
  return batchai::list<Cluster>(channel_, make_request("GET", std::move(url)), context);
}

Operation<Cluster> ClustersClient::start_create(std::string_view group, std::string_view workspace,
                                                std::string_view cluster, const ClusterCreateParameters& parameters,
                                                const CallContext& context) const {
  return start<Cluster>(channel_,
                        make_request("PUT", cluster_url(channel_, group, workspace, cluster), request_body(parameters)),
                        context);
}

Cluster ClustersClient::update(std::string_view group, std::string_view workspace, std::string_view cluster,
                               const ClusterUpdateParameters& parameters, const CallContext& context) const {
  return call<Cluster>(
      channel_, make_request("PATCH", cluster_url(channel_, group, workspace, cluster), request_body(parameters)),
      context);
}

Operation<std::monostate> ClustersClient::start_remove(std::string_view group, std::string_view workspace,
                                                       std::string_view cluster, const CallContext& context) const {
  return start<std::monostate>(channel_, make_request("DELETE", cluster_url(channel_, group, workspace, cluster)),
                               context);
}

Pageable<RemoteLoginInformation> ClustersClient::list_remote_login_information(std::string_view group,
                                                                               std::string_view workspace,
                                                                               std::string_view cluster,
                                                                               const CallContext& context) const {
  const Url url = cluster_url(channel_, group, workspace, cluster).append_segment("listRemoteLoginInformation");
  return batchai::list<RemoteLoginInformation>(channel_, make_reading_post(url), context);
}

}  // namespace batchai::inline v1
