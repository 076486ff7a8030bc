#include "batchai/identity/credentials.hpp"

#include "batchai/core/error.hpp"
#include "identity/service_principal.hpp"

namespace batchai::inline v1 {
namespace {

std::unique_ptr<TokenSource> secret_source(std::string tenant, std::string client_id, Secret secret,
                                           const CredentialOptions& options) {
  if (secret.empty()) {
    throw InvalidArgument("a service principal needs a secret, but it is empty");
  }
  ServicePrincipal principal{std::move(tenant), std::move(client_id), fingerprint_of("secret " + secret.reveal()), {}};
  principal.proof = [secret = std::move(secret)](const std::string&) {
    return FormFields{{"client_secret", secret.reveal()}};
  };
  return make_source(std::move(principal), options);
}

}  // namespace

SourcedCredential::SourcedCredential(std::unique_ptr<TokenSource> source) : source_(std::move(source)) {}

SourcedCredential::~SourcedCredential() = default;

AccessToken SourcedCredential::get_token(const TokenRequest& request, const CallContext& context) {
  return source_->get(request, context);
}

ClientSecretCredential::ClientSecretCredential(std::string tenant, std::string client_id, Secret secret,
                                               const CredentialOptions& options)
    : SourcedCredential(secret_source(std::move(tenant), std::move(client_id), std::move(secret), options)) {}

ClientSecretCredential::ClientSecretCredential(std::string tenant, std::string client_id, std::string secret,
                                               const CredentialOptions& options)
    : ClientSecretCredential(std::move(tenant), std::move(client_id), Secret(std::move(secret)), options) {}

AccessToken StaticTokenCredential::get_token(const TokenRequest&, const CallContext&) {
  return {token_, Timestamp::max()};
}

}  // namespace batchai::inline v1
