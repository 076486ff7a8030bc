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

class UsagesClient {
 public:
  explicit UsagesClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  [[nodiscard]] Pageable<Usage> list(std::string_view location, const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
