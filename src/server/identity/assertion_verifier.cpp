#include "server/identity/assertion_verifier.hpp"

#include "server/identity/certificate_assertion.hpp"
#include "server/identity/federated_assertion.hpp"
#include "server/identity/registered_certificates.hpp"
#include "server/identity/token_error.hpp"
#include "signing/jwt.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

constexpr double kAssertionSkew = 300;
constexpr double kLongestLife = 24 * 3600;

TokenError malformed(const std::string& why) {
  return {400, "invalid_request", 50027, "JWT token is invalid or malformed" + why + "."};
}

signing::Jwt parse_assertion(const Secret& text) {
  const auto assertion = signing::Jwt::parse(text.reveal());
  if (!assertion) {
    throw malformed("");
  }
  if (assertion->header().contains("crit")) {  // RFC 7515 4.1.11: the parameters it names would have to be understood
    throw malformed(": the header has critical extensions");
  }
  if (!assertion->claim_number("exp")) {
    throw malformed(": there is no time of expiry");
  }
  const std::string algorithm = assertion->header_text("alg");
  if (algorithm != "RS256" && algorithm != "PS256") {
    throw TokenError(401, "invalid_client", 5002738,
                     "Invalid JWT token. '" + algorithm +
                         "' is not a supported signature algorithm. Supported signing algorithms are: 'RS256, PS256'.");
  }
  return *assertion;
}

void check_validity(const signing::Jwt& assertion, Timestamp now) {
  const double seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
  const double expires = *assertion.claim_number("exp");
  const auto begins = assertion.claim_number("nbf");  // MSAL for Python writes none
  const bool in_time = seconds < expires + kAssertionSkew && (!begins || seconds >= *begins - kAssertionSkew);
  if (!in_time || expires - seconds > kLongestLife + kAssertionSkew) {
    throw TokenError(401, "invalid_client", 700024,
                     std::string("Client assertion is not within its valid time range") +
                         (in_time ? ": it may not last longer than 24 hours." : ".") +
                         " Current time: " + format_iso8601(now) + ".");
  }
}

/// Identity providers are named by a URL; an application that signs for itself by its id.
bool is_of_another_provider(const signing::Jwt& assertion) {
  return assertion.claim_text("iss").find("://") != std::string::npos;
}

}  // namespace

void AssertionVerifier::verify(const Principal& principal, const Secret& text) const {
  const signing::Jwt assertion = parse_assertion(text);
  const Timestamp now = options_.clock->now();
  const std::filesystem::path folder = options_.principals_folder / principal.app_id;
  if (is_of_another_provider(assertion)) {
    check_federated_assertion(assertion, federated_credentials(folder / "federated", options_.warn));
  } else {
    const auto certificates = registered_certificates(folder / "certificates", options_.warn);
    check_certificate_assertion(assertion, principal, certificates, options_.audiences, now);
  }
  check_validity(assertion, now);
}

}  // namespace batchai::server
