#pragma once

#include "identity/token_source.hpp"

#include <string>
#include <utility>
#include <vector>

namespace batchai::inline v1 {

using FormFields = std::vector<std::pair<std::string, std::string>>;

/// Who signs in at the v2 token endpoint, and with which proof.
struct ServicePrincipal {
  std::string tenant;
  std::string client_id;
  /// Changes with the proof, so that a token obtained with one proof is not used for another. Not secret.
  std::string fingerprint;
  /// The form fields that prove the identity, made anew for each request.
  std::function<FormFields(const std::string& token_endpoint)> proof;
};

/// Throws InvalidArgument for an empty tenant or client id and for an authority that is not https (or loopback).
std::unique_ptr<TokenSource> make_source(ServicePrincipal principal, const CredentialOptions& options);

/// Sixteen hexadecimal digits that change with `proof` and reveal nothing of it.
std::string fingerprint_of(const std::string& proof);

/// The form fields of a client assertion (RFC 7523 2.2).
FormFields assertion_fields(std::string assertion);

}  // namespace batchai::inline v1
