#pragma once

#include <string>

namespace batchai::naming {

/// Names of files that fold to the same text are the same to the service, which preserves case and ignores it.
std::string fold_case(const std::string& name);

}  // namespace batchai::naming
