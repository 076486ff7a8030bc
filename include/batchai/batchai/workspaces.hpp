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

class WorkspacesClient {
 public:
  explicit WorkspacesClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  [[nodiscard]] Workspace get(std::string_view group, std::string_view workspace,
                              const CallContext& context = {}) const;
  /// Of the whole subscription.
  [[nodiscard]] Pageable<Workspace> list(const ListOptions& options = {}, const CallContext& context = {}) const;
  [[nodiscard]] Pageable<Workspace> list_by_group(std::string_view group, const ListOptions& options = {},
                                                  const CallContext& context = {}) const;
  Operation<Workspace> start_create(std::string_view group, std::string_view workspace,
                                    const WorkspaceCreateParameters& parameters, const CallContext& context = {}) const;
  /// start_create, and waits. A workspace that exists already is no error.
  Workspace create(std::string_view group, std::string_view workspace, const WorkspaceCreateParameters& parameters,
                   const CallContext& context = {}) const;
  Workspace update(std::string_view group, std::string_view workspace, const WorkspaceUpdateParameters& parameters,
                   const CallContext& context = {}) const;
  /// A workspace that does not exist is no error, as in every removal.
  Operation<std::monostate> start_remove(std::string_view group, std::string_view workspace,
                                         const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
