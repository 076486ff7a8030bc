#include "server/identity/secret_hash.hpp"

#include "signing/digest.hpp"
#include "signing/encoding.hpp"
#include "signing/openssl_failure.hpp"
#include "signing/random_bytes.hpp"

#include <cstdint>
#include <semaphore>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

namespace batchai::server {
namespace {

constexpr std::uint64_t kMemoryLimit = 64 * 1024 * 1024;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

struct Cost {
  std::uint64_t n = 16384;
  std::uint64_t r = 8;
  std::uint64_t p = 1;
};

/// At the same time: each takes 16 MiB and a processor.
std::counting_semaphore<2> hashing{2};

class HashingTurn {
 public:
  HashingTurn() { hashing.acquire(); }
  ~HashingTurn() { hashing.release(); }
  HashingTurn(const HashingTurn&) = delete;
  HashingTurn& operator=(const HashingTurn&) = delete;
};

std::string scrypt(const Secret& secret, const std::string& salt, const Cost& cost) {
  const HashingTurn turn;
  std::string result(kHashBytes, '\0');
  const int done = EVP_PBE_scrypt(secret.reveal().data(), secret.reveal().size(),
                                  reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), cost.n, cost.r,
                                  cost.p, kMemoryLimit, reinterpret_cast<unsigned char*>(result.data()), result.size());
  if (done != 1) {
    signing::fail_openssl("hash a secret");
  }
  return result;
}

}  // namespace

nlohmann::json hash_secret(const Secret& secret) {
  const Cost cost;
  const std::string salt = signing::random_bytes(kSaltBytes);
  return {{"algorithm", "scrypt"},
          {"n", cost.n},
          {"r", cost.r},
          {"p", cost.p},
          {"salt", signing::base64_encode(salt)},
          {"hash", signing::base64_encode(scrypt(secret, salt, cost))}};
}

bool matches_hash(const Secret& secret, const nlohmann::json& hash) {
  if (hash.value("algorithm", "") != "scrypt") {
    return false;
  }
  const Cost cost{hash.value("n", std::uint64_t{0}), hash.value("r", std::uint64_t{0}),
                  hash.value("p", std::uint64_t{0})};
  const auto salt = signing::base64_decode(hash.value("salt", ""));
  const auto expected = signing::base64_decode(hash.value("hash", ""));
  return salt && expected && signing::constant_time_equal(scrypt(secret, *salt, cost), *expected);
}

}  // namespace batchai::server
