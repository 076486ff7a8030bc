#include "signing/jwt.hpp"

#include "batchai/core/error.hpp"
#include "signing/encoding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::signing::test {
namespace {

const RsaPrivateKey& test_key() {
  static const RsaPrivateKey key = RsaPrivateKey::generate();
  return key;
}

TEST(Jwt, VerifiesWhatItSigns) {
  for (const RsaScheme scheme : {RsaScheme::Rs256, RsaScheme::Ps256}) {
    const std::string text = sign_jwt({{"kid", "k1"}}, {{"sub", "me"}, {"exp", 1700000000.5}}, test_key(), scheme);
    const auto token = Jwt::parse(text);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->header_text("kid"), "k1");
    EXPECT_EQ(token->header_text("typ"), "JWT");
    EXPECT_EQ(token->claim_text("sub"), "me");
    EXPECT_EQ(token->claim_number("exp"), 1700000000.5);
    EXPECT_TRUE(verify_jwt(*token, test_key().public_key()));
    EXPECT_FALSE(verify_jwt(*token, RsaPrivateKey::generate().public_key()));
  }
}

TEST(Jwt, RefusesChangedClaims) {
  const std::string text = sign_jwt({}, {{"sub", "me"}}, test_key());
  const std::string other = base64url_encode(R"({"sub":"you"})");
  const auto first = text.find('.');
  const auto forged = Jwt::parse(text.substr(0, first + 1) + other + text.substr(text.rfind('.')));
  ASSERT_TRUE(forged);
  EXPECT_FALSE(verify_jwt(*forged, test_key().public_key()));
}

TEST(Jwt, RefusesUnsignedAndUnknownAlgorithms) {
  for (const char* algorithm : {"none", "HS256", "rs256", ""}) {
    const std::string header = base64url_encode(nlohmann::json{{"alg", algorithm}}.dump());
    const std::string input = header + "." + base64url_encode("{}");
    const auto token = Jwt::parse(input + "." + base64url_encode(test_key().sign(RsaScheme::Rs256, input)));
    ASSERT_TRUE(token);
    EXPECT_FALSE(verify_jwt(*token, test_key().public_key())) << algorithm;
  }
}

TEST(Jwt, DoesNotTakeBrokenTexts) {
  const std::string object = base64url_encode("{}");
  const std::string list = base64url_encode("[]");
  for (const std::string& text : {std::string(), std::string("."), std::string("a.b.c"), object, object + "." + object,
                                  object + "." + list + ".", list + "." + object + ".", object + "." + object + ".+",
                                  object + "." + object + ".x.y", object + ".e30=x.e30"}) {
    EXPECT_FALSE(Jwt::parse(text)) << text;
  }
}

TEST(Jwt, AnswersEmptyForClaimsOfAnotherType) {
  const auto token = Jwt::parse(base64url_encode(R"({"alg":1})") + "." + base64url_encode(R"({"exp":"1"})") + ".");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->header_text("alg"), "");
  EXPECT_EQ(token->claim_text("exp"), "1");
  EXPECT_FALSE(token->claim_number("exp"));
  EXPECT_FALSE(verify_jwt(*token, test_key().public_key()));
}

TEST(RsaKeys, SurvivePemAndNumbers) {
  const RsaPrivateKey copy = RsaPrivateKey::from_pem(test_key().to_pem());
  const std::string signature = copy.sign(RsaScheme::Rs256, "text");
  const RsaNumbers numbers = test_key().public_key().numbers();
  EXPECT_EQ(numbers.e, "AQAB");
  EXPECT_TRUE(RsaPublicKey::from_numbers(numbers).verify(RsaScheme::Rs256, "text", signature));
  EXPECT_FALSE(RsaPublicKey::from_numbers(numbers).verify(RsaScheme::Ps256, "text", signature));
  EXPECT_FALSE(RsaPublicKey::from_numbers(numbers).verify(RsaScheme::Rs256, "text", ""));
}

TEST(RsaKeys, RefuseBrokenTextWithoutShowingIt) {
  EXPECT_THROW(RsaPublicKey::from_pem("x"), InvalidArgument);
  EXPECT_THROW(RsaPublicKey::from_numbers({"", "AQAB"}), InvalidArgument);
  EXPECT_THROW(RsaPublicKey::from_numbers({"!", "AQAB"}), InvalidArgument);
  try {
    RsaPrivateKey::from_pem(Secret("-----BEGIN PRIVATE KEY-----\nhidden\n-----END PRIVATE KEY-----\n"));
    FAIL() << "no exception";
  } catch (const InvalidArgument& error) {
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("hidden")));
  }
}

}  // namespace
}  // namespace batchai::signing::test
