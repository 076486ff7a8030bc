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

class ExperimentsClient {
 public:
  explicit ExperimentsClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  [[nodiscard]] Experiment get(std::string_view group, std::string_view workspace, std::string_view experiment,
                               const CallContext& context = {}) const;
  [[nodiscard]] Pageable<Experiment> list(std::string_view group, std::string_view workspace,
                                          const ListOptions& options = {}, const CallContext& context = {}) const;
  Operation<Experiment> start_create(std::string_view group, std::string_view workspace, std::string_view experiment,
                                     const CallContext& context = {}) const;
  /// start_create, and waits. An experiment that exists already is no error.
  Experiment create(std::string_view group, std::string_view workspace, std::string_view experiment,
                    const CallContext& context = {}) const;
  Operation<std::monostate> start_remove(std::string_view group, std::string_view workspace,
                                         std::string_view experiment, const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
