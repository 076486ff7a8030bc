#pragma once

#include <exception>

namespace batchai {

/// Whether `error` says that there are no processes, descriptors or memory left: what failed may work soon.
bool is_shortage(const std::exception& error);

}  // namespace batchai
