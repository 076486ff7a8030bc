#pragma once

#include "signing/rsa.hpp"

#include <filesystem>
#include <string>

namespace batchai::server {

/// The key that access tokens are signed with.
struct SigningKey {
  signing::RsaPrivateKey key;
  /// `kid` of the tokens and of the JWKS entry: the key's thumbprint (RFC 7638).
  std::string id;
};

/// Reads `file` (PEM), or makes a new key and keeps it there (0600). Throws std::runtime_error naming the file when it
/// is there and cannot be used.
SigningKey load_or_create_signing_key(const std::filesystem::path& file);

}  // namespace batchai::server
