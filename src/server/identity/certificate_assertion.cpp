#include "server/identity/certificate_assertion.hpp"

#include "batchai/core/http.hpp"
#include "server/identity/access_tokens.hpp"
#include "server/identity/token_error.hpp"
#include "signing/encoding.hpp"

#include <algorithm>

namespace batchai::server {
namespace {

using signing::Certificate;

TokenError refused_client(int aadsts, const std::string& message) { return {401, "invalid_client", aadsts, message}; }

TokenError bad_signature(const Principal& principal, const std::string& reason) {
  return refused_client(700027, "The certificate used to sign the client assertion is not accepted for application '" +
                                    principal.app_id + "'. [Reason - " + reason + "]");
}

/// Whether a certificate is the one that the header names; by the strongest of its names.
bool is_named(const Certificate& certificate, const signing::Jwt& assertion) {
  if (const std::string thumbprint = assertion.header_text("x5t#S256"); !thumbprint.empty()) {
    return signing::base64url_decode(thumbprint) == certificate.sha256_thumbprint();
  }
  if (const std::string thumbprint = assertion.header_text("x5t"); !thumbprint.empty()) {
    return signing::base64url_decode(thumbprint) == certificate.sha1_thumbprint();
  }
  return iequals(assertion.header_text("kid"), signing::hex_encode(certificate.sha1_thumbprint()));
}

void require_certificate_name(const signing::Jwt& assertion) {
  for (const char* name : {"x5t#S256", "x5t", "kid"}) {
    if (!assertion.header_text(name).empty()) {
      return;
    }
  }
  throw refused_client(5002723, "Invalid JWT token. The header names no certificate by 'x5t#S256', 'x5t' or 'kid'.");
}

const Certificate& named_certificate(const signing::Jwt& assertion, const Principal& principal,
                                     const std::vector<Certificate>& certificates) {
  const auto found = std::find_if(certificates.begin(), certificates.end(),
                                  [&](const Certificate& each) { return is_named(each, assertion); });
  if (found == certificates.end()) {
    throw bad_signature(principal, "The key was not found.");
  }
  return *found;
}

bool is_meant_for(const std::vector<std::string>& accepted, const signing::Jwt& assertion) {
  const std::vector<std::string> given = assertion.audiences();
  return std::any_of(given.begin(), given.end(),
                     [&](const std::string& each) { return contains_audience(accepted, each); });
}

}  // namespace

void check_certificate_assertion(const signing::Jwt& assertion, const Principal& principal,
                                 const std::vector<Certificate>& certificates,
                                 const std::vector<std::string>& audiences, Timestamp now) {
  require_certificate_name(assertion);
  const Certificate& certificate = named_certificate(assertion, principal, certificates);
  if (!certificate.valid_at(now)) {
    throw bad_signature(principal, "The key used is expired.");
  }
  if (!signing::verify_jwt(assertion, certificate.public_key())) {
    throw bad_signature(principal, "The provided signature value did not match the expected signature value.");
  }
  if (!iequals(assertion.claim_text("iss"), principal.app_id) ||
      !iequals(assertion.claim_text("sub"), principal.app_id)) {
    throw refused_client(700021, "Client assertion application identifier doesn't match 'client_id' parameter.");
  }
  if (!is_meant_for(audiences, assertion)) {
    throw refused_client(700023, "The audience of the client assertion is not this authority; it must be the URL of " +
                                     ("the token endpoint, as '" + audiences.front() + "'."));
  }
}

}  // namespace batchai::server
