#include "files/transfer/filter.hpp"

#include <algorithm>

#include <fnmatch.h>

namespace batchai::inline v1::files {
namespace {

bool matches_any(const std::vector<std::string>& patterns, const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0 || ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
  });
}

}  // namespace

bool Filter::accepts(const std::string& relative_path) const {
  return (patterns_.empty() || matches_any(patterns_, relative_path)) && !excludes(relative_path);
}

bool Filter::excludes(const std::string& relative_path) const { return matches_any(excludes_, relative_path); }

}  // namespace batchai::inline v1::files
