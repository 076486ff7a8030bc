#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/secret.hpp"
#include "server/identity/principals.hpp"
#include "server/identity/registration_files.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace batchai::server {

struct AssertionOptions {
  /// Holds `<client id>/certificates/*.pem` and `<client id>/federated/*.json`. Read at each sign-in, so that a
  /// registration is valid at once.
  std::filesystem::path principals_folder;
  /// The URLs of this authority that a certificate's assertion may be meant for.
  std::vector<std::string> audiences;
  std::shared_ptr<const Clock> clock;
  /// Not null.
  WarningSink warn;
};

/// Decides whether a client assertion (RFC 7523 2.2) proves who a client is: one that the principal has signed with the
/// key of a registered certificate, or the token of an identity provider that is registered for it. Signed by RS256 or
/// PS256; valid now, give or take 300 s, and for 24 hours at most. The same assertion may be used again while it lasts
/// (`jti` is not remembered), as with Azure AD: MSAL does so for nine minutes. Thread-safe.
class AssertionVerifier {
 public:
  explicit AssertionVerifier(AssertionOptions options) : options_(std::move(options)) {}

  /// Throws TokenError.
  void verify(const Principal& principal, const Secret& assertion) const;

 private:
  AssertionOptions options_;
};

}  // namespace batchai::server
