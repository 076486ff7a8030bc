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

class FileServersClient {
 public:
  explicit FileServersClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  [[nodiscard]] FileServer get(std::string_view group, std::string_view workspace, std::string_view file_server,
                               const CallContext& context = {}) const;
  [[nodiscard]] Pageable<FileServer> list(std::string_view group, std::string_view workspace,
                                          const ListOptions& options = {}, const CallContext& context = {}) const;
  Operation<FileServer> start_create(std::string_view group, std::string_view workspace, std::string_view file_server,
                                     const FileServerCreateParameters& parameters,
                                     const CallContext& context = {}) const;
  Operation<std::monostate> start_remove(std::string_view group, std::string_view workspace,
                                         std::string_view file_server, const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
