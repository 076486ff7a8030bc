#include "server/identity/assertion_fixture.hpp"
#include "signing/digest.hpp"

namespace batchai::server::test {
namespace {

using batchai::test::TestCertificate;
using nlohmann::json;
using signing::base64url_encode;
using signing::RsaScheme;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CertificateAssertion : public AssertionFixture {
 protected:
  json claims() const {
    return {{"aud", url_ + kTenant + "/oauth2/v2.0/token"},
            {"iss", principal_.app_id},
            {"sub", principal_.app_id},
            {"jti", "6f0e1c9a-3b5e-4c47-9d0b-0d7f3f1f6a52"},
            {"nbf", kNow},
            {"exp", kNow + 600}};
  }
  json changed(const char* name, const json& value) const {
    json result = claims();
    result[name] = value;
    return result;
  }
  static json header_for(const TestCertificate& certificate) {
    return {{"x5t#S256", base64url_encode(certificate.certificate().sha256_thumbprint())}};
  }
  std::string signed_claims(const json& content) const {
    return signing::sign_jwt(header_for(certificate_), content, certificate_.key(), RsaScheme::Ps256);
  }
  std::string signed_header(const json& header, RsaScheme scheme = RsaScheme::Rs256) const {
    return signing::sign_jwt(header, claims(), certificate_.key(), scheme);
  }
  void register_certificate() const { register_file("certificates/a.pem", certificate_.certificate_pem()); }

  const std::string url_ = "https://127.0.0.1:8443/";
  const TestCertificate certificate_;
};

TEST_F(CertificateAssertion, IsTakenBySha256AndBySha1AndByKeyId) {
  register_certificate();
  const signing::Certificate known = certificate_.certificate();
  const std::string sha1 = base64url_encode(known.sha1_thumbprint());
  expect_granted(signed_header(header_for(certificate_), RsaScheme::Ps256));
  expect_granted(signed_header(header_for(certificate_), RsaScheme::Rs256));
  expect_granted(signed_header({{"x5t", sha1}}));
  expect_granted(signed_header({{"x5t", sha1 + "="}}));  // as MSAL for Python pads it
  std::string hex = signing::hex_encode(known.sha1_thumbprint());
  expect_granted(signed_header({{"kid", hex}}));
  for (char& digit : hex) {
    digit = static_cast<char>(std::toupper(digit));
  }
  expect_granted(signed_header({{"kid", hex}}));  // as azure-identity for C++ writes it
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(CertificateAssertion, IsTakenForEveryFormOfTheEndpoint) {
  register_certificate();
  for (const std::string& tenant : {std::string(kTenant), std::string("adfs")}) {
    for (const char* path : {"/oauth2/v2.0/token", "/oauth2/token", "/v2.0", "", "/"}) {
      expect_granted(signed_claims(changed("aud", url_ + tenant + path)));
    }
  }
  expect_granted(signed_claims(changed("aud", json::array({url_ + kTenant + "/oauth2/token"}))));
  const Response response = show(signed_claims(claims()), "/adfs/oauth2/token");
  EXPECT_EQ(response.status, 200) << response.body;
}

TEST_F(CertificateAssertion, IsRefusedForAnotherAudience) {
  register_certificate();
  for (const json& audience : {json("https://login.microsoftonline.com/" + std::string(kTenant) + "/oauth2/v2.0/token"),
                               json(url_ + "aaaaaaaa-2222-3333-4444-555555555555/oauth2/v2.0/token"), json(url_),
                               json(""), json(nullptr), json::array()}) {
    EXPECT_THAT(expect_refused(signed_claims(changed("aud", audience)), 700023),
                HasSubstr(url_ + kTenant + "/oauth2/v2.0/token"));
  }
}

TEST_F(CertificateAssertion, MayBeUsedAgainWhileItLasts) {
  register_certificate();
  const std::string assertion = signed_claims(claims());
  expect_granted(assertion);
  clock_->advance(std::chrono::seconds(540));
  expect_granted(assertion);
}

TEST_F(CertificateAssertion, MayHaveFractionsOfSecondsAndNoBeginning) {
  register_certificate();
  json written = claims();  // as MSAL for Python does
  written.erase("nbf");
  written["iat"] = static_cast<double>(kNow) + 0.25;
  written["exp"] = static_cast<double>(kNow) + 600.25;
  expect_granted(signed_claims(written));
}

TEST_F(CertificateAssertion, HoldsForItsTimeGiveOrTakeFiveMinutes) {
  register_certificate();
  expect_granted(signed_claims(changed("exp", kNow - 299)));
  expect_refused(signed_claims(changed("exp", kNow - 300)), 700024);
  expect_granted(signed_claims(changed("nbf", kNow + 300)));
  expect_refused(signed_claims(changed("nbf", kNow + 301)), 700024);
}

TEST_F(CertificateAssertion, LastsADayAtMost) {
  register_certificate();
  expect_granted(signed_claims(changed("exp", kNow + 24 * 3600)));
  expect_granted(signed_claims(changed("exp", kNow + 24 * 3600 + 300)));
  EXPECT_THAT(expect_refused(signed_claims(changed("exp", kNow + 24 * 3600 + 301)), 700024), HasSubstr("24 hours"));
  expect_refused(signed_claims(changed("exp", 1e300)), 700024);
}

TEST_F(CertificateAssertion, IsRefusedWhenNothingIsRegistered) {
  EXPECT_THAT(expect_refused(signed_claims(claims()), 700027), HasSubstr("The key was not found."));
}

TEST_F(CertificateAssertion, IsRefusedWithAKeyThatIsNotRegistered) {
  register_certificate();
  const TestCertificate other;
  const std::string assertion = signing::sign_jwt(header_for(other), claims(), other.key());
  EXPECT_THAT(expect_refused(assertion, 700027), HasSubstr("The key was not found."));
  register_file("certificates/b.pem", other.certificate_pem());
  expect_granted(assertion);
  expect_granted(signed_claims(claims()));  // both hold
  std::filesystem::remove(registration("certificates/b.pem"));
  expect_refused(assertion, 700027);
}

TEST_F(CertificateAssertion, IsRefusedWithTheNameOfACertificateAndTheKeyOfAnother) {
  register_certificate();
  const TestCertificate other;
  EXPECT_THAT(expect_refused(signing::sign_jwt(header_for(certificate_), claims(), other.key()), 700027),
              HasSubstr("signature value did not match"));
  std::string broken = signed_claims(claims());
  char& changed_byte = broken[broken.rfind('.') + 20];
  changed_byte = changed_byte == 'A' ? 'B' : 'A';
  expect_refused(broken, 700027);
}

TEST_F(CertificateAssertion, IsRefusedWithTheKeyOfOneCertificateAndTheNameOfAnother) {
  register_certificate();
  const signing::Certificate own = certificate_.certificate();
  const signing::Certificate other = TestCertificate().certificate();
  const std::string other_sha1 = base64url_encode(other.sha1_thumbprint());
  for (const json& header : {json{{"x5t#S256", base64url_encode(other.sha256_thumbprint())}}, json{{"x5t", other_sha1}},
                             json{{"kid", signing::hex_encode(other.sha1_thumbprint())}}, json{{"x5t", "!"}},
                             // The strongest of the names decides.
                             json{{"x5t#S256", base64url_encode(other.sha256_thumbprint())},
                                  {"x5t", base64url_encode(own.sha1_thumbprint())}},
                             json{{"x5t", other_sha1}, {"kid", signing::hex_encode(own.sha1_thumbprint())}}}) {
    EXPECT_THAT(expect_refused(signed_header(header), 700027), HasSubstr("The key was not found.")) << header;
  }
}

TEST_F(CertificateAssertion, IsRefusedWithClaimsThatWereNotSigned) {
  register_certificate();
  const std::string assertion = signed_claims(claims());
  const std::string other = signed_claims(changed("jti", "another"));
  const auto first_dot = assertion.find('.');
  const std::string mixed = assertion.substr(0, first_dot) +
                            other.substr(other.find('.'), other.rfind('.') - other.find('.')) +
                            assertion.substr(assertion.rfind('.'));
  expect_refused(mixed, 700027);
}

TEST_F(CertificateAssertion, IsRefusedWhenTheCertificateHasExpiredOrHasNotBegun) {
  for (const batchai::test::Validity& validity :
       {batchai::test::Validity{.ends = clock_->now() - std::chrono::hours(1)},
        batchai::test::Validity{.begins = clock_->now() + std::chrono::hours(1)}}) {
    const TestCertificate stale(validity);
    register_file("certificates/a.pem", stale.certificate_pem());
    EXPECT_THAT(expect_refused(signing::sign_jwt(header_for(stale), claims(), stale.key()), 700027),
                HasSubstr("The key used is expired."));
  }
}

TEST_F(CertificateAssertion, IsRefusedFromAnotherApplication) {
  register_certificate();
  for (const char* claim : {"iss", "sub"}) {
    expect_refused(signed_claims(changed(claim, "aaaaaaaa-2222-3333-4444-555555555555")), 700021);
    expect_refused(signed_claims(changed(claim, nullptr)), 700021);
  }
}

TEST_F(CertificateAssertion, OfOnePrincipalIsNoneOfAnother) {
  const Principal other = principals_.create("other");
  std::filesystem::create_directories(options_.principals_folder / other.app_id / "certificates");
  std::ofstream(options_.principals_folder / other.app_id / "certificates" / "a.pem") << certificate_.certificate_pem();
  expect_refused(signed_claims(claims()), 700027);
}

TEST_F(CertificateAssertion, IsRefusedWithoutTheNameOfAKey) {
  register_certificate();
  expect_refused(signed_header(json::object()), 5002723);
  expect_refused(signed_header({{"x5t", 7}}), 5002723);
}

TEST_F(CertificateAssertion, IsRefusedWithOtherAlgorithms) {
  register_certificate();
  json header = header_for(certificate_);
  for (const char* algorithm : {"none", "HS256", "RS512", "ES256", "rs256", ""}) {
    header["alg"] = algorithm;
    expect_refused(forged(header, claims(), "signature"), 5002738);
  }
  header.erase("alg");
  expect_refused(forged(header, claims(), "signature"), 5002738);
  // The classic: what is public taken for the secret of a keyed hash.
  header["alg"] = "HS256";
  const std::string unsigned_part = base64url_encode(header.dump()) + "." + base64url_encode(claims().dump());
  const std::string hash = signing::hmac_sha256(certificate_.certificate_pem(), unsigned_part);
  expect_refused(unsigned_part + "." + base64url_encode(hash), 5002738);
}

TEST_F(CertificateAssertion, IsRefusedWhenMalformed) {
  register_certificate();
  for (const char* text : {"rubbish", "a.b", "a.b.c", "e30.e30.", "..", "W10.W10.YQ"}) {
    expect_refused(text, 50027, 400, "invalid_request");
  }
  expect_refused(signed_claims(changed("exp", "soon")), 50027, 400, "invalid_request");
  json header = header_for(certificate_);
  header["crit"] = json::array({"b64"});
  expect_refused(signed_header(header), 50027, 400, "invalid_request");
}

TEST_F(CertificateAssertion, NeedsItsType) {
  const Response response = send("POST", std::string("/") + kTenant + "/oauth2/token",
                                 "grant_type=client_credentials&client_id=" + principal_.app_id +
                                     "&resource=https%3A%2F%2Fmanagement.azure.com&client_assertion=a.b.c");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(json::parse(response.body).at("error_codes"), json::array({900144}));
}

TEST_F(CertificateAssertion, CountsDespiteBrokenFilesBesideItWhichAreNamed) {
  register_certificate();
  register_file("certificates/broken.pem", "rubbish");
  register_file("certificates/.hidden.pem", "rubbish");
  register_file("certificates/notes.txt", "rubbish");
  std::filesystem::create_directories(registration("certificates/folder.pem"));
  expect_granted(signed_claims(claims()));
  EXPECT_THAT(warnings_, ElementsAre("registration file " + registration("certificates/broken.pem").string() +
                                     " is passed over: the text holds no certificate in PEM form"));
}

TEST_F(CertificateAssertion, TakesOnlyTheFirstCertificateOfAFile) {
  const TestCertificate authority;
  register_file("certificates/chain.pem", certificate_.certificate_pem() + authority.certificate_pem());
  expect_granted(signed_claims(claims()));
  expect_refused(signing::sign_jwt(header_for(authority), claims(), authority.key()), 700027);
}

}  // namespace
}  // namespace batchai::server::test
