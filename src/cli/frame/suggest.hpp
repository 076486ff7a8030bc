#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace batchai::cli {

/// The candidate nearest to `word`, or the empty string if none is near enough.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace batchai::cli
