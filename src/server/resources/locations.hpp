#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::server {

/// Azure's locations. For this service they are only names.
struct Location {
  std::string_view name;
  std::string_view display_name;
  std::string_view geography;
};

const std::vector<Location>& locations();

/// `eastus` for `East US`. Throws ServiceFault 400: `LocationRequired` for none, else
/// `LocationNotAvailableForResourceType` naming the locations there are.
std::string require_location(const std::string& text, const std::string& resource_type);

}  // namespace batchai::server
