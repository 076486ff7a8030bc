#include "batchai/core/error.hpp"
#include "batchai/identity/credentials.hpp"
#include "core/private_file.hpp"
#include "identity/service_principal.hpp"

#include <system_error>

namespace batchai::inline v1 {
namespace {

std::string read_federated_token(const std::filesystem::path& file) {
  std::optional<std::string> token;
  try {
    token = read_file(file);
  } catch (const std::system_error& error) {
    throw AuthenticationError(std::string("the federated token file cannot be used: ") + error.what());
  }
  if (!token) {
    throw AuthenticationError("there is no federated token file '" + file.string() + "'");
  }
  token->erase(token->find_last_not_of(" \r\n\t") + 1);
  if (token->empty()) {
    throw AuthenticationError("the federated token file '" + file.string() + "' is empty");
  }
  return *token;
}

std::unique_ptr<TokenSource> federated_source(std::string tenant, std::string client_id, const std::string& file,
                                              const CredentialOptions& options) {
  if (file.empty()) {
    throw InvalidArgument("a service principal needs a federated token file, but its name is empty");
  }
  ServicePrincipal principal{std::move(tenant), std::move(client_id), fingerprint_of("federated " + file), {}};
  principal.proof = [file](const std::string&) { return assertion_fields(read_federated_token(file)); };
  return make_source(std::move(principal), options);
}

}  // namespace

FederatedTokenCredential::FederatedTokenCredential(std::string tenant, std::string client_id, const std::string& file,
                                                   const CredentialOptions& options)
    : SourcedCredential(federated_source(std::move(tenant), std::move(client_id), file, options)) {}

}  // namespace batchai::inline v1
