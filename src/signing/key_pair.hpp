#pragma once

#include "signing/certificate.hpp"

#include <string>
#include <vector>

namespace batchai::signing {

/// A private key and the certificates that go with it.
struct KeyPair {
  RsaPrivateKey key;
  /// The key's own certificate first.
  std::vector<Certificate> chain;
};

/// Reads a PEM text (certificates and a key, plain or encrypted, in any order) or a PKCS#12 file. Throws
/// InvalidArgument saying what is missing or that the password does not fit; contents are never quoted.
KeyPair read_key_pair(const Secret& content, const Secret& password);

}  // namespace batchai::signing
