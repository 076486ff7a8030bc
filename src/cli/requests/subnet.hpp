#pragma once

#include "batchai/models/common.hpp"

#include <string>

namespace batchai::cli {

/// The value of --subnet. Throws UsageError where it is not the id of a subnet.
ResourceId read_subnet(const std::string& text);

}  // namespace batchai::cli
