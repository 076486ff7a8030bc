#pragma once

#include <algorithm>
#include <filesystem>
#include <optional>

namespace batchai::inline v1 {

/// What is left of `path` behind `folder`; empty where they are the same, nothing where it does not lie in there. Looks
/// at the words only: neither has links or `..` in it, and `folder` no slash at its end.
inline std::optional<std::filesystem::path> part_below(const std::filesystem::path& path,
                                                       const std::filesystem::path& folder) {
  const auto [rest, end] = std::ranges::mismatch(path, folder);
  if (end != folder.end()) {
    return std::nullopt;
  }
  std::filesystem::path result;
  for (auto part = rest; part != path.end(); ++part) {
    result /= *part;
  }
  return result;
}

/// Whether `path` is `folder` or lies in it, as part_below() has it.
inline bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return std::ranges::mismatch(path, folder).in2 == folder.end();
}

}  // namespace batchai::inline v1
