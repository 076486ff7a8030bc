#pragma once

#include <string>
#include <vector>

namespace batchai::cli {

/// Shell patterns on the path below what is copied, or on the last part of it alone.
class Filter {
 public:
  /// No pattern lets everything through.
  Filter(std::vector<std::string> patterns, std::vector<std::string> excludes)
      : patterns_(std::move(patterns)), excludes_(std::move(excludes)) {}
  bool accepts(const std::string& relative_path) const;

 private:
  std::vector<std::string> patterns_;
  std::vector<std::string> excludes_;
};

}  // namespace batchai::cli
