#pragma once

#include "batchai/core/secret.hpp"
#include "batchai/core/time.hpp"
#include "signing/certificate.hpp"
#include "signing/openssl_pointers.hpp"

#include <stdexcept>
#include <string>

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace batchai::test {

/// When and for whom a certificate made for a test holds; by default always, and for no host.
struct Validity {
  Timestamp begins = Timestamp(std::chrono::seconds(0));
  Timestamp ends = Timestamp(std::chrono::seconds(7'000'000'000));
  /// As `DNS:localhost,IP:::1`.
  std::string names = {};
};

/// A key with a self-signed certificate, in all the forms that people keep them in.
class TestCertificate {
 public:
  explicit TestCertificate(const Validity& validity = {}) : pair_(read_key(key_.to_pem())), x509_(X509_new()) {
    ASN1_INTEGER_set(X509_get_serialNumber(x509_.get()), 1);
    ASN1_TIME_set(X509_getm_notBefore(x509_.get()), epoch(validity.begins));
    ASN1_TIME_set(X509_getm_notAfter(x509_.get()), epoch(validity.ends));
    X509_NAME* name = X509_get_subject_name(x509_.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("robot"), -1, -1, 0);
    X509_set_issuer_name(x509_.get(), name);
    X509_set_pubkey(x509_.get(), pair_.get());
    if (!validity.names.empty()) {
      const signing::OpensslPointer<X509_EXTENSION, X509_EXTENSION_free> names(
          X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, validity.names.c_str()));
      X509_set_version(x509_.get(), 2);
      require(names != nullptr && X509_add_ext(x509_.get(), names.get(), -1) == 1);
    }
    require(X509_sign(x509_.get(), pair_.get(), EVP_sha256()) != 0);
  }

  const signing::RsaPrivateKey& key() const { return key_; }
  std::string key_pem() const {
    const Secret pem = key_.to_pem();
    return pem.reveal();
  }
  std::string certificate_pem() const {
    const signing::Bio bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(bio.get(), x509_.get()) == 1);
    return signing::text_of(bio.get());
  }
  signing::Certificate certificate() const { return signing::Certificate::all_from_pem(certificate_pem()).front(); }
  /// Certificate and key, the key encrypted if there is a password.
  std::string pem(const std::string& password = {}) const {
    const signing::Bio bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PKCS8PrivateKey(bio.get(), pair_.get(), password.empty() ? nullptr : EVP_aes_256_cbc(),
                                          password.data(), static_cast<int>(password.size()), nullptr, nullptr) == 1);
    return certificate_pem() + signing::text_of(bio.get());
  }
  std::string pkcs12(const std::string& password) const {
    const signing::OpensslPointer<PKCS12, PKCS12_free> store(
        PKCS12_create(password.c_str(), "robot", pair_.get(), x509_.get(), nullptr, 0, 0, 0, 0, 0));
    const signing::Bio bio(BIO_new(BIO_s_mem()));
    require(store != nullptr && i2d_PKCS12_bio(bio.get(), store.get()) == 1);
    return signing::text_of(bio.get());
  }

 private:
  using Key = signing::OpensslPointer<EVP_PKEY, EVP_PKEY_free>;

  static void require(bool good) {
    if (!good) {
      throw std::runtime_error("OpenSSL could not make a test certificate");
    }
  }
  static time_t epoch(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  }
  static Key read_key(const Secret& pem) {
    const signing::Bio bio = signing::open_text(pem.reveal());
    return Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  }

  signing::RsaPrivateKey key_ = signing::RsaPrivateKey::generate();
  Key pair_;
  signing::OpensslPointer<X509, X509_free> x509_;
};

}  // namespace batchai::test
