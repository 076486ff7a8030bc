#include "batchai/identity/credentials.hpp"

#include "batchai/core/error.hpp"
#include "identity/token_source.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

namespace batchai {
namespace {

void require(const std::string& value, const char* name) {
  if (value.empty()) {
    throw InvalidArgument(std::string("a service principal needs a ") + name + ", but it is empty");
  }
}

TokenPrincipal secret_principal(std::string tenant, std::string client_id, Secret secret) {
  require(tenant, "tenant");
  require(client_id, "client id");
  require(secret.reveal(), "secret");
  const std::string fingerprint =
      signing::hex_encode(signing::sha256(client_id + '\0' + secret.reveal())).substr(0, 16);
  return {std::move(tenant), std::move(client_id), fingerprint, [secret = std::move(secret)](const std::string&) {
            return FormFields{{"client_secret", secret.reveal()}};
          }};
}

}  // namespace

ClientSecretCredential::ClientSecretCredential(std::string tenant, std::string client_id, Secret secret,
                                               const CredentialOptions& options)
    : source_(std::make_unique<TokenSource>(
          secret_principal(std::move(tenant), std::move(client_id), std::move(secret)), options)) {}

ClientSecretCredential::ClientSecretCredential(std::string tenant, std::string client_id, std::string secret,
                                               const CredentialOptions& options)
    : ClientSecretCredential(std::move(tenant), std::move(client_id), Secret(std::move(secret)), options) {}

ClientSecretCredential::~ClientSecretCredential() = default;

AccessToken ClientSecretCredential::get_token(const TokenRequest& request, const CallContext& context) {
  return source_->get(request, context);
}

AccessToken StaticTokenCredential::get_token(const TokenRequest&, const CallContext&) {
  return {token_, Timestamp::max()};
}

}  // namespace batchai
