#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/secret.hpp"
#include "batchai/core/time.hpp"
#include "batchai/version.hpp"

#include <string>

BATCHAI_NAMESPACE_BEGIN

/// A bearer token and how long it lasts.
struct AccessToken {
  Secret token;
  Timestamp expires_on;
};

/// What a token is wanted for.
struct TokenRequest {
  /// Audience, as `https://management.azure.com/`; the v2 endpoint gets it with `/.default` behind it.
  std::string resource;
  /// Ask the authority even if a token is at hand: the service has refused that one.
  bool force_refresh = false;
};

/// Signs in. Thread-safe.
class TokenCredential {
 public:
  virtual ~TokenCredential() = default;
  /// Throws AuthenticationError where the authority refuses, else as Transport::send.
  [[nodiscard]] virtual AccessToken get_token(const TokenRequest& request, const CallContext& context) = 0;
};

BATCHAI_NAMESPACE_END
