#include "signing/digest.hpp"

#include "signing/openssl_failure.hpp"

#include <array>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace batchai::signing {
namespace {

std::string digest(std::string_view message, const EVP_MD* algorithm) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> buffer{};
  unsigned int size = 0;
  if (EVP_Digest(message.data(), message.size(), buffer.data(), &size, algorithm, nullptr) != 1) {
    fail_openssl("compute a digest");
  }
  return {reinterpret_cast<const char*>(buffer.data()), size};
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> buffer{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), buffer.data(), &size) == nullptr) {
    fail_openssl("compute an HMAC");
  }
  return {reinterpret_cast<const char*>(buffer.data()), size};
}

std::string sha256(std::string_view message) { return digest(message, EVP_sha256()); }

std::string sha1(std::string_view message) { return digest(message, EVP_sha1()); }

std::string md5(std::string_view message) { return digest(message, EVP_md5()); }

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace batchai::signing
