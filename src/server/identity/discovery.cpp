#include "server/identity/discovery.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/url.hpp"
#include "server/http/json_answer.hpp"
#include "server/identity/token_error.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

Response document(const nlohmann::json& body) {
  Response response = json_answer(200, body);
  response.headers.set("Cache-Control", "max-age=86400, private");
  return response;
}

/// First path segment of the endpoint that a client means to use: its tenant.
std::string tenant_of(const std::string& endpoint) {
  try {
    const std::string path = Url::parse(endpoint).path();
    return path.substr(1, path.find('/', 1) - 1);
  } catch (const InvalidArgument&) {
    throw TokenError(400, "invalid_instance", 50049, "Unknown or invalid instance.");
  }
}

}  // namespace

Response openid_configuration(const std::string& public_url, const std::string& tenant, const std::string& version) {
  const std::string authority = public_url + "/" + tenant;
  return document(
      {{"issuer", authority + version},
       {"authorization_endpoint", authority + "/oauth2" + version + "/authorize"},
       {"token_endpoint", authority + "/oauth2" + version + "/token"},
       {"jwks_uri", authority + "/discovery" + version + "/keys"},
       {"token_endpoint_auth_methods_supported", {"client_secret_post", "client_secret_basic", "private_key_jwt"}},
       {"token_endpoint_auth_signing_alg_values_supported", {"RS256", "PS256"}},
       {"grant_types_supported", {"client_credentials"}},
       {"response_types_supported", {"code"}},
       {"response_modes_supported", {"query"}},
       {"subject_types_supported", {"pairwise"}},
       {"id_token_signing_alg_values_supported", {"RS256"}}});
}

Response key_set(const SigningKey& key) {
  const signing::RsaNumbers numbers = key.key.public_key().numbers();
  const nlohmann::json entry = {{"kty", "RSA"},  {"use", "sig"},   {"alg", "RS256"},
                                {"kid", key.id}, {"n", numbers.n}, {"e", numbers.e}};
  return document({{"keys", nlohmann::json::array({entry})}});
}

Response instance_discovery(const Request& request, const std::string& public_url, const std::string& tenant_id) {
  const std::string* endpoint = request.query_parameter("authorization_endpoint");
  const std::string* version = request.query_parameter("api-version");
  const std::string tenant = endpoint == nullptr ? tenant_id : tenant_of(*endpoint);
  const std::string host = Url::parse(public_url).authority();
  const nlohmann::json metadata = {{"preferred_network", host}, {"preferred_cache", host}, {"aliases", {host}}};
  return document({{"tenant_discovery_endpoint", public_url + "/" + tenant + "/v2.0/.well-known/openid-configuration"},
                   {"api-version", version == nullptr ? "1.1" : *version},
                   {"metadata", nlohmann::json::array({metadata})}});
}

}  // namespace batchai::server
