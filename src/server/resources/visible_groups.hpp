#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace batchai::server {

/// The resource groups that whoever asks may see; all unless names are given.
class VisibleGroups {
 public:
  VisibleGroups() = default;
  /// In any case. None: all groups.
  explicit VisibleGroups(std::vector<std::string> names) : names_(std::move(names)) {}

  bool are_all() const noexcept { return names_.empty(); }
  /// Whether the resource with that id or key, or the group, is among what they hold.
  bool have(std::string_view id) const;

 private:
  std::vector<std::string> names_;
};

}  // namespace batchai::server
