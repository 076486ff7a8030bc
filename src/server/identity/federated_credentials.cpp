#include "server/identity/federated_credentials.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/url.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

constexpr const char* kDefaultAudience = "api://AzureADTokenExchange";

std::string required_text(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string() || found->get_ref<const std::string&>().empty()) {
    throw InvalidArgument(std::string("the member '") + name + "' is no text");
  }
  return found->get<std::string>();
}

std::vector<std::string> registered_audiences(const nlohmann::json& object) {
  const auto found = object.find("audiences");
  if (found == object.end()) {
    return {kDefaultAudience};
  }
  const bool good = found->is_array() && !found->empty() &&
                    std::all_of(found->begin(), found->end(), [](const auto& each) { return each.is_string(); });
  if (!good) {
    throw InvalidArgument("the member 'audiences' is no list of texts");
  }
  return found->get<std::vector<std::string>>();
}

/// A member of a key is absent or says that the key may be used.
bool permits(const nlohmann::json& key, const char* name, std::initializer_list<const char*> allowed) {
  const auto found = key.find(name);
  return found == key.end() || std::any_of(allowed.begin(), allowed.end(), [&](auto each) { return *found == each; });
}

bool is_signing_key(const nlohmann::json& key) {
  return key.is_object() && key.value("kty", nlohmann::json()) == "RSA" && key.contains("kid") &&
         permits(key, "use", {"sig"}) && permits(key, "alg", {"RS256", "PS256"});
}

std::vector<IssuerKey> issuer_keys(const nlohmann::json& object) {
  const nlohmann::json set = object.value("jwks", nlohmann::json());
  const nlohmann::json entries = set.is_object() ? set.value("keys", nlohmann::json()) : nlohmann::json();
  std::vector<IssuerKey> keys;
  for (const nlohmann::json& entry : entries.is_array() ? entries : nlohmann::json::array()) {
    if (is_signing_key(entry)) {
      keys.push_back({required_text(entry, "kid"), entry.contains("alg") ? required_text(entry, "alg") : "",
                      signing::RsaPublicKey::from_numbers({required_text(entry, "n"), required_text(entry, "e")})});
    }
  }
  if (keys.empty()) {
    throw InvalidArgument("the member 'jwks' holds no RSA key that signs and has a kid");
  }
  return keys;
}

FederatedCredential read_federated_credential(const std::string& text) {
  const nlohmann::json object = nlohmann::json::parse(text, nullptr, false);
  if (!object.is_object()) {
    throw InvalidArgument("it holds no JSON object");
  }
  FederatedCredential credential{required_text(object, "issuer"), required_text(object, "subject"),
                                 registered_audiences(object), issuer_keys(object)};
  static_cast<void>(Url::parse(credential.issuer));
  return credential;
}

}  // namespace

std::vector<FederatedCredential> federated_credentials(const std::filesystem::path& folder, const WarningSink& warn) {
  std::vector<FederatedCredential> credentials;
  read_registrations(folder, ".json", warn,
                     [&](const std::string& text) { credentials.push_back(read_federated_credential(text)); });
  return credentials;
}

}  // namespace batchai::server
