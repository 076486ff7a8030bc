#include "identity/service_principal.hpp"

#include "batchai/core/error.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

namespace batchai::inline v1 {
namespace {

void require(const std::string& value, const char* name) {
  if (value.empty()) {
    throw InvalidArgument(std::string("a service principal needs a ") + name + ", but it is empty");
  }
}

std::string token_endpoint(const std::string& authority, const std::string& tenant) {
  Url url = Url::parse(authority);
  if (url.scheme() != "https" && !url.is_loopback()) {
    throw InvalidArgument("the authority " + url.origin() + " has to be https: a proof of identity would travel " +
                          "unencrypted");
  }
  if (iequals(tenant, "adfs")) {
    return url.append_path("adfs/oauth2/token").to_string();
  }
  return url.append_segment(tenant).append_path("oauth2/v2.0/token").to_string();
}

std::string encode_form(const FormFields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += (text.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
  }
  return text;
}

HttpRequest token_request(const ServicePrincipal& principal, const std::string& endpoint, const std::string& resource) {
  FormFields fields = {
      {"grant_type", "client_credentials"}, {"client_id", principal.client_id}, {"scope", resource + "/.default"}};
  for (auto& field : principal.proof(endpoint)) {
    fields.push_back(std::move(field));
  }
  HttpRequest request{.method = "POST", .url = Url::parse(endpoint), .repeatable = true};
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.headers.set("Accept", "application/json");
  request.body = encode_form(fields);
  return request;
}

}  // namespace

std::unique_ptr<TokenSource> make_source(ServicePrincipal principal, const CredentialOptions& options) {
  require(principal.tenant, "tenant");
  require(principal.client_id, "client id");
  const std::string endpoint = token_endpoint(options.authority, principal.tenant);
  TokenRecipe recipe;
  recipe.key = endpoint + " " + principal.client_id + " " + principal.fingerprint;
  recipe.refusal = "service principal " + principal.client_id + " could not sign in to tenant " + principal.tenant;
  recipe.request = [principal = std::move(principal), endpoint](const std::string& resource) {
    return token_request(principal, endpoint, resource);
  };
  return std::make_unique<TokenSource>(std::move(recipe), options);
}

std::string fingerprint_of(const std::string& proof) {
  return signing::hex_encode(signing::sha256(proof)).substr(0, 16);
}

FormFields assertion_fields(std::string assertion) {
  return {{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
          {"client_assertion", std::move(assertion)}};
}

}  // namespace batchai::inline v1
