#pragma once

#include <optional>
#include <string>

namespace batchai::cli {

/// Why nothing can be read at a path of this machine, for a message that names it: there is no such file, or
/// what the system says. Nothing for what is there, though it may not be readable.
std::optional<std::string> missing_file(const std::string& path);

}  // namespace batchai::cli
