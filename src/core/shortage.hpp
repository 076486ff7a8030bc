#pragma once

#include <exception>

namespace batchai::inline v1 {

/// Whether `error` says that there are no processes, descriptors or memory left: what failed may work soon.
bool is_shortage(const std::exception& error);

}  // namespace batchai::inline v1
