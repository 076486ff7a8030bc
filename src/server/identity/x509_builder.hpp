#pragma once

#include "batchai/core/time.hpp"

#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace batchai::server {

struct OpensslFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, OpensslFree>;
using CertificatePointer = std::unique_ptr<X509, OpensslFree>;

/// The content of a certificate.
struct CertificateRequest {
  std::string common_name;
  /// As `IP:127.0.0.1,DNS:localhost`; empty for a CA.
  std::string alternative_names;
  bool is_ca = false;
  Timestamp begins;
  Timestamp ends;
};

/// Throws std::runtime_error if OpenSSL fails; so do the others.
KeyPointer make_ec_key();
/// `issuer` null: self-signed.
CertificatePointer make_certificate(const CertificateRequest& request, EVP_PKEY* key, X509* issuer,
                                    EVP_PKEY* issuer_key);
std::string to_pem(X509* certificate);
std::string to_pem(EVP_PKEY* key);
/// Null for anything that is not a certificate; only the first one is read.
CertificatePointer certificate_from_pem(const std::string& pem);
KeyPointer key_from_pem(const std::string& pem);

}  // namespace batchai::server
