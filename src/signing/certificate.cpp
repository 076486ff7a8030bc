#include "signing/certificate.hpp"

#include "batchai/core/error.hpp"
#include "core/seconds.hpp"
#include "signing/digest.hpp"
#include "signing/openssl_pointers.hpp"

#include <ctime>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace batchai::signing {
namespace {

std::shared_ptr<X509> own(X509* certificate) { return {certificate, X509_free}; }

}  // namespace

std::vector<Certificate> Certificate::all_from_pem(std::string_view pem) {
  const Bio bio = open_text(pem);
  std::vector<Certificate> all;
  while (auto next = own(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))) {
    all.push_back(Certificate(std::move(next)));
  }
  ERR_clear_error();
  if (all.empty()) {
    throw InvalidArgument("the text holds no certificate in PEM form");
  }
  return all;
}

Certificate Certificate::from_der(std::string_view der) {
  const auto* data = reinterpret_cast<const unsigned char*>(der.data());
  auto certificate = own(d2i_X509(nullptr, &data, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!certificate) {
    throw InvalidArgument("the bytes are no certificate in DER form");
  }
  return Certificate(std::move(certificate));
}

std::string Certificate::der() const {
  std::string bytes(static_cast<std::size_t>(i2d_X509(certificate_.get(), nullptr)), '\0');
  auto* data = reinterpret_cast<unsigned char*>(bytes.data());
  i2d_X509(certificate_.get(), &data);
  return bytes;
}

std::string Certificate::sha1_thumbprint() const { return sha1(der()); }

std::string Certificate::sha256_thumbprint() const { return sha256(der()); }

std::string Certificate::subject() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate_.get()), 0, XN_FLAG_RFC2253);
  return text_of(bio.get());
}

RsaPublicKey Certificate::public_key() const {
  std::shared_ptr<EVP_PKEY> key(X509_get_pubkey(certificate_.get()), EVP_PKEY_free);
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    ERR_clear_error();
    throw InvalidArgument("the certificate's key is no RSA key");
  }
  return RsaPublicKey(std::move(key));
}

bool Certificate::valid_at(Timestamp time) const {
  std::time_t at = epoch_seconds(time);
  return X509_cmp_time(X509_get0_notBefore(certificate_.get()), &at) < 0 &&
         X509_cmp_time(X509_get0_notAfter(certificate_.get()), &at) > 0;
}

bool Certificate::issued_by(const Certificate& issuer) const {
  EVP_PKEY* key = X509_get0_pubkey(issuer.certificate_.get());
  const bool issued = key != nullptr && X509_check_issued(issuer.certificate_.get(), certificate_.get()) == X509_V_OK &&
                      X509_verify(certificate_.get(), key) == 1;
  ERR_clear_error();
  return issued;
}

}  // namespace batchai::signing
