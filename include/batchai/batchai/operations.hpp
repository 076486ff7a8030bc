#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/core/pageable.hpp"
#include "batchai/models/operation_info.hpp"
#include "batchai/version.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

BATCHAI_NAMESPACE_BEGIN

class ManagementChannel;

/// The operations that the provider has. Calls throw as Client says. Thread-safe, cheap to copy.
class OperationsClient {
 public:
  /// Made by Client; `channel` is kept.
  explicit OperationsClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// What the provider can do; the same for everyone.
  [[nodiscard]] Pageable<OperationInfo> list(const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
