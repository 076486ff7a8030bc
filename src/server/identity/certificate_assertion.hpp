#pragma once

#include "batchai/core/time.hpp"
#include "server/identity/principals.hpp"
#include "signing/certificate.hpp"
#include "signing/jwt.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// Checks that `assertion` was signed by the principal itself with the key of one of its certificates, which must not
/// have expired, and that it is meant for one of `audiences`. The certificate is found by `x5t#S256`, else `x5t`, else
/// `kid` (SHA-1 in hexadecimal digits). Throws TokenError; the caller has to check the times of the assertion.
void check_certificate_assertion(const signing::Jwt& assertion, const Principal& principal,
                                 const std::vector<signing::Certificate>& certificates,
                                 const std::vector<std::string>& audiences, Timestamp now);

}  // namespace batchai::server
