#include "server/identity/tls_material.hpp"

#include "core/private_file.hpp"
#include "server/identity/signing_key.hpp"
#include "server/identity/x509_builder.hpp"
#include "signing/certificate.hpp"
#include "support/temporary_folder.hpp"

#include <chrono>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/rsa.h>

namespace batchai::server::test {
namespace {

using signing::Certificate;
using std::chrono::days;

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool is_private(const std::filesystem::path& file) {
  return (std::filesystem::status(file).permissions() & std::filesystem::perms::mask) ==
         (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

class Material : public ::testing::Test {
 protected:
  TlsMaterial ensure(const std::string& host = "127.0.0.1") { return ensure_tls_material(folder_.path(), host, now_); }
  std::vector<Certificate> chain() { return Certificate::all_from_pem(read(ensure().certificate_chain)); }

  static int key_type(const Certificate& certificate) {
    const unsigned char* der = reinterpret_cast<const unsigned char*>(certificate.der().data());
    const CertificatePointer parsed(d2i_X509(nullptr, &der, static_cast<long>(certificate.der().size())));
    return EVP_PKEY_get_base_id(X509_get0_pubkey(parsed.get()));
  }

  /// A root and a certificate with RSA keys, as somebody may have put them into the folder.
  void write_rsa_material() {
    const KeyPointer ca_key(EVP_RSA_gen(2048));
    const KeyPointer key(EVP_RSA_gen(2048));
    const auto ca =
        make_certificate({.common_name = "root", .is_ca = true, .begins = now_ - days(1), .ends = now_ + days(3000)},
                         ca_key.get(), nullptr, nullptr);
    const auto leaf = make_certificate({.common_name = "batchai-server",
                                        .alternative_names = "IP:127.0.0.1",
                                        .begins = now_ - days(1),
                                        .ends = now_ + days(90)},
                                       key.get(), ca.get(), ca_key.get());
    write_private_file(folder_.path() / "ca.pem", to_pem(ca.get()));
    write_private_file(folder_.path() / "ca-key.pem", to_pem(ca_key.get()));
    write_private_file(folder_.path() / "server.pem", to_pem(leaf.get()) + to_pem(ca.get()));
    write_private_file(folder_.path() / "server-key.pem", to_pem(key.get()));
  }

  batchai::test::TemporaryFolder folder_;
  Timestamp now_ = std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now());
};

TEST_F(Material, IsAChainThatEndsInItsOwnRoot) {
  const auto certificates = chain();
  ASSERT_EQ(certificates.size(), 2u);
  EXPECT_TRUE(certificates[0].issued_by(certificates[1]));
  EXPECT_TRUE(certificates[1].issued_by(certificates[1]));
  EXPECT_EQ(certificates[1].der(), Certificate::all_from_pem(read(ensure().ca))[0].der());
  EXPECT_TRUE(certificates[0].valid_at(now_));
  EXPECT_FALSE(certificates[0].valid_at(now_ + days(398)));
}

TEST_F(Material, KeepsItsKeysPrivate) {
  const TlsMaterial files = ensure();
  EXPECT_TRUE(is_private(files.private_key));
  EXPECT_TRUE(is_private(folder_.path() / "ca-key.pem"));
}

TEST_F(Material, StaysAsLongAsItHolds) {
  const std::string first = read(ensure().certificate_chain);
  now_ += days(300);
  EXPECT_EQ(read(ensure().certificate_chain), first);
}

TEST_F(Material, RenewsTheCertificateInTimeUnderTheSameRoot) {
  const auto before = chain();
  now_ += days(370);
  const auto after = chain();
  EXPECT_NE(after[0].der(), before[0].der());
  EXPECT_EQ(after[1].der(), before[1].der());
}

TEST_F(Material, RenewsTheRootBeforeACertificateCouldOutliveIt) {
  const auto before = chain();
  now_ += days(3300);
  EXPECT_NE(chain()[1].der(), before[1].der());
}

TEST_F(Material, IsMadeAnewForAnotherHost) {
  const std::string first = read(ensure().certificate_chain);
  const std::string second = read(ensure("host.example").certificate_chain);
  EXPECT_NE(second, first);
  EXPECT_EQ(read(ensure("host.example").certificate_chain), second);
  EXPECT_EQ(read(ensure("localhost").certificate_chain), second);
  EXPECT_NE(read(ensure("10.1.2.3").certificate_chain), second);
}

TEST_F(Material, HasKeysOfP256) {
  for (const Certificate& certificate : chain()) {
    EXPECT_EQ(key_type(certificate), EVP_PKEY_EC);
  }
}

TEST_F(Material, WithRsaKeysStaysUntilItIsRenewed) {
  write_rsa_material();
  const auto before = chain();
  ASSERT_EQ(before.size(), 2u);
  EXPECT_EQ(key_type(before[0]), EVP_PKEY_RSA);
  EXPECT_EQ(key_type(before[1]), EVP_PKEY_RSA);
  now_ += days(80);
  const auto after = chain();
  EXPECT_EQ(key_type(after[0]), EVP_PKEY_EC);
  EXPECT_TRUE(after[0].issued_by(after[1]));
  EXPECT_EQ(after[1].der(), before[1].der());
}

TEST_F(Material, ReplacesBrokenFiles) {
  const TlsMaterial files = ensure();
  std::ofstream(files.private_key) << "rubbish";
  EXPECT_EQ(chain().size(), 2u);
  EXPECT_THAT(read(files.private_key), ::testing::HasSubstr("PRIVATE KEY"));
}

TEST_F(Material, OfTokensIsOneKeyForEver) {
  const auto file = folder_.path() / "token-signing.pem";
  const SigningKey first = load_or_create_signing_key(file);
  EXPECT_TRUE(is_private(file));
  EXPECT_EQ(load_or_create_signing_key(file).id, first.id);
  EXPECT_EQ(first.id.size(), 43u);
}

TEST_F(Material, ThatCannotBeReadIsNamed) {
  const auto file = folder_.path() / "token-signing.pem";
  std::ofstream(file) << "rubbish";
  try {
    load_or_create_signing_key(file);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr(file.string()));
    EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("rubbish")));
  }
}

}  // namespace
}  // namespace batchai::server::test
