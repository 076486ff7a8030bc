#include "server/identity/token_request.hpp"

#include "batchai/core/url.hpp"
#include "server/identity/guid_text.hpp"
#include "server/identity/token_error.hpp"
#include "signing/encoding.hpp"
#include "signing/query.hpp"

#include <algorithm>

namespace batchai::server {
namespace {

using Form = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kDefaultScope = "/.default";
constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

Form read_form(const Request& request) { return signing::split_query(request.body, true); }

std::optional<std::string> field(const Form& form, std::string_view name) {
  const auto found = std::find_if(form.begin(), form.end(), [name](const auto& each) { return each.first == name; });
  return found == form.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
}

TokenError missing(const std::string& name) {
  return {400, "invalid_request", 900144, "The request body must contain the following parameter: '" + name + "'."};
}

struct BasicCredentials {
  std::string id;
  std::string secret;
};

std::optional<BasicCredentials> basic_credentials(const Request& request) {
  const std::string value = request.headers.get("Authorization");
  if (!iequals(std::string_view(value).substr(0, 6), "Basic ")) {
    return std::nullopt;
  }
  const auto text = signing::base64_decode(std::string_view(value).substr(6));
  const std::size_t colon = text ? text->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    throw TokenError(401, "invalid_client", 7000218, "The Authorization header holds no Basic credentials.");
  }
  // RFC 6749 2.3.1: both parts are form-encoded; one '&' makes them a form.
  const Form parts = signing::split_query("i=" + text->substr(0, colon) + "&s=" + text->substr(colon + 1), true);
  return BasicCredentials{field(parts, "i").value_or(""), field(parts, "s").value_or("")};
}

std::string audience_of_scope(const std::string& scope, TokenFlavour flavour) {
  if (scope.find(' ') != std::string::npos) {
    throw TokenError(400, "invalid_scope", 70011,
                     "The provided request must include exactly one scope, as '<resource>/.default'.");
  }
  if (scope.ends_with(kDefaultScope)) {
    return scope.substr(0, scope.size() - kDefaultScope.size());
  }
  if (flavour == TokenFlavour::V2) {
    throw TokenError(400, "invalid_scope", 1002012,
                     "The provided value for scope " + scope +
                         " is not valid. Client credential flows must have a scope value with /.default suffixed to "
                         "the resource identifier (application ID URI).");
  }
  return scope;
}

void read_audience(ClientCredentialRequest& result, const Form& form, TokenFlavour flavour) {
  if (const auto resource = field(form, "resource")) {
    result.audience = *resource;
    result.by_resource = true;
  } else if (const auto scope = field(form, "scope")) {
    result.audience = audience_of_scope(*scope, flavour);
  } else {
    throw missing(flavour == TokenFlavour::V1 ? "resource" : "scope");
  }
}

void read_assertion(ClientCredentialRequest& result, const Form& form) {
  const auto assertion = field(form, "client_assertion");
  if (!assertion) {
    return;
  }
  if (field(form, "client_assertion_type") != kJwtBearer) {
    throw TokenError(400, "invalid_request", 900144,
                     "The request body must contain the parameter 'client_assertion_type' with the value '" +
                         std::string(kJwtBearer) + "'.");
  }
  result.assertion = Secret(*assertion);
}

void check_grant(const Form& form) {
  const auto grant = field(form, "grant_type");
  if (!grant) {
    throw missing("grant_type");
  }
  if (*grant != "client_credentials") {
    throw TokenError(400, "unsupported_grant_type", 70003,
                     "The app requested an unsupported grant type '" + *grant +
                         "'. The only one supported is 'client_credentials'.");
  }
}

}  // namespace

ClientCredentialRequest read_client_credential_request(const Request& request, TokenFlavour flavour) {
  const Form form = read_form(request);
  check_grant(form);
  const auto basic = basic_credentials(request);
  const auto id = field(form, "client_id");
  ClientCredentialRequest result;
  result.client_id = id ? *id : basic ? basic->id : "";
  if (result.client_id.empty()) {
    throw missing("client_id");
  }
  if (const auto secret = field(form, "client_secret")) {
    result.secret = Secret(*secret);
  } else if (basic) {
    result.secret = Secret(basic->secret);
  }
  read_assertion(result, form);
  read_audience(result, form, flavour);
  return result;
}

std::optional<std::string> client_request_id(const Request& request) {
  const Form form = read_form(request);
  const std::string* query = request.query_parameter("client-request-id");
  for (const std::string& candidate :
       {request.headers.get("client-request-id"), request.headers.get("x-ms-client-request-id"),
        query == nullptr ? std::string() : *query, field(form, "client-request-id").value_or("")}) {
    if (is_guid(candidate)) {
      return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace batchai::server
