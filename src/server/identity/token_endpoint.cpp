#include "server/identity/token_endpoint.hpp"

#include "batchai/core/http.hpp"
#include "core/random.hpp"
#include "server/http/json_answer.hpp"
#include "server/identity/guid_text.hpp"
#include "server/identity/token_error.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

nlohmann::json token_document(const IssuedToken& token, const ClientCredentialRequest& asked) {
  // A number on every endpoint: az fails with the string that the real version 1 sends.
  nlohmann::json body = {{"token_type", "Bearer"},
                         {"expires_in", token.lifetime.count()},
                         {"ext_expires_in", token.lifetime.count()},
                         {"access_token", token.text}};
  if (asked.by_resource) {
    body["expires_on"] = epoch_text(token.expires);
    body["not_before"] = epoch_text(token.not_before);
    body["resource"] = asked.audience;
  }
  return body;
}

/// The values that an assertion's `aud` may have: the token endpoint in all its forms, or the issuer.
std::vector<std::string> authority_urls(const std::string& public_url, const std::string& tenant_id) {
  std::vector<std::string> urls;
  for (const std::string& authority : {public_url + "/" + tenant_id, public_url + "/adfs"}) {
    for (const char* path : {"/oauth2/v2.0/token", "/oauth2/token", "/v2.0", ""}) {
      urls.push_back(authority + path);
    }
  }
  return urls;
}

}  // namespace

TokenEndpoint::TokenEndpoint(const IdentityOptions& options, const AccessTokens& tokens, const Principals& principals)
    : options_(options),
      tokens_(tokens),
      principals_(principals),
      assertions_({.principals_folder = options.principals_folder,
                   .audiences = authority_urls(options.public_url, tokens.tenant_id()),
                   .clock = options.clock,
                   .warn = options.warn}),
      brake_(options.clock) {}

void check_tenant(const std::string& tenant, const std::string& own_tenant) {
  if (iequals(tenant, own_tenant) || iequals(tenant, "adfs")) {
    return;
  }
  if (is_guid(tenant)) {
    throw TokenError(400, "invalid_request", 90002,
                     "Tenant '" + tenant + "' not found. Check that the tenant ID is the one of this service.");
  }
  throw TokenError(400, "invalid_request", 900023,
                   "Specified tenant identifier '" + tenant + "' is neither the ID nor a domain of a known tenant.");
}

Response TokenEndpoint::handle(const Request& request, const std::string& tenant, TokenFlavour flavour) const {
  Response response;
  try {
    response = grant(request, tenant, flavour);
  } catch (const TokenError& error) {
    response = token_error_response(error, {.authority = options_.public_url,
                                            .trace_id = request.request_id,
                                            .correlation_id = client_request_id(request).value_or(random_guid()),
                                            .now = options_.clock->now()});
  }
  response.headers.set("Cache-Control", "no-store, no-cache");
  response.headers.set("Pragma", "no-cache");
  response.headers.set("x-ms-request-id", request.request_id);
  response.headers.set("x-ms-ests-server", "batchai");
  return response;
}

Response TokenEndpoint::grant(const Request& request, const std::string& tenant, TokenFlavour flavour) const {
  check_tenant(tenant, tokens_.tenant_id());
  const ClientCredentialRequest asked = read_client_credential_request(request, flavour);
  const Principal principal = find_principal(asked.client_id);
  const ClientProof proof = authenticate(principal, asked, request.remote_address);
  check_audience(asked.audience);
  return json_answer(200, token_document(tokens_.issue(principal, asked.audience, proof), asked));
}

Principal TokenEndpoint::find_principal(const std::string& client_id) const {
  const auto principal = principals_.find(client_id);
  if (!principal) {
    throw TokenError(400, "unauthorized_client", 700016,
                     "Application with identifier '" + client_id + "' was not found in the directory '" +
                         tokens_.tenant_id() + "'.");
  }
  return *principal;
}

ClientProof TokenEndpoint::authenticate(const Principal& principal, const ClientCredentialRequest& asked,
                                        const std::string& remote_address) const {
  if (asked.assertion) {
    assertions_.verify(principal, *asked.assertion);
    return ClientProof::Assertion;
  }
  if (!asked.secret) {
    throw TokenError(401, "invalid_client", 7000218,
                     "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
  }
  check_secret(principal, *asked.secret, remote_address);
  return ClientProof::Secret;
}

void TokenEndpoint::check_secret(const Principal& principal, const Secret& secret,
                                 const std::string& remote_address) const {
  // By address, so that nobody can keep others from signing in.
  const std::string who = remote_address + " " + to_lower(principal.app_id);
  if (const auto pause = brake_.pause_of(who)) {
    throw TokenError(429, "temporarily_unavailable", 50053,
                     "There were too many attempts with a wrong secret for app '" + principal.app_id +
                         "' from this address. Try again in " + std::to_string(pause->count()) + " s.",
                     pause);
  }
  const SecretCheck check = principals_.check_secret(principal.app_id, secret, options_.clock->now());
  check == SecretCheck::Wrong ? brake_.note_failure(who) : brake_.note_success(who);
  switch (check) {
    case SecretCheck::Right:
      return;
    case SecretCheck::Expired:
      throw TokenError(401, "invalid_client", 7000222,
                       "The provided client secret keys for app '" + principal.app_id + "' are expired.");
    case SecretCheck::Wrong:
      throw TokenError(401, "invalid_client", 7000215,
                       "Invalid client secret provided for app '" + principal.app_id + "'.");
  }
}

void TokenEndpoint::check_audience(const std::string& audience) const {
  if (!contains_audience(options_.audiences, audience)) {
    throw TokenError(
        400, "invalid_resource", 500011,
        "The resource principal named " + audience + " was not found in the tenant named " + tokens_.tenant_id() + ".");
  }
}

}  // namespace batchai::server
