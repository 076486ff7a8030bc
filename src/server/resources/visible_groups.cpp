#include "server/resources/visible_groups.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"

#include <algorithm>

namespace batchai::server {

bool VisibleGroups::have(std::string_view id) const {
  if (are_all()) {
    return true;
  }
  const std::string group = parse_resource_id(id).group;
  return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) { return iequals(name, group); });
}

}  // namespace batchai::server
