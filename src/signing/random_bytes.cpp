#include "signing/random_bytes.hpp"

#include "signing/encoding.hpp"
#include "signing/openssl_failure.hpp"

#include <openssl/rand.h>

namespace batchai::signing {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    fail_openssl("provide random bytes");
  }
  return bytes;
}

std::string random_password(std::size_t byte_count) {
  constexpr char kWithoutHighestBit = 0x7f;
  std::string bytes = random_bytes(byte_count);
  bytes.front() = static_cast<char>(bytes.front() & kWithoutHighestBit);
  return base64url_encode(bytes);
}

}  // namespace batchai::signing
