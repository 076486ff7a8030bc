#include "server/identity/signing_key.hpp"

#include "batchai/core/error.hpp"
#include "core/private_file.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

/// RFC 7638 3: the required members in alphabetical order without white space.
std::string thumbprint(const signing::RsaPublicKey& key) {
  const signing::RsaNumbers numbers = key.numbers();
  const nlohmann::json jwk = {{"e", numbers.e}, {"kty", "RSA"}, {"n", numbers.n}};
  return signing::base64url_encode(signing::sha256(jwk.dump()));
}

SigningKey with_id(signing::RsaPrivateKey key) {
  std::string id = thumbprint(key.public_key());
  return {std::move(key), std::move(id)};
}

}  // namespace

SigningKey load_or_create_signing_key(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) {
    SigningKey made = with_id(signing::RsaPrivateKey::generate());
    const Secret pem = made.key.to_pem();
    write_private_file(file, pem.reveal());
    return made;
  }
  const auto pem = read_private_file(file);
  if (!pem) {
    throw std::runtime_error("cannot read the token signing key " + file.string());
  }
  try {
    return with_id(signing::RsaPrivateKey::from_pem(Secret(*pem)));
  } catch (const InvalidArgument& error) {
    throw std::runtime_error("cannot use the token signing key " + file.string() + ": " + error.what());
  }
}

}  // namespace batchai::server
