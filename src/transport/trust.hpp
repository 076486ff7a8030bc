#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <openssl/ssl.h>

namespace batchai {

/// Why OpenSSL did not trust a peer: cpprestsdk tells of a failed handshake only. Thread-safe.
class Distrust {
 public:
  void note(std::string reason);
  /// Empty: nothing has been refused.
  std::string reason() const;

 private:
  mutable std::mutex mutex_;
  std::string reason_;
};

/// Whatever the context's connections refuse is told to `distrust`, which lives as long as they do.
void report_distrust(SSL_CTX* context, std::shared_ptr<Distrust> distrust);

/// Throws InvalidArgument, naming the file, unless it holds certificates.
void require_certificates(const std::string& ca_bundle);

}  // namespace batchai
