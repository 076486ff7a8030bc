#include "identity/identity_fixture.hpp"
#include "signing/encoding.hpp"
#include "signing/jwt.hpp"
#include "support/test_certificate.hpp"

namespace batchai::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kEndpoint = "https://login.microsoftonline.com/tenant/oauth2/v2.0/token";
constexpr std::int64_t kNow = 1'528'406'181;

class ClientCertificateTest : public IdentityTest {
 protected:
  ClientCertificateCredential credential(const std::filesystem::path& file, const CertificateOptions& how = {}) {
    return {"tenant", "app", file, how, options()};
  }
  /// The assertion that signing in with `file` sends to `endpoint`.
  signing::Jwt assertion(TokenCredential& from, const std::string& endpoint = kEndpoint) {
    transport->on("POST", endpoint, token_answer("t"));
    EXPECT_EQ(token(from), "t");
    EXPECT_EQ(sent("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    return signing::Jwt::parse(sent("client_assertion")).value();
  }
  void expect_signs_in(const std::string& content, const std::string& password = {}) {
    auto signer = credential(write("identity", content), {.password = Secret(password)});
    EXPECT_TRUE(signing::verify_jwt(assertion(signer), certificate.key().public_key()));
  }
  std::string refusal(const std::string& content, const std::string& password = {}) {
    const auto file = write("identity", content);
    return message_of<InvalidArgument>([&] { credential(file, {.password = Secret(password)}); });
  }

  TestCertificate certificate;
};

TEST_F(ClientCertificateTest, ReadsEveryFormOfACertificateFile) {
  expect_signs_in(certificate.pem());
  expect_signs_in(certificate.key_pem() + certificate.certificate_pem());
  expect_signs_in(certificate.pem("pass word"), "pass word");
  expect_signs_in(certificate.pkcs12("pass word"), "pass word");
  expect_signs_in(certificate.pkcs12(""));
}

TEST_F(ClientCertificateTest, PutsItsOwnCertificateFirst) {
  const TestCertificate other;
  expect_signs_in(other.certificate_pem() + certificate.pem());
  EXPECT_THAT(refusal(other.certificate_pem() + certificate.key_pem()), HasSubstr("fits none of the certificates"));
}

TEST_F(ClientCertificateTest, AssertsWhoItIsToTheEndpointForTenMinutes) {
  auto signer = credential(write("identity.pem", certificate.pem()));
  const signing::Jwt jwt = assertion(signer);
  EXPECT_EQ(jwt.claim_text("aud"), kEndpoint);
  EXPECT_EQ(jwt.claim_text("iss"), "app");
  EXPECT_EQ(jwt.claim_text("sub"), "app");
  EXPECT_EQ(jwt.claim_number("nbf"), kNow);
  EXPECT_EQ(jwt.claim_number("iat"), kNow);
  EXPECT_EQ(jwt.claim_number("exp"), kNow + 600);
  EXPECT_EQ(jwt.header_text("typ"), "JWT");
  EXPECT_EQ(jwt.header_text("alg"), "PS256");
  EXPECT_EQ(jwt.header_text("x5t#S256"), signing::base64url_encode(certificate.certificate().sha256_thumbprint()));
  EXPECT_EQ(jwt.header_text("x5t"), signing::base64url_encode(certificate.certificate().sha1_thumbprint()));
  EXPECT_FALSE(jwt.header().contains("x5c"));
  EXPECT_TRUE(signing::verify_jwt(jwt, certificate.key().public_key()));
  EXPECT_EQ(sent("client_id"), "app");
  EXPECT_EQ(sent("client_secret"), "");
}

TEST_F(ClientCertificateTest, MakesEveryAssertionAnew) {
  auto signer = credential(write("identity.pem", certificate.pem()));
  const std::string first = assertion(signer).claim_text("jti");
  clock->advance(std::chrono::hours(1));
  const signing::Jwt second = assertion(signer);
  EXPECT_EQ(first.size(), 36U);
  EXPECT_NE(second.claim_text("jti"), first);
  EXPECT_EQ(second.claim_number("exp"), kNow + 3600 + 600);
}

TEST_F(ClientCertificateTest, SignsAsAdfsUnderstandsOrAsItIsTold) {
  const auto file = write("identity.pem", certificate.pem());
  ClientCertificateCredential adfs("ADFS", "app", file, {}, options());
  const signing::Jwt jwt = assertion(adfs, "https://login.microsoftonline.com/adfs/oauth2/token");
  EXPECT_EQ(jwt.header_text("alg"), "RS256");
  EXPECT_EQ(jwt.claim_text("aud"), "https://login.microsoftonline.com/adfs/oauth2/token");
  EXPECT_TRUE(signing::verify_jwt(jwt, certificate.key().public_key()));
  auto told = credential(file, {.algorithm = AssertionAlgorithm::Rs256});
  EXPECT_EQ(assertion(told).header_text("alg"), "RS256");
}

TEST_F(ClientCertificateTest, SendsTheChainWhenToldTo) {
  const TestCertificate issuer;
  auto signer = credential(write("identity.pem", certificate.pem() + issuer.certificate_pem()), {.send_chain = true});
  const nlohmann::json chain = assertion(signer).header().at("x5c");
  EXPECT_EQ(chain, nlohmann::json::array({signing::base64_encode(certificate.certificate().der()),
                                          signing::base64_encode(issuer.certificate().der())}));
}

TEST_F(ClientCertificateTest, SaysWhatIsWrongWithTheFileAndNeverThePassword) {
  for (const std::string& content : {certificate.pem("right"), certificate.pkcs12("right")}) {
    const std::string wrong = refusal(content, "wr0ng-password");
    EXPECT_THAT(wrong, HasSubstr((folder / "identity").string()));
    EXPECT_THAT(wrong, HasSubstr("with this password"));
    EXPECT_THAT(wrong, Not(HasSubstr("wr0ng-password")));
    EXPECT_THAT(refusal(content), HasSubstr("encrypted, and no password is given"));
  }
  EXPECT_THAT(refusal(certificate.certificate_pem()), HasSubstr("no RSA private key"));
  EXPECT_THAT(refusal(certificate.key_pem()), HasSubstr("no certificate"));
  EXPECT_THAT(refusal("rubbish"), HasSubstr((folder / "identity").string()));
}

TEST_F(ClientCertificateTest, NamesAFileThatCannotBeRead) {
  EXPECT_THAT(message_of<InvalidArgument>([&] { credential(folder / "none.pem"); }),
              HasSubstr("there is no certificate file '" + (folder / "none.pem").string() + "'"));
  EXPECT_THAT(message_of<InvalidArgument>([&] { credential(folder.path()); }), HasSubstr(folder.path().string()));
}

TEST_F(ClientCertificateTest, DoesNotUseATokenThatAnotherCertificateGot) {
  const TestCertificate other;
  CredentialOptions cached = options();
  cached.token_cache_file = folder / "tokens.json";
  ClientCertificateCredential first("tenant", "app", write("1.pem", certificate.pem()), {}, cached);
  ClientCertificateCredential again("tenant", "app", write("2.pem", certificate.pem()), {}, cached);
  ClientCertificateCredential foreign("tenant", "app", write("3.pem", other.pem()), {}, cached);
  transport->on("POST", kEndpoint, token_answer("one")).on("POST", kEndpoint, token_answer("two"));
  EXPECT_EQ(token(first), "one");
  EXPECT_EQ(token(again), "one");
  EXPECT_EQ(token(foreign), "two");
}

}  // namespace
}  // namespace batchai::test
