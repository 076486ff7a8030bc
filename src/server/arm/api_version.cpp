#include "server/arm/api_version.hpp"

#include "batchai/core/http.hpp"
#include "core/joined.hpp"
#include "server/arm/provider_table.hpp"
#include "server/faults/fault.hpp"
#include "server/resources/locations.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

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

/// `2018-05-01`, or with a word behind another dash.
bool has_form_of_version(std::string_view text) {
  constexpr std::string_view kDate = "0000-00-00";
  const auto fits = [](char form, char given) {
    return form == '-' ? given == '-' : std::isdigit(static_cast<unsigned char>(given)) != 0;
  };
  if (text.size() < kDate.size() || !std::equal(kDate.begin(), kDate.end(), text.begin(), fits)) {
    return false;
  }
  const std::string_view word = text.substr(kDate.size());
  return word.empty() ||
         (word.size() > 1 && word.front() == '-' &&
          std::all_of(word.begin() + 1, word.end(), [](unsigned char c) { return std::isalpha(c) != 0; }));
}

}  // namespace

void check_api_version(const Request& request, const ResourcePath& path) {
  const std::string* version = request.query_parameter("api-version");
  if (version == nullptr || version->empty()) {
    throw ServiceFault(400, "MissingApiVersionParameter",
                       "The api-version query parameter (?api-version=) is required for all requests.");
  }
  if (!has_form_of_version(*version)) {
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
