#include "batchai/identity/credentials.hpp"
#include "identity/environment.hpp"
#include "identity/service_principal.hpp"

namespace batchai {
namespace {

constexpr const char* kMetadataHost = "http://169.254.169.254";

HttpRequest identity_request(const ManagedIdentityEndpoint& endpoint, const std::string& client_id,
                             const std::string& resource) {
  HttpRequest request{.url = Url::parse(endpoint.url)};
  if (endpoint.header.empty()) {
    request.headers.set("Metadata", "true");
    request.url.add_query("api-version", "2018-02-01");
  } else {
    request.headers.set("X-IDENTITY-HEADER", endpoint.header.reveal());
    request.url.add_query("api-version", "2019-08-01");
  }
  request.url.add_query("resource", resource);
  if (!client_id.empty()) {
    request.url.add_query("client_id", client_id);
  }
  return request;
}

std::unique_ptr<TokenSource> identity_source(std::string client_id, const CredentialOptions& options,
                                             ManagedIdentityEndpoint endpoint) {
  TokenRecipe recipe;
  recipe.key = Url::parse(endpoint.url).to_string() + " " + client_id + " " + fingerprint_of(endpoint.header.reveal());
  recipe.refusal = "the managed identity" + (client_id.empty() ? "" : " " + client_id) + " got no token";
  recipe.request = [endpoint = std::move(endpoint), client_id = std::move(client_id)](const std::string& resource) {
    return identity_request(endpoint, client_id, resource);
  };
  return std::make_unique<TokenSource>(std::move(recipe), options);
}

}  // namespace

ManagedIdentityEndpoint managed_identity_from_environment() {
  const std::string app_service = environment_variable("IDENTITY_ENDPOINT");
  const std::string header = environment_variable("IDENTITY_HEADER");
  if (!app_service.empty() && !header.empty()) {
    return {app_service, Secret(header)};
  }
  const std::string host = environment_variable("AZURE_POD_IDENTITY_AUTHORITY_HOST");
  Url url = Url::parse(host.empty() ? kMetadataHost : host);
  return {url.append_path("metadata/identity/oauth2/token").to_string()};
}

ManagedIdentityCredential::ManagedIdentityCredential(std::string client_id, const CredentialOptions& options,
                                                     ManagedIdentityEndpoint endpoint)
    : SourcedCredential(identity_source(std::move(client_id), options, std::move(endpoint))) {}

}  // namespace batchai
