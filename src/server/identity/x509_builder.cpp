#include "server/identity/x509_builder.hpp"

#include "core/seconds.hpp"
#include "signing/openssl_pointers.hpp"
#include "signing/random_bytes.hpp"

#include <chrono>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace batchai::server {
namespace {

void require(bool good, const char* what) {
  if (!good) {
    throw std::runtime_error(std::string("cannot make a certificate: ") + what + " failed");
  }
}

void set_time(ASN1_TIME* field, Timestamp time) {
  require(ASN1_TIME_set(field, epoch_seconds(time)) != nullptr, "setting a time");
}

/// RFC 5280 4.1.2.2: positive, at most 20 octets, unique per issuer.
void set_serial(X509* certificate) {
  constexpr int kOctets = 16;
  std::string bytes = signing::random_bytes(kOctets);
  bytes.front() = static_cast<char>(bytes.front() & 0x7f);
  BIGNUM* number = BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), kOctets, nullptr);
  const bool done = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  require(done, "setting the serial number");
}

void set_subject(X509* certificate, const std::string& common_name) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
  const int size = static_cast<int>(common_name.size());
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, size, -1, 0) == 1, "setting the subject");
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  require(extension != nullptr, "making an extension");
  const bool done = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  require(done, "adding an extension");
}

void add_extensions(X509* certificate, X509* issuer, const CertificateRequest& request) {
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  if (request.is_ca) {
    add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature");
    add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth");
    add_extension(certificate, issuer, NID_subject_alt_name, request.alternative_names);
  }
}

}  // namespace

KeyPointer make_ec_key() {
  KeyPointer key(EVP_EC_gen("P-256"));
  require(key != nullptr, "making a key");
  return key;
}

CertificatePointer make_certificate(const CertificateRequest& request, EVP_PKEY* key, X509* issuer,
                                    EVP_PKEY* issuer_key) {
  CertificatePointer certificate(X509_new());
  require(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1, "making it");
  X509* const signer = issuer == nullptr ? certificate.get() : issuer;
  set_serial(certificate.get());
  set_time(X509_getm_notBefore(certificate.get()), request.begins);
  set_time(X509_getm_notAfter(certificate.get()), request.ends);
  set_subject(certificate.get(), request.common_name);
  require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) == 1, "setting the issuer");
  require(X509_set_pubkey(certificate.get(), key) == 1, "setting the key");
  add_extensions(certificate.get(), signer, request);
  require(X509_sign(certificate.get(), issuer_key == nullptr ? key : issuer_key, EVP_sha256()) != 0, "signing");
  return certificate;
}

std::string to_pem(X509* certificate) {
  const signing::Bio bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(bio.get(), certificate) == 1, "writing");
  return signing::text_of(bio.get());
}

std::string to_pem(EVP_PKEY* key) {
  const signing::Bio bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "writing the key");
  return signing::text_of(bio.get());
}

CertificatePointer certificate_from_pem(const std::string& pem) {
  const signing::Bio bio = signing::open_text(pem);
  return CertificatePointer(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

KeyPointer key_from_pem(const std::string& pem) {
  const signing::Bio bio = signing::open_text(pem);
  return KeyPointer(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

}  // namespace batchai::server
