#pragma once

#include <string>
#include <vector>

namespace batchai::inline v1::files {

/// Shell patterns on the path below what is moved, or on the last part of it alone.
class Filter {
 public:
  /// Without patterns everything passes.
  Filter(std::vector<std::string> patterns, std::vector<std::string> excludes)
      : patterns_(std::move(patterns)), excludes_(std::move(excludes)) {}
  bool accepts(const std::string& relative_path) const;
  /// For a folder with everything below it.
  bool excludes(const std::string& relative_path) const;
  /// Whether it lets everything through.
  bool is_empty() const noexcept { return patterns_.empty() && excludes_.empty(); }

 private:
  std::vector<std::string> patterns_;
  std::vector<std::string> excludes_;
};

}  // namespace batchai::inline v1::files
