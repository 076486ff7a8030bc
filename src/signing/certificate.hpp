#pragma once

#include "batchai/core/time.hpp"
#include "signing/rsa.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct x509_st;

namespace batchai::signing {

/// An X.509 certificate. Immutable, thread-safe, cheap to copy.
class Certificate {
 public:
  /// All `CERTIFICATE` blocks in order; other blocks are skipped. Throws InvalidArgument when there is none.
  static std::vector<Certificate> all_from_pem(std::string_view pem);
  /// Throws InvalidArgument.
  static Certificate from_der(std::string_view der);

  std::string der() const;
  /// Raw SHA-1 of the DER form: base64url of it is `x5t`.
  std::string sha1_thumbprint() const;
  /// Raw SHA-256 of the DER form: base64url of it is `x5t#S256`.
  std::string sha256_thumbprint() const;
  /// One line (RFC 2253), as `CN=robot,O=Example`.
  std::string subject() const;
  /// Throws InvalidArgument when the key is not an RSA key.
  RsaPublicKey public_key() const;
  /// Whether `time` lies between notBefore and notAfter.
  bool valid_at(Timestamp time) const;
  /// Whether the certificate carries the signature of `issuer`'s key and names it as issuer.
  bool issued_by(const Certificate& issuer) const;

 private:
  explicit Certificate(std::shared_ptr<x509_st> certificate) : certificate_(std::move(certificate)) {}
  std::shared_ptr<x509_st> certificate_;
};

}  // namespace batchai::signing
