#pragma once

#include "batchai/models/operation_info.hpp"

#include <vector>

namespace batchai::server {

/// What Batch AI can do, as access control names it: one entry per kind of resource and verb.
std::vector<OperationInfo> provider_operations();

}  // namespace batchai::server
