#include "batchai/batchai/workspaces.hpp"

#include "batchai/paths.hpp"

namespace batchai::inline v1 {

Workspace WorkspacesClient::get(std::string_view group, std::string_view workspace, const CallContext& context) const {
  return call<Workspace>(channel_, make_request("GET", workspace_url(channel_, group, workspace)), context);
}

Operation<Workspace> WorkspacesClient::start_create(std::string_view group, std::string_view workspace,
                                                    const WorkspaceCreateParameters& parameters,
                                                    const CallContext& context) const {
  return start<Workspace>(
      channel_, make_request("PUT", workspace_url(channel_, group, workspace), request_body(parameters)), context);
}

Workspace WorkspacesClient::create(std::string_view group, std::string_view workspace,
                                   const WorkspaceCreateParameters& parameters, const CallContext& context) const {
  return start_create(group, workspace, parameters, context).wait({}, context);
}

Workspace WorkspacesClient::update(std::string_view group, std::string_view workspace,
                                   const WorkspaceUpdateParameters& parameters, const CallContext& context) const {
  return call<Workspace>(
      channel_, make_request("PATCH", workspace_url(channel_, group, workspace), request_body(parameters)), context);
}

Operation<std::monostate> WorkspacesClient::start_remove(std::string_view group, std::string_view workspace,
                                                         const CallContext& context) const {
  return start<std::monostate>(channel_, make_request("DELETE", workspace_url(channel_, group, workspace)), context);
}

Pageable<Workspace> WorkspacesClient::list(const ListOptions& options, const CallContext& context) const {
  Url url = channel_->subscription_url({"providers", kBatchAiProvider, "workspaces"}, kBatchAiVersion);
  add_page_size(url, options.page_size);
  return batchai::list<Workspace>(channel_, make_request("GET", std::move(url)), context);
}

Pageable<Workspace> WorkspacesClient::list_by_group(std::string_view group, const ListOptions& options,
                                                    const CallContext& context) const {
  Url url = workspaces_url(channel_, group);
  add_page_size(url, options.page_size);
  return batchai::list<Workspace>(channel_, make_request("GET", std::move(url)), context);
}

}  // namespace batchai::inline v1
