#pragma once

#include "batchai/core/credential.hpp"
#include "batchai/core/pipeline.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace batchai {

class TokenSource;

/// What all credentials that ask a token endpoint take.
struct CredentialOptions {
  /// Base of the token endpoint; plain http on loopback only.
  std::string authority = "https://login.microsoftonline.com";
  /// Where tokens are kept between processes; empty: in memory only. The file is made with mode 0600, the folder with
  /// 0700; several processes may use it at once.
  std::filesystem::path token_cache_file = {};
  ClientOptions client = {};
};

/// Service principal with a secret (OAuth 2.0 client credentials grant, RFC 6749 4.4, at the v2 token endpoint).
/// A token is used until 300 s before it expires.
class ClientSecretCredential final : public TokenCredential {
 public:
  /// Throws InvalidArgument for an unusable authority or an empty tenant, client id or secret.
  ClientSecretCredential(std::string tenant, std::string client_id, Secret secret,
                         const CredentialOptions& options = {});
  ClientSecretCredential(std::string tenant, std::string client_id, std::string secret,
                         const CredentialOptions& options = {});
  ~ClientSecretCredential() override;

  AccessToken get_token(const TokenRequest& request, const CallContext& context) override;

 private:
  std::unique_ptr<TokenSource> source_;
};

/// A token that was got elsewhere. It cannot be renewed: after a 401 the service's answer stands.
class StaticTokenCredential final : public TokenCredential {
 public:
  explicit StaticTokenCredential(Secret token) : token_(std::move(token)) {}
  AccessToken get_token(const TokenRequest& request, const CallContext& context) override;

 private:
  Secret token_;
};

}  // namespace batchai
