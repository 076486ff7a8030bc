#include "server/resources/locations.hpp"

#include "batchai/core/http.hpp"
#include "core/joined.hpp"
#include "server/faults/fault.hpp"

#include <algorithm>

namespace batchai::server {

const std::vector<Location>& locations() {
  static const std::vector<Location> kLocations = {{"eastus", "East US", "US"},
                                                   {"eastus2", "East US 2", "US"},
                                                   {"centralus", "Central US", "US"},
                                                   {"northcentralus", "North Central US", "US"},
                                                   {"southcentralus", "South Central US", "US"},
                                                   {"westcentralus", "West Central US", "US"},
                                                   {"westus", "West US", "US"},
                                                   {"westus2", "West US 2", "US"},
                                                   {"canadacentral", "Canada Central", "Canada"},
                                                   {"canadaeast", "Canada East", "Canada"},
                                                   {"brazilsouth", "Brazil South", "South America"},
                                                   {"northeurope", "North Europe", "Europe"},
                                                   {"westeurope", "West Europe", "Europe"},
                                                   {"uksouth", "UK South", "Europe"},
                                                   {"ukwest", "UK West", "Europe"},
                                                   {"francecentral", "France Central", "Europe"},
                                                   {"southeastasia", "Southeast Asia", "Asia Pacific"},
                                                   {"eastasia", "East Asia", "Asia Pacific"},
                                                   {"japaneast", "Japan East", "Asia Pacific"},
                                                   {"japanwest", "Japan West", "Asia Pacific"},
                                                   {"koreacentral", "Korea Central", "Asia Pacific"},
                                                   {"centralindia", "Central India", "Asia Pacific"},
                                                   {"southindia", "South India", "Asia Pacific"},
                                                   {"australiaeast", "Australia East", "Asia Pacific"},
                                                   {"australiasoutheast", "Australia Southeast", "Asia Pacific"}};
  return kLocations;
}

std::string require_location(const std::string& text, const std::string& resource_type) {
  std::string name = to_lower(text);
  std::erase(name, ' ');
  if (name.empty()) {
    throw ServiceFault(400, "LocationRequired", "The location property is required for this definition.", "location");
  }
  const auto& all = locations();
  if (std::any_of(all.begin(), all.end(), [&name](const Location& each) { return each.name == name; })) {
    return name;
  }
  throw ServiceFault(400, "LocationNotAvailableForResourceType",
                     "The provided location '" + text + "' is not available for resource type '" + resource_type +
                         "'. List of available regions for the resource type is '" + joined(all, ",", &Location::name) +
                         "'.",
                     "location");
}

}  // namespace batchai::server
