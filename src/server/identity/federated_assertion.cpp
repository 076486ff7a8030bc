#include "server/identity/federated_assertion.hpp"

#include "core/joined.hpp"
#include "server/identity/token_error.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace batchai::server {
namespace {

using Candidates = std::vector<const FederatedCredential*>;

/// Those of `candidates` that fit. Throws TokenError when there is none.
Candidates narrowed(const Candidates& candidates, int aadsts, const std::string& what,
                    const std::function<bool(const FederatedCredential&)>& fits) {
  Candidates left;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(left), [&](auto* each) { return fits(*each); });
  if (left.empty()) {
    throw TokenError(
        401, "invalid_client", aadsts,
        "No matching federated identity record found for presented assertion " + what + ". The comparison is by case.");
  }
  return left;
}

std::string quoted(const std::vector<std::string>& texts) { return "'" + joined(texts, "', '") + "'"; }

Candidates matching_credentials(const signing::Jwt& assertion, const std::vector<FederatedCredential>& credentials) {
  Candidates candidates;
  for (const FederatedCredential& each : credentials) {
    candidates.push_back(&each);
  }
  const std::string issuer = assertion.claim_text("iss");
  const std::string subject = assertion.claim_text("sub");
  const std::vector<std::string> audiences = assertion.audiences();
  candidates =
      narrowed(candidates, 700211, "issuer '" + issuer + "'", [&](auto& each) { return each.issuer == issuer; });
  candidates =
      narrowed(candidates, 700213, "subject '" + subject + "'", [&](auto& each) { return each.subject == subject; });
  return narrowed(candidates, 7002121, "audience " + quoted(audiences), [&](auto& each) {
    return std::find_first_of(audiences.begin(), audiences.end(), each.audiences.begin(), each.audiences.end()) !=
           audiences.end();
  });
}

}  // namespace

void check_federated_assertion(const signing::Jwt& assertion, const std::vector<FederatedCredential>& credentials) {
  const Candidates candidates = matching_credentials(assertion, credentials);
  const std::string id = assertion.header_text("kid");
  if (id.empty()) {
    throw TokenError(401, "invalid_client", 5002723, "Invalid JWT token. The header names no key by 'kid'.");
  }
  bool known = false;
  for (const FederatedCredential* credential : candidates) {
    for (const IssuerKey& key : credential->keys) {
      const bool fits = key.id == id && (key.algorithm.empty() || key.algorithm == assertion.header_text("alg"));
      known = known || fits;
      if (fits && signing::verify_jwt(assertion, key.key)) {
        return;
      }
    }
  }
  throw known ? TokenError(401, "invalid_client", 700027, "Client assertion contains an invalid signature.")
              : TokenError(401, "invalid_client", 7000272,
                           "The key '" + id + "' that signed the federated credential is not among the registered " +
                               "keys of identity provider '" + assertion.claim_text("iss") + "'.");
}

}  // namespace batchai::server
