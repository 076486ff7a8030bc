#include "server/arm/api_version.hpp"

#include "batchai/core/http.hpp"
#include "core/joined.hpp"
#include "server/arm/provider_table.hpp"
#include "server/faults/fault.hpp"
#include "server/resources/locations.hpp"

#include <algorithm>
#include <regex>

namespace batchai::server {
namespace {

/// The type itself, or the one that an action as `listKeys` belongs to.
const ProviderType* type_of(const ProviderEntry& provider, std::string type) {
  const ProviderType* found = find_type(provider, type);
  while (found == nullptr && type.find('/') != std::string::npos) {
    type.erase(type.rfind('/'));
    found = find_type(provider, type);
  }
  return found;
}

}  // namespace

void check_api_version(const Request& request, const ResourcePath& path) {
  const std::string* version = request.query_parameter("api-version");
  if (version == nullptr || version->empty()) {
    throw ServiceFault(400, "MissingApiVersionParameter",
                       "The api-version query parameter (?api-version=) is required for all requests.");
  }
  static const std::regex kForm(R"(\d{4}-\d{2}-\d{2}(-[A-Za-z]+)?)");
  if (!std::regex_match(*version, kForm)) {
    throw ServiceFault(400, "InvalidApiVersionParameter",
                       "The api-version '" + *version +
                           "' is invalid. Supported are versions of the form "
                           "'YYYY-MM-DD' or 'YYYY-MM-DD-preview'; for Batch AI '2018-05-01'.");
  }
  const ProviderEntry* provider = find_provider(path.provider);
  if (provider == nullptr || !iequals(provider->name, "Microsoft.BatchAI")) {
    return;
  }
  const ProviderType* type = type_of(*provider, path.type);
  if (type != nullptr &&
      std::find(type->api_versions.begin(), type->api_versions.end(), *version) == type->api_versions.end()) {
    throw ServiceFault(400, "NoRegisteredProviderFound",
                       "No registered resource provider found for API version '" + *version + "' for type '" +
                           path.type + "'. The supported api-versions are '" + joined(type->api_versions, ", ") +
                           "'. The supported locations are '" + joined(locations(), ", ", &Location::name) + "'.");
  }
}

}  // namespace batchai::server
