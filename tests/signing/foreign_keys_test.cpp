// Keys, certificates and signatures that are sound, and of another kind or from somebody else.
#include "batchai/core/error.hpp"
#include "signing/certificate.hpp"
#include "signing/rsa.hpp"
#include "support/test_certificate.hpp"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

namespace batchai::signing::test {
namespace {

using Key = OpensslPointer<EVP_PKEY, EVP_PKEY_free>;
using Context = OpensslPointer<EVP_MD_CTX, EVP_MD_CTX_free>;
using OpensslCertificate = OpensslPointer<X509, X509_free>;

Key elliptic_key() { return Key(EVP_EC_gen("P-256")); }

Key openssl_form(const RsaPrivateKey& key) {
  const Secret pem = key.to_pem();
  const Bio bio = open_text(pem.reveal());
  return Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

void set_name(X509_NAME* name, const char* text) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text), -1, -1, 0);
}

/// A certificate for the key, signed with the key.
Certificate certificate(EVP_PKEY* key, const char* subject, const char* issuer) {
  const OpensslCertificate made(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  set_name(X509_get_subject_name(made.get()), subject);
  set_name(X509_get_issuer_name(made.get()), issuer);
  X509_set_pubkey(made.get(), key);
  X509_sign(made.get(), key, EVP_sha256());
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), made.get());
  return Certificate::all_from_pem(text_of(bio.get())).front();
}

/// PS256 but for the length of the salt.
std::string sign_with_salt(EVP_PKEY* key, std::string_view message, int salt) {
  const Context context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* settings = nullptr;
  EVP_DigestSignInit(context.get(), &settings, EVP_sha256(), nullptr, key);
  EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
  EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, salt);
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
  std::size_t size = signature.size();
  EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                 reinterpret_cast<const unsigned char*>(message.data()), message.size());
  return signature.substr(0, size);
}

TEST(ForeignKeys, OfAnEllipticCurveAreRefused) {
  const Key key = elliptic_key();
  const Bio public_pem(BIO_new(BIO_s_mem()));
  ASSERT_EQ(PEM_write_bio_PUBKEY(public_pem.get(), key.get()), 1);
  EXPECT_THROW(RsaPublicKey::from_pem(text_of(public_pem.get())), InvalidArgument);
  const Bio private_pem(BIO_new(BIO_s_mem()));
  ASSERT_EQ(PEM_write_bio_PKCS8PrivateKey(private_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
  EXPECT_THROW(RsaPrivateKey::from_pem(Secret(text_of(private_pem.get()))), InvalidArgument);
  EXPECT_THROW(certificate(key.get(), "a", "a").public_key(), InvalidArgument);
}

TEST(ForeignKeys, HaveSignedWhatBearsTheNameOfAnother) {
  const Certificate own = batchai::test::TestCertificate().certificate();
  const Certificate namesake = batchai::test::TestCertificate().certificate();
  ASSERT_EQ(own.subject(), namesake.subject());
  EXPECT_TRUE(own.issued_by(own));
  EXPECT_FALSE(own.issued_by(namesake));
}

TEST(ForeignKeys, DoNotMakeUpForTheNameOfTheIssuer) {
  const Key key = elliptic_key();
  const Certificate issuer = certificate(key.get(), "a", "a");
  EXPECT_TRUE(certificate(key.get(), "b", "a").issued_by(issuer));
  EXPECT_FALSE(certificate(key.get(), "b", "c").issued_by(issuer));
}

/// RFC 7518, 3.5: the salt is as long as the hash.
TEST(ForeignSignatures, WithASaltOfAnotherLengthAreRefused) {
  const RsaPrivateKey key = RsaPrivateKey::generate();
  const Key same = openssl_form(key);
  const auto is_taken = [&](int salt) {
    return key.public_key().verify(RsaScheme::Ps256, "text", sign_with_salt(same.get(), "text", salt));
  };
  EXPECT_TRUE(is_taken(32));
  for (const int salt : {0, 20, 31, 33, 64}) {
    EXPECT_FALSE(is_taken(salt)) << salt;
  }
}

}  // namespace
}  // namespace batchai::signing::test
