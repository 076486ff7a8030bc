#include "server/identity/managed_identity.hpp"

#include "batchai/core/http.hpp"
#include "server/http/json_answer.hpp"
#include "signing/query.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

Response identity_refusal(const std::string& error, const std::string& description) {
  return json_answer(400, nlohmann::json{{"error", error}, {"error_description", description}});
}

/// From the query, else from the form.
std::string parameter(const Request& request, const std::string& name) {
  if (const std::string* value = request.query_parameter(name)) {
    return *value;
  }
  const auto form = signing::split_query(request.body, true);
  const auto found = std::find_if(form.begin(), form.end(), [&](const auto& each) { return each.first == name; });
  return found == form.end() ? "" : found->second;
}

/// Numbers are strings here, as in the real service.
Response token_answer(const IssuedToken& token, const std::string& client_id, const std::string& resource) {
  const std::string lifetime = std::to_string(token.lifetime.count());
  const nlohmann::json body = {{"access_token", token.text},
                               {"client_id", client_id},
                               {"expires_in", lifetime},
                               {"ext_expires_in", lifetime},
                               {"expires_on", epoch_text(token.expires)},
                               {"not_before", epoch_text(token.not_before)},
                               {"resource", resource},
                               {"token_type", "Bearer"}};
  Response response = json_answer(200, body);
  response.headers.set("Cache-Control", "no-store");
  return response;
}

class ManagedIdentity {
 public:
  ManagedIdentity(ManagedIdentityOptions options, const AccessTokens& tokens, const Principals& principals)
      : options_(std::move(options)), tokens_(tokens), principals_(principals) {}

  Response handle(const Request& request) const {
    // A page in a browser, or a proxy that is made to fetch addresses, cannot set the one and sets the other.
    if (!iequals(request.headers.get("Metadata"), "true") || request.headers.contains("X-Forwarded-For")) {
      return identity_refusal("invalid_request", "Required metadata header not specified");
    }
    const std::string resource = parameter(request, "resource");
    if (resource.empty()) {
      return identity_refusal("invalid_request", "Required audience parameter not specified");
    }
    if (!contains_audience(options_.audiences, resource)) {
      return identity_refusal("invalid_resource", "AADSTS500011: The resource principal named " + resource +
                                                      " was not found in the tenant named " + tokens_.tenant_id() +
                                                      ".");
    }
    const auto principal = wanted_principal(request);
    if (!principal) {
      return identity_refusal("invalid_request", "Identity not found");
    }
    return token_answer(tokens_.issue(*principal, resource), principal->app_id, resource);
  }

 private:
  std::shared_ptr<const Principal> wanted_principal(const Request& request) const {
    const std::string client = parameter(request, "client_id");
    auto principal = principals_.find(client.empty() ? options_.client_id : client);
    const std::string object = parameter(request, "object_id");
    const bool other = (!object.empty() && principal && !iequals(object, principal->object_id)) ||
                       !parameter(request, "msi_res_id").empty();
    return other ? nullptr : principal;
  }

  ManagedIdentityOptions options_;
  const AccessTokens& tokens_;
  const Principals& principals_;
};

}  // namespace

std::vector<Route> managed_identity_routes(const ManagedIdentityOptions& options, const AccessTokens& tokens,
                                           const Principals& principals) {
  const auto identity = std::make_shared<const ManagedIdentity>(options, tokens, principals);
  const RouteHandler handler = [identity](const Request& request, const PathParameters&) {
    return identity->handle(request);
  };
  const std::string path = "/metadata/identity/oauth2/token";
  return {{"GET", path, handler}, {"POST", path, handler}};
}

}  // namespace batchai::server
