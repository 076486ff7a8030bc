#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace batchai::cli {

/// The options that have a default in the profile's [defaults], or in BATCHAI_DEFAULTS_…, under these names.
inline constexpr std::array<std::string_view, 10> kDefaultNames = {
    "group", "workspace", "cluster", "experiment", "location", "output", "vm_size", "max_nodes", "share", "image"};

inline bool is_default_name(std::string_view name) {
  return std::find(kDefaultNames.begin(), kDefaultNames.end(), name) != kDefaultNames.end();
}

}  // namespace batchai::cli
