#pragma once

#include "cli/app/context.hpp"

#include <cstdint>
#include <filesystem>

namespace batchai::cli {

/// Prints what is written to a log from `offset` on, until Ctrl-C or until nobody reads any more. A log that begins
/// anew is printed from its beginning. Throws Cancelled, OutputError and DeadlineExceeded.
[[noreturn]] void follow_log(const std::filesystem::path& log, std::uintmax_t offset, const Context& context);

}  // namespace batchai::cli
