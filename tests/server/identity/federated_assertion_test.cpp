#include "server/identity/assertion_fixture.hpp"

namespace batchai::server::test {
namespace {

using nlohmann::json;
using signing::RsaScheme;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const signing::RsaPrivateKey& issuer_key() {
  static const signing::RsaPrivateKey key = signing::RsaPrivateKey::generate();
  return key;
}

class FederatedAssertion : public AssertionFixture {
 protected:
  static json jwk(const signing::RsaPrivateKey& key, const std::string& id) {
    const signing::RsaNumbers numbers = key.public_key().numbers();
    return {{"kty", "RSA"}, {"use", "sig"}, {"kid", id}, {"n", numbers.n}, {"e", numbers.e}};
  }
  static json credential() {
    return {{"name", "pipeline"},
            {"issuer", "https://issuer.example/"},
            {"subject", "repo:org/app:ref:main"},
            {"audiences", {"api://AzureADTokenExchange"}},
            {"jwks", {{"keys", json::array({jwk(issuer_key(), "key-1")})}}}};
  }
  static json claims() {
    return {{"iss", "https://issuer.example/"},
            {"sub", "repo:org/app:ref:main"},
            {"aud", "api://AzureADTokenExchange"},
            {"nbf", kNow},
            {"exp", kNow + 3600}};
  }
  static json changed(json object, const char* name, const json& value) {
    object[name] = value;
    return object;
  }
  static std::string issued(const json& content, const std::string& key_id = "key-1",
                            RsaScheme scheme = RsaScheme::Rs256) {
    return signing::sign_jwt({{"kid", key_id}}, content, issuer_key(), scheme);
  }
  void register_credential(const json& document = credential(), const std::string& name = "federated/a.json") const {
    register_file(name, document.dump());
  }
};

TEST_F(FederatedAssertion, IsTakenForARegisteredIssuerSubjectAndAudience) {
  register_credential();
  expect_granted(issued(claims()));
  expect_granted(issued(claims(), "key-1", RsaScheme::Ps256));
  expect_granted(issued(changed(claims(), "aud", {"other", "api://AzureADTokenExchange"})));  // as Kubernetes writes it
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(FederatedAssertion, HasTheUsualAudienceUnlessAnotherIsRegistered) {
  json document = credential();
  document.erase("audiences");
  register_credential(document);
  expect_granted(issued(claims()));
  register_credential(changed(credential(), "audiences", {"api://one", "api://two"}));
  expect_granted(issued(changed(claims(), "aud", "api://two")));
  expect_refused(issued(claims()), 7002121);
}

TEST_F(FederatedAssertion, IsRefusedFromAnotherIssuer) {
  EXPECT_THAT(expect_refused(issued(claims()), 700211), HasSubstr("issuer 'https://issuer.example/'"));
  register_credential();
  for (const char* issuer : {"https://issuer.example", "https://ISSUER.example/", "http://issuer.example/"}) {
    expect_refused(issued(changed(claims(), "iss", issuer)), 700211);
  }
}

TEST_F(FederatedAssertion, IsRefusedForAnotherSubject) {
  register_credential();
  EXPECT_THAT(expect_refused(issued(changed(claims(), "sub", "repo:org/APP:ref:main")), 700213),
              HasSubstr("subject 'repo:org/APP:ref:main'"));
  expect_refused(issued(changed(claims(), "sub", nullptr)), 700213);
}

TEST_F(FederatedAssertion, IsRefusedForASubjectThatOnlyBeginsOrEndsLikeTheRegisteredOne) {
  register_credential();
  const std::string registered = "repo:org/app:ref:main";
  for (const std::string& subject : {registered + "2", registered + "/x", registered + " ", registered.substr(0, 8),
                                     registered.substr(0, registered.size() - 1), "x" + registered, std::string()}) {
    expect_refused(issued(changed(claims(), "sub", subject)), 700213);
  }
}

TEST_F(FederatedAssertion, IsRefusedFromAnIssuerThatOnlyBeginsOrEndsLikeTheRegisteredOne) {
  register_credential();
  const std::string registered = "https://issuer.example/";
  for (const std::string& issuer : {registered + "tenant", registered + "/", "https://a.b?" + registered}) {
    expect_refused(issued(changed(claims(), "iss", issuer)), 700211);
  }
}

TEST_F(FederatedAssertion, IsRefusedForAnotherAudience) {
  register_credential();
  for (const json& audience : {json("api://other"), json("api://AzureADTokenExchange/x"), json::array(), json(nullptr),
                               json({"api://other", "api://another"})}) {
    expect_refused(issued(changed(claims(), "aud", audience)), 7002121);
  }
}

TEST_F(FederatedAssertion, HasToMatchOneCredentialAsAWhole) {
  register_credential();
  json second = changed(credential(), "subject", "repo:org/app:ref:next");
  second["audiences"] = {"api://next"};
  register_credential(second, "federated/b.json");
  expect_granted(issued(claims()));
  const json next = changed(claims(), "sub", "repo:org/app:ref:next");
  expect_granted(issued(changed(next, "aud", "api://next")));
  expect_refused(issued(next), 7002121);
}

TEST_F(FederatedAssertion, IsRefusedWithAKeyThatIsNotInTheSet) {
  register_credential();
  EXPECT_THAT(expect_refused(issued(claims(), "key-2"), 7000272), HasSubstr("'key-2'"));
  expect_refused(issued(claims(), "key-12"), 7000272);
  expect_refused(issued(claims(), "key-"), 7000272);
  expect_refused(signing::sign_jwt({{"typ", "JWT"}}, claims(), issuer_key()), 5002723);
  json rotated = credential();
  rotated["jwks"]["keys"].push_back(jwk(issuer_key(), "key-2"));
  register_credential(rotated);
  expect_granted(issued(claims(), "key-2"));
}

TEST_F(FederatedAssertion, IsRefusedWithTheSignatureOfAnotherKey) {
  register_credential();
  const auto other = signing::RsaPrivateKey::generate();
  expect_refused(signing::sign_jwt({{"kid", "key-1"}}, claims(), other), 700027);
}

TEST_F(FederatedAssertion, IsRefusedWithAnotherAlgorithmThanTheKeyIsFor) {
  json document = credential();
  document["jwks"]["keys"][0]["alg"] = "RS256";
  register_credential(document);
  expect_granted(issued(claims()));
  expect_refused(issued(claims(), "key-1", RsaScheme::Ps256), 7000272);
  expect_refused(forged({{"alg", "none"}, {"kid", "key-1"}}, claims(), ""), 5002738);
}

TEST_F(FederatedAssertion, IsRefusedOutsideItsTime) {
  register_credential();
  expect_refused(issued(changed(claims(), "exp", kNow - 300)), 700024);
  expect_refused(issued(changed(claims(), "nbf", kNow + 301)), 700024);
  expect_refused(issued(changed(claims(), "exp", kNow + 48 * 3600)), 700024);
}

TEST_F(FederatedAssertion, CannotPassForOneOfTheApplicationItself) {
  register_credential();
  json self = changed(claims(), "iss", principal_.app_id);
  self["sub"] = principal_.app_id;
  expect_refused(issued(self), 700027);
}

TEST_F(FederatedAssertion, CountsDespiteBrokenFilesBesideItWhichAreNamed) {
  register_credential();
  int number = 0;
  json without_key = credential();
  without_key["jwks"]["keys"][0]["use"] = "enc";
  json of_another_algorithm = credential();
  of_another_algorithm["jwks"]["keys"][0]["alg"] = "RS512";
  json broken_key = credential();
  broken_key["jwks"]["keys"][0]["n"] = "!";
  for (const json& broken :
       {json::array(), changed(credential(), "issuer", 7), changed(credential(), "issuer", "not a url"),
        changed(credential(), "subject", ""), changed(credential(), "audiences", "text"),
        changed(credential(), "audiences", json::array()), changed(credential(), "jwks", "text"),
        changed(credential(), "jwks", {{"keys", 7}}), without_key, of_another_algorithm, broken_key}) {
    register_credential(broken, "federated/broken" + std::to_string(number++) + ".json");
  }
  register_file("federated/half.json", R"({"issuer":)");
  expect_granted(issued(claims()));
  EXPECT_THAT(warnings_, SizeIs(12));
  EXPECT_THAT(warnings_, Each(HasSubstr(registration("federated").string())));
}

TEST_F(FederatedAssertion, PassesOverKeysOfOtherKinds) {
  json document = credential();
  document["jwks"]["keys"].push_back({{"kty", "EC"}, {"kid", "key-3"}, {"crv", "P-256"}});
  document["jwks"]["keys"].push_back("rubbish");
  json nameless = jwk(issuer_key(), "");
  nameless.erase("kid");
  document["jwks"]["keys"].push_back(nameless);
  register_credential(document);
  expect_granted(issued(claims()));
  EXPECT_THAT(warnings_, IsEmpty());
}

}  // namespace
}  // namespace batchai::server::test
