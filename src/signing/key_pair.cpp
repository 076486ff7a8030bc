#include "signing/key_pair.hpp"

#include "batchai/core/error.hpp"
#include "signing/openssl_pointers.hpp"

#include <algorithm>
#include <memory>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

namespace batchai::signing {
namespace {

using Pkcs12 = OpensslPointer<PKCS12, PKCS12_free>;
using Key = OpensslPointer<EVP_PKEY, EVP_PKEY_free>;

std::string key_to_pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio.get());
}

std::string certificates_to_pem(X509* first, STACK_OF(X509) * others) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), first);
  for (int i = 0; i < sk_X509_num(others); ++i) {
    PEM_write_bio_X509(bio.get(), sk_X509_value(others, i));
  }
  return text_of(bio.get());
}

/// The certificate of the key to the front: PEM files hold them in any order.
void sort_chain(KeyPair& pair) {
  const RsaNumbers own = pair.key.public_key().numbers();
  const auto leaf = std::find_if(pair.chain.begin(), pair.chain.end(), [&](const Certificate& certificate) {
    try {
      return certificate.public_key().numbers().n == own.n;
    } catch (const InvalidArgument&) {
      return false;  // a CA with a key of another kind
    }
  });
  if (leaf == pair.chain.end()) {
    throw InvalidArgument("the private key fits none of the certificates beside it");
  }
  std::rotate(pair.chain.begin(), leaf, leaf + 1);
}

KeyPair read_pem(const std::string& text, const Secret& password) {
  KeyPair pair{RsaPrivateKey::from_pem(Secret(text), password), Certificate::all_from_pem(text)};
  sort_chain(pair);
  return pair;
}

/// OpenSSL fails in the same way for a wrong password and for ciphers that it has disabled (RC2 of older exports).
[[noreturn]] void refuse_store(PKCS12* store, const Secret& password) {
  const bool right = PKCS12_verify_mac(store, password.reveal().c_str(), -1) == 1;
  ERR_clear_error();
  if (right) {
    throw InvalidArgument("the PKCS#12 file is encrypted in a way that is no longer supported; export it again");
  }
  throw InvalidArgument(password.empty() ? "the PKCS#12 file is encrypted, and no password is given"
                                         : "the PKCS#12 file cannot be opened with this password");
}

KeyPair read_pkcs12(PKCS12* store, const Secret& password) {
  EVP_PKEY* raw_key = nullptr;
  X509* raw_certificate = nullptr;
  STACK_OF(X509)* others = nullptr;
  const int parsed = PKCS12_parse(store, password.reveal().c_str(), &raw_key, &raw_certificate, &others);
  ERR_clear_error();
  const Key key(raw_key);
  const OpensslPointer<X509, X509_free> certificate(raw_certificate);
  const auto free_stack = [](STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); };
  const std::unique_ptr<STACK_OF(X509), decltype(free_stack)> chain(others, free_stack);
  if (parsed != 1) {
    refuse_store(store, password);
  }
  if (key == nullptr || certificate == nullptr) {
    throw InvalidArgument("the PKCS#12 file holds no private key with its certificate");
  }
  return {RsaPrivateKey::from_pem(Secret(key_to_pem(key.get()))),
          Certificate::all_from_pem(certificates_to_pem(certificate.get(), chain.get()))};
}

}  // namespace

KeyPair read_key_pair(const Secret& content, const Secret& password) {
  const std::string& bytes = content.reveal();
  const Bio bio = open_text(bytes);
  const Pkcs12 store(d2i_PKCS12_bio(bio.get(), nullptr));
  ERR_clear_error();
  return store != nullptr ? read_pkcs12(store.get(), password) : read_pem(bytes, password);
}

}  // namespace batchai::signing
