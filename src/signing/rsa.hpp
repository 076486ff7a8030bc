#pragma once

#include "batchai/core/secret.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;

namespace batchai::signing {

/// How a JWT is signed: PKCS#1 v1.5 or PSS with a salt of 32 bytes, both over SHA-256 (RFC 7518 3.3, 3.5).
enum class RsaScheme { Rs256, Ps256 };

/// Modulus and exponent of a JWKS entry, base64url (RFC 7518 6.3.1).
struct RsaNumbers {
  std::string n;
  std::string e;
};

/// Immutable, thread-safe, cheap to copy.
class RsaPublicKey {
 public:
  explicit RsaPublicKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  /// Throws InvalidArgument for anything but a `PUBLIC KEY` of RSA.
  static RsaPublicKey from_pem(std::string_view pem);
  /// Throws InvalidArgument for broken numbers.
  static RsaPublicKey from_numbers(const RsaNumbers& numbers);
  RsaNumbers numbers() const;
  /// False for a wrong signature and for one of the wrong form.
  bool verify(RsaScheme scheme, std::string_view message, std::string_view signature) const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

/// Immutable, thread-safe, cheap to copy.
class RsaPrivateKey {
 public:
  /// Reads a PEM text (PKCS#8 or PKCS#1, encrypted or not; other blocks before the key are skipped). Throws
  /// InvalidArgument without quoting the text.
  static RsaPrivateKey from_pem(const Secret& pem, const Secret& password = {});
  /// A new key. Takes about a tenth of a second for 2048 bits.
  static RsaPrivateKey generate(int bits = 2048);
  /// Unencrypted PKCS#8.
  Secret to_pem() const;
  RsaPublicKey public_key() const { return RsaPublicKey(key_); }
  std::string sign(RsaScheme scheme, std::string_view message) const;

 private:
  explicit RsaPrivateKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace batchai::signing
