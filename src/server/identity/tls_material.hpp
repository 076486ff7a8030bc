#pragma once

#include "batchai/core/time.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace batchai::server {

/// PEM files of the service's own public key infrastructure.
struct TlsMaterial {
  /// The root that clients have to trust.
  std::filesystem::path ca;
  /// The certificate of the service with the root behind it.
  std::filesystem::path certificate_chain;
  std::filesystem::path private_key;
};

/// Makes sure that `folder` holds a CA (`ca.pem`, `ca-key.pem`) and a certificate signed by it (`server.pem`,
/// `server-key.pem`) for 127.0.0.1, ::1, localhost and `host`. What is there and still holds for 30 days and for that
/// host stays as it is. Keys are EC P-256, their files 0600. Throws std::runtime_error naming the file that fails.
TlsMaterial ensure_tls_material(const std::filesystem::path& folder, const std::string& host, Timestamp now);

}  // namespace batchai::server
