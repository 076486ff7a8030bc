#pragma once

#include "batchai/models/common.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// What a quota is counted in.
struct UsageUnit : OpenEnum<UsageUnit> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kCount{"Count"};
};

/// The name of a quota.
struct UsageName {
  std::string value;
  std::string localized_value;
  UnknownMembers unknown = {};

  friend bool operator==(const UsageName&, const UsageName&) = default;
};

/// How much of a quota is in use.
struct Usage {
  UsageName name;
  UsageUnit unit = {};
  std::int32_t current_value = 0;
  std::int64_t limit = 0;
  UnknownMembers unknown = {};

  friend bool operator==(const Usage&, const Usage&) = default;
};

BATCHAI_NAMESPACE_END
