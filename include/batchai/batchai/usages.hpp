#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/core/pageable.hpp"
#include "batchai/models/usage.hpp"
#include "batchai/version.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

BATCHAI_NAMESPACE_BEGIN

class ManagementChannel;

/// Quotas of a subscription, and what is used of them. Calls throw as Client says. Thread-safe, cheap to copy.
class UsagesClient {
 public:
  /// Made by Client; `channel` is kept.
  explicit UsagesClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// Uses and quotas in a location, page by page.
  [[nodiscard]] Pageable<Usage> list(std::string_view location, const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
