#include "server/identity/access_tokens.hpp"

#include "server/faults/fault.hpp"
#include "server/identity/identity_fixture.hpp"
#include "signing/encoding.hpp"
#include "signing/jwt.hpp"

#include <gmock/gmock.h>

namespace batchai::server::test {
namespace {

class AccessToken : public IdentityFixture {
 protected:
  std::string code_of(const std::string& token) const {
    try {
      tokens_.verify(token, options_.audiences);
      return "accepted";
    } catch (const ServiceFault& fault) {
      EXPECT_EQ(fault.status(), 401);
      return fault.code();
    }
  }
  nlohmann::json claims() const {
    return signing::Jwt::parse(tokens_.issue(principal_, "https://management.azure.com").text)->claims();
  }
  static std::string sign(const nlohmann::json& claims) {
    return signing::sign_jwt({{"kid", "test-key"}}, claims, test_signing_key().key);
  }
};

TEST_F(AccessToken, NamesItsCaller) {
  const IssuedToken token = tokens_.issue(principal_, "https://management.azure.com/");
  const Caller caller = tokens_.verify(token.text, options_.audiences);
  EXPECT_EQ(caller.app_id, principal_.app_id);
  EXPECT_EQ(caller.object_id, principal_.object_id);
}

TEST_F(AccessToken, IsTakenForEveryAudienceWithAndWithoutSlash) {
  for (const char* audience : {"https://management.azure.com", "https://management.azure.com/",
                               "https://management.core.windows.net", "https://management.core.windows.net/",
                               "https://127.0.0.1:8443", "https://127.0.0.1:8443/", "HTTPS://Management.azure.com"}) {
    EXPECT_EQ(code_of(tokens_.issue(principal_, audience).text), "accepted") << audience;
  }
}

TEST_F(AccessToken, IsRefusedForAnotherAudience) {
  for (const char* audience : {"https://storage.azure.com", "https://management.azure.com.example",
                               "https://management.azure.com/x", "x:https://management.azure.com", ""}) {
    EXPECT_EQ(code_of(tokens_.issue(principal_, audience).text), "InvalidAuthenticationTokenAudience") << audience;
  }
}

TEST_F(AccessToken, IsTakenForTheFilesOfAnyAccountWhereAStarStandsForIt) {
  options_.audiences = {account_audience("*")};
  for (const char* audience : {"https://acct1.file.core.windows.net", "https://ACCT1.file.core.windows.net/"}) {
    EXPECT_EQ(code_of(tokens_.issue(principal_, audience).text), "accepted") << audience;
  }
  for (const char* audience : {"https://file.core.windows.net", "https://.file.core.windows.net",
                               "https://evil.test/.file.core.windows.net", "https://a.b.file.core.windows.net",
                               "https://acct1.file.core.windows.net.evil.test", "http://acct1.file.core.windows.net"}) {
    EXPECT_EQ(code_of(tokens_.issue(principal_, audience).text), "InvalidAuthenticationTokenAudience") << audience;
  }
}

TEST_F(AccessToken, ExpiresAfterItsLifeAndTheSkew) {
  const std::string token = tokens_.issue(principal_, "https://management.azure.com").text;
  clock_->advance(std::chrono::seconds(3599 + 299));
  EXPECT_EQ(code_of(token), "accepted");
  clock_->advance(std::chrono::seconds(1));
  EXPECT_EQ(code_of(token), "ExpiredAuthenticationToken");
}

TEST_F(AccessToken, IsNotTakenBeforeItsTime) {
  nlohmann::json changed = claims();
  changed["nbf"] = 1'528'406'181 + 301;
  EXPECT_EQ(code_of(sign(changed)), "InvalidAuthenticationToken");
  changed["nbf"] = 1'528'406'181 + 300;
  EXPECT_EQ(code_of(sign(changed)), "accepted");
}

TEST_F(AccessToken, NeedsAValidityPeriod) {
  for (const char* name : {"exp", "nbf"}) {
    nlohmann::json changed = claims();
    changed.erase(name);
    EXPECT_EQ(code_of(sign(changed)), "InvalidAuthenticationToken") << name;
  }
}

TEST_F(AccessToken, IsRefusedFromAnotherTenant) {
  const AccessTokens other(test_signing_key(), "aaaaaaaa-2222-3333-4444-555555555555", clock_);
  EXPECT_EQ(code_of(other.issue(principal_, "https://management.azure.com").text), "InvalidAuthenticationTokenTenant");
}

TEST_F(AccessToken, OfOurKeyIsRefusedWithAnotherIssuerOrAnotherTenant) {
  const std::string issuer = claims().at("iss");
  for (const std::string& other : {std::string("https://sts.windows.net/aaaaaaaa-2222-3333-4444-555555555555/"),
                                   issuer + "x", issuer.substr(0, issuer.size() - 1), std::string()}) {
    nlohmann::json changed = claims();
    changed["iss"] = other;
    EXPECT_EQ(code_of(sign(changed)), "InvalidAuthenticationTokenTenant") << other;
  }
  nlohmann::json changed = claims();
  changed["tid"] = "aaaaaaaa-2222-3333-4444-555555555555";
  EXPECT_EQ(code_of(sign(changed)), "InvalidAuthenticationTokenTenant");
}

TEST_F(AccessToken, OfOurKeyIsRefusedWithAnotherAlgorithm) {
  const std::string token =
      signing::sign_jwt({{"kid", "test-key"}}, claims(), test_signing_key().key, signing::RsaScheme::Ps256);
  EXPECT_EQ(code_of(token), "InvalidAuthenticationToken");
}

TEST_F(AccessToken, IsRefusedWithAForeignSignature) {
  const AccessTokens other({signing::RsaPrivateKey::generate(), "test-key"}, kTenant, clock_);
  EXPECT_EQ(code_of(other.issue(principal_, "https://management.azure.com").text), "InvalidAuthenticationToken");
}

TEST_F(AccessToken, IsRefusedWithoutSignature) {
  const std::string header = signing::base64url_encode(R"({"alg":"none","typ":"JWT"})");
  const std::string body = signing::base64url_encode(claims().dump());
  EXPECT_EQ(code_of(header + "." + body + "."), "InvalidAuthenticationToken");
  EXPECT_EQ(code_of("rubbish"), "InvalidAuthenticationToken");
  EXPECT_EQ(code_of(""), "InvalidAuthenticationToken");
}

TEST_F(AccessToken, IsRefusedWithAKeyedHashOfThePublicKey) {
  const std::string header = signing::base64url_encode(R"({"alg":"HS256","typ":"JWT"})");
  const std::string body = signing::base64url_encode(claims().dump());
  EXPECT_EQ(code_of(header + "." + body + "." + signing::base64url_encode("x")), "InvalidAuthenticationToken");
}

TEST_F(AccessToken, IsCheckedAgainWhenItIsKnown) {
  const std::string token = tokens_.issue(principal_, "https://management.azure.com").text;
  EXPECT_EQ(code_of(token), "accepted");
  EXPECT_EQ(code_of(token), "accepted");
  EXPECT_EQ(tokens_.verify(token, options_.audiences).app_id, principal_.app_id);
  EXPECT_EQ(code_of(token.substr(0, token.size() - 8) + "AAAAAAAA"), "InvalidAuthenticationToken");
  options_.audiences = {"https://storage.azure.com"};
  EXPECT_EQ(code_of(token), "InvalidAuthenticationTokenAudience");
  clock_->advance(std::chrono::seconds(3599 + 300));
  EXPECT_EQ(code_of(token), "ExpiredAuthenticationToken");
}

TEST(VerifiedTokens, KeepsALimitedNumber) {
  VerifiedTokens tokens;
  for (std::size_t i = 0; i <= VerifiedTokens::kMost; ++i) {
    tokens.add(std::to_string(i), std::make_shared<const TokenClaims>());
  }
  EXPECT_LE(tokens.size(), VerifiedTokens::kMost);
  EXPECT_EQ(tokens.find("0"), nullptr);
  EXPECT_NE(tokens.find(std::to_string(VerifiedTokens::kMost)), nullptr);
}

}  // namespace
}  // namespace batchai::server::test
