#include "server/identity/tls_material.hpp"

#include "server/identity/signing_key.hpp"
#include "signing/certificate.hpp"
#include "support/temporary_folder.hpp"

#include <chrono>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
