#pragma once

#include "batchai/core/credential.hpp"
#include "batchai/core/error.hpp"
#include "batchai/core/pipeline.hpp"
#include "batchai/version.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

class TokenSource;

/// A credential that does not apply here, as a managed identity off Azure. Nothing was refused, so a chain continues
/// with its next step.
class CredentialUnavailable : public AuthenticationError {
 public:
  using AuthenticationError::AuthenticationError;
};

/// What all credentials that ask for tokens take.
struct CredentialOptions {
  /// Base of the token endpoint; plain http on loopback only. Managed identities do not use it. It is used as given: no
  /// other host is asked whether it is an authority.
  std::string authority = "https://login.microsoftonline.com";
  /// Where tokens are kept between processes; empty: in memory only. The file is made with mode 0600, the folder with
  /// 0700; several processes may use it at once.
  std::string token_cache_file = {};
  ClientOptions client = {};
};

// The credentials below use a token until 300 s before it expires. They throw InvalidArgument when they are made from
// values that cannot work, and AuthenticationError when the authority refuses them.

/// A credential that gets tokens from one source. Thread-safe.
class SourcedCredential : public TokenCredential {
 public:
  ~SourcedCredential() override;
  [[nodiscard]] AccessToken get_token(const TokenRequest& request, const CallContext& context) override;

 protected:
  /// Asks `source`, which must not be null, and keeps its tokens until shortly before they end.
  explicit SourcedCredential(std::unique_ptr<TokenSource> source);

 private:
  std::unique_ptr<TokenSource> source_;
};

/// Service principal with a secret (OAuth 2.0 client credentials grant, RFC 6749 4.4, at the v2 token endpoint).
/// Thread-safe.
class ClientSecretCredential final : public SourcedCredential {
 public:
  /// A service principal by its secret. Asks nothing before the first token is needed. Throws InvalidArgument for empty
  /// values, and for an authority that is no URL or http on another machine.
  ClientSecretCredential(std::string tenant, std::string client_id, Secret secret,
                         const CredentialOptions& options = {});
  /// The same.
  ClientSecretCredential(std::string tenant, std::string client_id, std::string secret,
                         const CredentialOptions& options = {});
};

/// How the assertion of a certificate credential is signed.
enum class AssertionAlgorithm {
  Automatic,  ///< PS256, and RS256 for the tenant `adfs`, which knows no other
  Ps256,
  Rs256,
};

/// How a certificate is used to sign in.
struct CertificateOptions {
  /// Of an encrypted key or a PKCS#12 file.
  Secret password = {};
  AssertionAlgorithm algorithm = AssertionAlgorithm::Automatic;
  /// Send the certificate chain along (`x5c`), for principals that are registered by subject name and issuer.
  bool send_chain = false;
};

/// Service principal with a certificate: signs an assertion (RFC 7523 2.2) with the certificate's key. Thread-safe.
class ClientCertificateCredential final : public SourcedCredential {
 public:
  /// `file`: PEM with certificate and key, or PKCS#12. It is read now; errors (InvalidArgument) name it.
  ClientCertificateCredential(std::string tenant, std::string client_id, const std::string& file,
                              const CertificateOptions& certificate = {}, const CredentialOptions& options = {});
};

/// Service principal that another identity provider vouches for (workload identity federation). Thread-safe.
class FederatedTokenCredential final : public SourcedCredential {
 public:
  /// `file` is read at every request for a token, because its owner renews it. While it is missing or empty,
  /// get_token() throws AuthenticationError.
  FederatedTokenCredential(std::string tenant, std::string client_id, const std::string& file,
                           const CredentialOptions& options = {});
};

/// Where a managed identity's tokens come from. Made from the environment; see managed_identity_from_environment().
struct ManagedIdentityEndpoint {
  /// App Service: IDENTITY_ENDPOINT. Virtual machine: the instance metadata service.
  std::string url;
  /// App Service: value of X-IDENTITY-HEADER (IDENTITY_HEADER). Empty on a virtual machine.
  Secret header = {};
};

/// IDENTITY_ENDPOINT with IDENTITY_HEADER, else AZURE_POD_IDENTITY_AUTHORITY_HOST, else http://169.254.169.254.
[[nodiscard]] ManagedIdentityEndpoint managed_identity_from_environment();

/// Value of an environment variable, or the empty string.
using VariableLookup = std::function<std::string(const std::string& name)>;
/// The same with variables from elsewhere than the process's environment.
ManagedIdentityEndpoint managed_identity_from(const VariableLookup& variable);

/// The identity of the machine this runs on. Requests to the metadata service of a virtual machine are repeated after
/// 404 (three times) and after 410 (for 70 s: it is being updated), in addition to what the retry options say.
/// Thread-safe.
class ManagedIdentityCredential final : public SourcedCredential {
 public:
  /// `client_id`: of a user-assigned identity; empty for the system-assigned one.
  explicit ManagedIdentityCredential(const std::string& client_id = {}, const CredentialOptions& options = {},
                                     const ManagedIdentityEndpoint& endpoint = managed_identity_from_environment());
  /// Throws CredentialUnavailable where no metadata service answers, or knows no such identity on this machine.
  [[nodiscard]] AccessToken get_token(const TokenRequest& request, const CallContext& context) override;

 private:
  bool on_virtual_machine_;
};

/// A token that was obtained elsewhere. It cannot be renewed: a 401 of the service is final. Thread-safe.
class StaticTokenCredential final : public TokenCredential {
 public:
  /// Gives `token` for every audience, for as long as it is asked.
  explicit StaticTokenCredential(Secret token) : token_(std::move(token)) {}
  [[nodiscard]] AccessToken get_token(const TokenRequest& request, const CallContext& context) override;

 private:
  Secret token_;
};

/// The first of several credentials that applies. A step without a credential, or whose credential is unavailable
/// (CredentialUnavailable), is skipped; any other failure ends the search, as in the Azure SDKs: a configured way to
/// sign in that does not work must not silently be replaced by another identity. After the first token only the step
/// that returned it is used. Thread-safe.
class CredentialChain final : public TokenCredential {
 public:
  /// One of the credentials that are tried, and what it is called in messages.
  struct Step {
    /// Its name in the message when the whole chain fails.
    std::string name;
    std::shared_ptr<TokenCredential> credential;
    /// Why there is no credential; only used where `credential` is null.
    std::string lacking = {};
  };

  /// Tries `steps` in order.
  explicit CredentialChain(std::vector<Step> steps);
  ~CredentialChain() override;
  /// Throws AuthenticationError: with a line for every step when none applies, else with the name of the step that was
  /// refused, its reason and its code.
  [[nodiscard]] AccessToken get_token(const TokenRequest& request, const CallContext& context) override;

 private:
  struct State;
  std::vector<Step> steps_;
  std::unique_ptr<State> state_;
};

/// The chain of the Azure SDKs, from the environment: service principal with secret or certificate
/// (AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH with
/// AZURE_CLIENT_CERTIFICATE_PASSWORD), workload identity (AZURE_FEDERATED_TOKEN_FILE), managed identity
/// (AZURE_CLIENT_ID names a user-assigned one; a machine without a metadata service is recognised within a second).
/// AZURE_AUTHORITY_HOST overrides `options.authority`. Throws InvalidArgument for a certificate file that cannot be
/// used.
[[nodiscard]] std::shared_ptr<TokenCredential> make_default_credential(CredentialOptions options = {});

BATCHAI_NAMESPACE_END
