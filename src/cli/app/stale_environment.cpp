#include "cli/app/stale_environment.hpp"

#include "batchai/core/url.hpp"
#include "cli/config/profile.hpp"

namespace batchai::cli {
namespace {

struct Address {
  const char* variable;
  const char* key;
};

std::string origin_of(const std::string& url) { return url.empty() ? "" : Url::parse(url).origin(); }

}  // namespace

std::optional<std::string> stale_environment_hint(const TransportError& error, const Environment& environment) {
  try {
    if (!Url::parse(error.endpoint()).is_loopback()) {
      return std::nullopt;
    }
    const auto profile = ProfileStore(find_config_paths(environment).config).load("local");
    for (const auto& [variable, key] :
         {Address{"BATCHAI_RESOURCE_MANAGER_ENDPOINT", "resource_manager"},
          Address{"AZURE_AUTHORITY_HOST", "authority"}, Address{"BATCHAI_FILES_ENDPOINT", "files_endpoint"}}) {
      const std::string present = profile ? origin_of(profile->get(key)) : "";
      if (!present.empty() && present != error.endpoint() && origin_of(environment.get(variable)) == error.endpoint()) {
        return std::string(variable) + " names an old address of the local service, which was last started at " +
               present + "; run 'eval \"$(batchai local env)\"'";
      }
    }
  } catch (const Error&) {
    return std::nullopt;  // the error in the configuration is not the failure to report
  }
  return std::nullopt;
}

}  // namespace batchai::cli
