#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/core/operation.hpp"
#include "batchai/models/experiment.hpp"
#include "batchai/version.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

BATCHAI_NAMESPACE_BEGIN

class ManagementChannel;

/// The experiments of workspaces. Calls throw as Client says. Thread-safe, cheap to copy.
class ExperimentsClient {
 public:
  /// Made by Client; `channel` is kept.
  explicit ExperimentsClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// The experiment as it is now. 404 ResourceNotFound when it is not there.
  [[nodiscard]] Experiment get(std::string_view group, std::string_view workspace, std::string_view experiment,
                               const CallContext& context = {}) const;
  /// All experiments of a workspace, page by page.
  [[nodiscard]] Pageable<Experiment> list(std::string_view group, std::string_view workspace,
                                          const ListOptions& options = {}, const CallContext& context = {}) const;
  /// Makes the experiment; one that is there already is no error.
  Operation<Experiment> start_create(std::string_view group, std::string_view workspace, std::string_view experiment,
                                     const CallContext& context = {}) const;
  /// start_create, and waits. An experiment that exists already is no error.
  Experiment create(std::string_view group, std::string_view workspace, std::string_view experiment,
                    const CallContext& context = {}) const;
  /// Removes the experiment with its jobs. The operation ends when it is gone.
  Operation<std::monostate> start_remove(std::string_view group, std::string_view workspace,
                                         std::string_view experiment, const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
