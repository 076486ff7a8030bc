#include "server/identity/identity_routes.hpp"

#include "batchai/core/http.hpp"
#include "core/random.hpp"
#include "server/identity/discovery.hpp"
#include "server/identity/token_error.hpp"

namespace batchai::server {
namespace {

Route token_route(const std::string& pattern, TokenFlavour flavour, std::shared_ptr<const TokenEndpoint> endpoint) {
  return {"POST", pattern,
          [endpoint = std::move(endpoint), flavour](const Request& request, const PathParameters& path) {
            return endpoint->handle(request, path["tenant"],
                                    iequals(path["tenant"], "adfs") ? TokenFlavour::Adfs : flavour);
          }};
}

/// What `make` returns, or the document of the TokenError it throws.
Response answer_or_error(const IdentityOptions& options, const Request& request,
                         const std::function<Response()>& make) {
  try {
    return make();
  } catch (const TokenError& error) {
    return token_error_response(error, {options.public_url, request.request_id,
                                        client_request_id(request).value_or(random_guid()), options.clock->now()});
  }
}

/// Discovery documents of a tenant: `make` gets the tenant in lower case.
Route document_route(const std::string& pattern, const IdentityOptions& options, const std::string& own_tenant,
                     std::function<Response(const std::string& tenant)> make) {
  return {"GET", pattern, [=](const Request& request, const PathParameters& path) {
            return answer_or_error(options, request, [&] {
              const std::string tenant = to_lower(path["tenant"]);
              if (tenant != "common" && tenant != "organizations") {
                check_tenant(tenant, own_tenant);
              }
              return make(tenant);
            });
          }};
}

}  // namespace

std::vector<Route> identity_routes(const IdentityOptions& options, const AccessTokens& tokens,
                                   const Principals& principals) {
  const auto endpoint = std::make_shared<const TokenEndpoint>(options, tokens, principals);
  const std::string& own = tokens.tenant_id();
  const auto configuration = [url = options.public_url](const std::string& version) {
    return [url, version](const std::string& tenant) { return openid_configuration(url, tenant, version); };
  };
  const auto keys = [&tokens](const std::string&) { return key_set(tokens.key()); };
  const auto discovery = [options, own](const Request& request, const PathParameters&) {
    return answer_or_error(options, request, [&] { return instance_discovery(request, options.public_url, own); });
  };
  return {token_route("/{tenant}/oauth2/token", TokenFlavour::V1, endpoint),
          token_route("/{tenant}/oauth2/v2.0/token", TokenFlavour::V2, endpoint),
          document_route("/{tenant}/.well-known/openid-configuration", options, own, configuration("")),
          document_route("/{tenant}/v2.0/.well-known/openid-configuration", options, own, configuration("/v2.0")),
          document_route("/{tenant}/discovery/keys", options, own, keys),
          document_route("/{tenant}/discovery/v2.0/keys", options, own, keys),
          {"GET", "/common/discovery/instance", discovery}};
}

}  // namespace batchai::server
