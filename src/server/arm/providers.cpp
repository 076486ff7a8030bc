#include "server/arm/providers.hpp"

#include "batchai/core/http.hpp"
#include "server/arm/arm_answer.hpp"
#include "server/arm/provider_table.hpp"
#include "server/resources/locations.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

constexpr const char* kRegistered = "Registered";
constexpr const char* kUnregistered = "Unregistered";

std::string key_of(const std::string& subscription, const std::string& provider) {
  return to_lower("/subscriptions/" + subscription + "/providers/" + provider);
}

std::string state_of(Transaction& transaction, const std::string& subscription, const std::string& provider) {
  const auto stored = transaction.get(key_of(subscription, provider));
  return stored ? stored->body.at("registrationState").get<std::string>() : kRegistered;
}

nlohmann::json type_document(const ProviderType& type) {
  std::vector<std::string> names;
  for (const Location& location : locations()) {
    names.emplace_back(location.display_name);
  }
  return {
      {"resourceType", type.name}, {"locations", names}, {"apiVersions", type.api_versions}, {"capabilities", "None"}};
}

nlohmann::json provider_document(Transaction& transaction, const std::string& subscription,
                                 const ProviderEntry& provider) {
  nlohmann::json types = nlohmann::json::array();
  for (const ProviderType& type : provider.types) {
    types.push_back(type_document(type));
  }
  return {{"id", "/subscriptions/" + subscription + "/providers/" + provider.name},
          {"namespace", provider.name},
          {"registrationPolicy", "RegistrationRequired"},
          {"registrationState", state_of(transaction, subscription, provider.name)},
          {"resourceTypes", std::move(types)}};
}

const ProviderEntry& require_provider(const std::string& name) {
  const ProviderEntry* provider = find_provider(name);
  if (provider == nullptr) {
    throw ServiceFault(404, "InvalidResourceNamespace", "The resource namespace '" + name + "' is invalid.");
  }
  return *provider;
}

Response show(const ArmOptions& options, const std::string& name) {
  const ProviderEntry& provider = require_provider(name);
  Response response;
  options.store.read([&](Transaction& transaction) {
    response = arm_answer(200, provider_document(transaction, options.subscription_id, provider));
  });
  return response;
}

Response set_state(const ArmOptions& options, const std::string& name, const char* state) {
  const ProviderEntry& provider = require_provider(name);
  Response response;
  options.store.write([&](Transaction& transaction) {
    transaction.put({.key = key_of(options.subscription_id, provider.name),
                     .kind = "provider",
                     .body = {{"registrationState", state}}});
    response = arm_answer(200, provider_document(transaction, options.subscription_id, provider));
  });
  return response;
}

Response list(const ArmOptions& options) {
  std::vector<nlohmann::json> documents;
  options.store.read([&](Transaction& transaction) {
    for (const ProviderEntry& provider : provider_table()) {
      documents.push_back(provider_document(transaction, options.subscription_id, provider));
    }
  });
  return list_answer(std::move(documents));
}

}  // namespace

std::vector<Route> provider_routes(const ArmOptions& options) {
  const std::string all = "/subscriptions/{subscription}/providers";
  const std::string one = all + "/{provider}";
  return {
      {"GET", all, [options](const Request&, const PathParameters&) { return list(options); }},
      {"GET", one, [options](const Request&, const PathParameters& path) { return show(options, path["provider"]); }},
      {"POST", one + "/register",
       [options](const Request&, const PathParameters& path) {
         return set_state(options, path["provider"], kRegistered);
       }},
      {"POST", one + "/unregister", [options](const Request&, const PathParameters& path) {
         return set_state(options, path["provider"], kUnregistered);
       }}};
}

void require_registration(Transaction& transaction, const std::string& subscription, const std::string& provider) {
  if (state_of(transaction, subscription, provider) != kRegistered) {
    // The SDK for Python takes the quoted text as the namespace, registers it and sends the request again.
    throw ServiceFault(409, "MissingSubscriptionRegistration",
                       "The subscription is not registered to use namespace '" + provider +
                           "'. Register it, for example by: batchai provider register -n " + provider);
  }
}

}  // namespace batchai::server
