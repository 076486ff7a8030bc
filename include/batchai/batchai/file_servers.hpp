#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/core/operation.hpp"
#include "batchai/models/file_server.hpp"
#include "batchai/version.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

BATCHAI_NAMESPACE_BEGIN

class ManagementChannel;

/// The file servers of workspaces. Calls throw as Client says. Thread-safe, cheap to copy.
class FileServersClient {
 public:
  /// Made by Client; `channel` is kept.
  explicit FileServersClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// The file server as it is now. 404 ResourceNotFound when it is not there.
  [[nodiscard]] FileServer get(std::string_view group, std::string_view workspace, std::string_view file_server,
                               const CallContext& context = {}) const;
  /// All file servers of a workspace, page by page.
  [[nodiscard]] Pageable<FileServer> list(std::string_view group, std::string_view workspace,
                                          const ListOptions& options = {}, const CallContext& context = {}) const;
  /// Makes the file server. The operation ends when it can be mounted.
  Operation<FileServer> start_create(std::string_view group, std::string_view workspace, std::string_view file_server,
                                     const FileServerCreateParameters& parameters,
                                     const CallContext& context = {}) const;
  /// Removes the file server with its data. The operation ends when it is gone.
  Operation<std::monostate> start_remove(std::string_view group, std::string_view workspace,
                                         std::string_view file_server, const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
