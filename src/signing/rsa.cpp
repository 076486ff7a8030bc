#include "signing/rsa.hpp"

#include "batchai/core/error.hpp"
#include "signing/encoding.hpp"
#include "signing/openssl_failure.hpp"
#include "signing/openssl_pointers.hpp"

#include <algorithm>
#include <cstring>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace batchai::signing {
namespace {

using Number = OpensslPointer<BIGNUM, BN_free>;
using DigestContext = OpensslPointer<EVP_MD_CTX, EVP_MD_CTX_free>;
using KeyContext = OpensslPointer<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using ParamBuilder = OpensslPointer<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = OpensslPointer<OSSL_PARAM, OSSL_PARAM_free>;

constexpr int kSaltLength = 32;

[[noreturn]] void refuse(const char* message) {
  ERR_clear_error();
  throw InvalidArgument(message);
}

std::shared_ptr<EVP_PKEY> own(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

/// A password and whether OpenSSL has wanted one.
struct AskedPassword {
  const Secret& password;
  bool asked = false;
};

/// Gives the password to OpenSSL, which would ask on the terminal otherwise.
int password_callback(char* buffer, int size, int, void* user) {
  auto* answer = static_cast<AskedPassword*>(user);
  answer->asked = true;
  const auto& password = answer->password.reveal();
  const auto length = static_cast<int>(password.size());
  if (length == 0 || length > size) {
    return -1;
  }
  std::copy(password.begin(), password.end(), buffer);
  return length;
}

[[noreturn]] void refuse_key(const AskedPassword& answer) {
  if (!answer.asked) {
    refuse("the text holds no RSA private key in PEM form");
  }
  refuse(answer.password.empty() ? "the private key is encrypted, and no password is given"
                                 : "the private key cannot be decrypted with this password");
}

void use_scheme(EVP_PKEY_CTX* context, RsaScheme scheme) {
  if (scheme == RsaScheme::Ps256 && (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
                                     EVP_PKEY_CTX_set_rsa_pss_saltlen(context, kSaltLength) != 1)) {
    fail_openssl("set up RSA-PSS");
  }
}

std::string number_to_base64url(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) {
    fail_openssl("read an RSA number");
  }
  const Number number(raw);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return base64url_encode(bytes);
}

Number number_from_base64url(const std::string& text) {
  const auto bytes = base64url_decode(text);
  if (!bytes || bytes->empty()) {
    refuse("an RSA key's numbers have to be base64url");
  }
  return Number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes->data()), static_cast<int>(bytes->size()), nullptr));
}

}  // namespace

RsaPublicKey RsaPublicKey::from_pem(std::string_view pem) {
  const Bio bio = open_text(pem);
  auto key = own(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    refuse("the text holds no RSA public key in PEM form");
  }
  return RsaPublicKey(std::move(key));
}

RsaPublicKey RsaPublicKey::from_numbers(const RsaNumbers& numbers) {
  const Number n = number_from_base64url(numbers.n);
  const Number e = number_from_base64url(numbers.e);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    fail_openssl("take an RSA number");
  }
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    refuse("the numbers n and e make no RSA public key");
  }
  return RsaPublicKey(own(key));
}

RsaNumbers RsaPublicKey::numbers() const {
  return {number_to_base64url(key_.get(), OSSL_PKEY_PARAM_RSA_N),
          number_to_base64url(key_.get(), OSSL_PKEY_PARAM_RSA_E)};
}

bool RsaPublicKey::verify(RsaScheme scheme, std::string_view message, std::string_view signature) const {
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &key_context, EVP_sha256(), nullptr, key_.get()) != 1) {
    fail_openssl("set up an RSA verification");
  }
  use_scheme(key_context, scheme);
  const int verdict =
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                       reinterpret_cast<const unsigned char*>(message.data()), message.size());
  ERR_clear_error();
  return verdict == 1;
}

RsaPrivateKey RsaPrivateKey::from_pem(const Secret& pem, const Secret& password) {
  const Bio bio = open_text(pem.reveal());
  AskedPassword answer{password};
  auto key = own(PEM_read_bio_PrivateKey(bio.get(), nullptr, password_callback, &answer));
  if (!key) {
    refuse_key(answer);
  }
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    refuse("the private key is none of RSA");
  }
  return RsaPrivateKey(std::move(key));
}

RsaPrivateKey RsaPrivateKey::generate(int bits) {
  auto key = own(EVP_RSA_gen(static_cast<unsigned int>(bits)));
  if (!key) {
    fail_openssl("generate an RSA key");
  }
  return RsaPrivateKey(std::move(key));
}

Secret RsaPrivateKey::to_pem() const {
  const Bio bio(BIO_new(BIO_s_secmem()));
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    fail_openssl("write an RSA key");
  }
  return Secret(text_of(bio.get()));
}

std::string RsaPrivateKey::sign(RsaScheme scheme, std::string_view message) const {
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  if (EVP_DigestSignInit(context.get(), &key_context, EVP_sha256(), nullptr, key_.get()) != 1) {
    fail_openssl("set up an RSA signature");
  }
  use_scheme(key_context, scheme);
  const auto* data = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, data, message.size()) != 1) {
    fail_openssl("size an RSA signature");
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data, message.size()) !=
      1) {
    fail_openssl("sign with RSA");
  }
  signature.resize(size);
  return signature;
}

}  // namespace batchai::signing
