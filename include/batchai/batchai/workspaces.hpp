#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/core/operation.hpp"
#include "batchai/models/workspace.hpp"
#include "batchai/version.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

BATCHAI_NAMESPACE_BEGIN

class ManagementChannel;

/// The workspaces of a subscription. Calls throw as Client says. Thread-safe, cheap to copy.
class WorkspacesClient {
 public:
  /// Made by Client; `channel` is kept.
  explicit WorkspacesClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// The workspace as it is now. 404 ResourceNotFound when it is not there.
  [[nodiscard]] Workspace get(std::string_view group, std::string_view workspace,
                              const CallContext& context = {}) const;
  /// Of the whole subscription.
  [[nodiscard]] Pageable<Workspace> list(const ListOptions& options = {}, const CallContext& context = {}) const;
  /// Those of a group, page by page.
  [[nodiscard]] Pageable<Workspace> list_by_group(std::string_view group, const ListOptions& options = {},
                                                  const CallContext& context = {}) const;
  /// Makes the workspace; one that is there already is no error. 404 ResourceGroupNotFound when the group is not there.
  Operation<Workspace> start_create(std::string_view group, std::string_view workspace,
                                    const WorkspaceCreateParameters& parameters, const CallContext& context = {}) const;
  /// start_create, and waits. A workspace that exists already is no error.
  Workspace create(std::string_view group, std::string_view workspace, const WorkspaceCreateParameters& parameters,
                   const CallContext& context = {}) const;
  /// Replaces its tags. 404 ResourceNotFound when it is not there.
  Workspace update(std::string_view group, std::string_view workspace, const WorkspaceUpdateParameters& parameters,
                   const CallContext& context = {}) const;
  /// A workspace that does not exist is no error, as in every removal.
  Operation<std::monostate> start_remove(std::string_view group, std::string_view workspace,
                                         const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
