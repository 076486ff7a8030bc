#include "batchai/core/error.hpp"
#include "batchai/identity/credentials.hpp"
#include "core/environment.hpp"
#include "identity/service_principal.hpp"

namespace batchai::inline v1 {
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

/// How long to wait before the metadata service is asked again. The waits are those that MSAL takes.
std::optional<Duration> metadata_pause(int status, int tries) {
  if (status == 404 && tries < 3) {  // it is starting
    return std::chrono::seconds(1 << tries);
  }
  if (status == 410 && tries < 7) {  // it is being updated, which takes 70 s at most
    return std::chrono::seconds(10);
  }
  return std::nullopt;
}

std::unique_ptr<TokenSource> identity_source(const std::string& client_id, const CredentialOptions& options,
                                             const ManagedIdentityEndpoint& endpoint) {
  TokenRecipe recipe;
  recipe.key = Url::parse(endpoint.url).to_string() + " " + client_id + " " + fingerprint_of(endpoint.header.reveal());
  recipe.refusal = "the managed identity" + (client_id.empty() ? "" : " " + client_id) + " got no token";
  recipe.request = [endpoint, client_id](const std::string& resource) {
    return identity_request(endpoint, client_id, resource);
  };
  if (endpoint.header.empty()) {
    recipe.pause_before_retry = metadata_pause;
  }
  return std::make_unique<TokenSource>(std::move(recipe), options);
}

}  // namespace

ManagedIdentityEndpoint managed_identity_from(const VariableLookup& variable) {
  const std::string app_service = variable("IDENTITY_ENDPOINT");
  const std::string header = variable("IDENTITY_HEADER");
  if (!app_service.empty() && !header.empty()) {
    return {app_service, Secret(header)};
  }
  const std::string host = variable("AZURE_POD_IDENTITY_AUTHORITY_HOST");
  Url url = Url::parse(host.empty() ? kMetadataHost : host);
  return {url.append_path("metadata/identity/oauth2/token").to_string()};
}

ManagedIdentityEndpoint managed_identity_from_environment() { return managed_identity_from(environment_variable); }

ManagedIdentityCredential::ManagedIdentityCredential(const std::string& client_id, const CredentialOptions& options,
                                                     const ManagedIdentityEndpoint& endpoint)
    : SourcedCredential(identity_source(client_id, options, endpoint)), on_virtual_machine_(endpoint.header.empty()) {}

AccessToken ManagedIdentityCredential::get_token(const TokenRequest& request, const CallContext& context) {
  try {
    return SourcedCredential::get_token(request, context);
  } catch (const TransportError& error) {
    if (!on_virtual_machine_) {
      throw;
    }
    throw CredentialUnavailable(std::string("there is no managed identity on this machine: ") + error.what());
  } catch (const AuthenticationError& error) {
    if (!on_virtual_machine_ || error.code() != "invalid_request") {
      throw;
    }
    throw CredentialUnavailable(error.what(), error.code());  // `Identity not found`
  }
}

}  // namespace batchai::inline v1
