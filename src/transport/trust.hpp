#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <openssl/ssl.h>

namespace batchai::inline v1 {

/// Why OpenSSL did not trust a peer: cpprestsdk reports only a failed handshake. Thread-safe.
class Distrust {
 public:
  /// `host`: the name or IP address that the peer's certificate has to be for.
  explicit Distrust(std::string host) : host_(std::move(host)) {}
  const std::string& host() const noexcept { return host_; }
  void note(std::string reason);
  /// Empty: nothing has been refused.
  std::string reason() const;

 private:
  const std::string host_;
  mutable std::mutex mutex_;
  std::string reason_;
};

/// The context's connections require a certificate that is trusted and for the host. What they refuse is noted in
/// `distrust`, which lives as long as they do.
void report_distrust(SSL_CTX* context, std::shared_ptr<Distrust> distrust);

/// Certificates to trust. OpenSSL's functions on it are thread-safe.
using TrustStore = std::shared_ptr<X509_STORE>;

/// Those of a PEM file, or of a folder of PEM files named by the hash of their subject. Throws InvalidArgument, naming
/// the file, unless it holds certificates.
TrustStore load_certificates(const std::string& ca_bundle);

/// For programs, not for the library: OpenSSL reads the system's bundle of CA certificates, more than a hundred, for
/// each connection of cpprestsdk. From here on this process leaves the bundle out (SSL_CERT_FILE): where there is a
/// `ca_bundle`, which replaces it anyway; and where the user has named no bundle and the system's folder of
/// certificates has them by the hash of their names, by which OpenSSL looks one up when a peer needs it. Changes the
/// environment: to be called before there are other threads.
void leave_out_system_bundle(const std::string& ca_bundle);

}  // namespace batchai::inline v1
