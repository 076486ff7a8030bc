#pragma once

#include <string>

namespace batchai::naming {

/// Names of files that fold to the same text are the same to the service, which keeps case and does not look at it.
std::string fold_case(const std::string& name);

}  // namespace batchai::naming
