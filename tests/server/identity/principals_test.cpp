#include "server/identity/principals.hpp"

#include "server/faults/fault.hpp"
#include "server/identity/principal_admin.hpp"
#include "server/identity/signed_in.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_store.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::server::test {
namespace {

using nlohmann::json;
using std::chrono::days;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const SigningKey& shared_key() {
  static const SigningKey kKey{signing::RsaPrivateKey::generate(), "key"};
  return kKey;
}

class PrincipalsTest : public ::testing::Test {
 protected:
  Secret secret_in(const json& document) { return Secret(document.at("clientSecret").get<std::string>()); }
  SecretCheck check(const json& document) {
    return principals_.check_secret(document.at("clientId"), secret_in(document), clock_->now());
  }
  /// Of a token that the principal has now.
  std::string token(const std::string& name) {
    return tokens_.issue(*principals_.find_by_name(name), "https://here").text;
  }
  std::string refusal_of(const std::string& token) {
    try {
      signed_in(tokens_, principals_, token, {"https://here"});
      return {};
    } catch (const ServiceFault& fault) {
      return std::to_string(fault.status()) + " " + fault.what();
    }
  }
  template <class Work>
  std::string fault(Work work) {
    try {
      work();
      return {};
    } catch (const ServiceFault& fault) {
      return std::to_string(fault.status()) + " " + fault.code() + " " + fault.target();
    }
  }

  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  MemoryStore store_;
  Principals principals_{store_};
  Principal own_ = principals_.create("batchai");
  AccessTokens tokens_{shared_key(), "11111111-2222-3333-4444-555555555555", clock_};
  std::vector<Secret> renewed_;
  PrincipalAdmin admin_{{.principals = principals_,
                         .clock = clock_,
                         .tenant_id = "tenant",
                         .subscription_id = "subscription",
                         .own_client_id = own_.app_id,
                         .own_secret_renewed = [this](const Secret& secret) { renewed_.push_back(secret); }}};
};

TEST_F(PrincipalsTest, OneOfAnOlderServiceIsItsOwner) {
  store_.write([](Transaction& transaction) {
    transaction.put({.key = "serviceprincipal/a",
                     .kind = "servicePrincipal",
                     .body = {{"appId", "A"}, {"objectId", "o"}, {"displayName", "old"}},
                     .hidden = {{"secrets", json::array()}}});
  });
  const auto found = Principals(store_).find("a");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->role, Role::Owner);
  EXPECT_FALSE(found->is_limited());
}

TEST_F(PrincipalsTest, AreTheSameAfterARestart) {
  principals_.create("p", Role::Contributor, {"g1", "g2"});
  const auto found = Principals(store_).find_by_name("P");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->role, Role::Contributor);
  EXPECT_TRUE(found->covers("G2"));
  EXPECT_FALSE(found->covers("g3"));
}

TEST_F(PrincipalsTest, AddingOneGivesASecretForAYear) {
  const json added = admin_.add("alice", {{"role", "reader"}, {"groups", {"team"}}});
  EXPECT_EQ(added.at("role"), "reader");
  EXPECT_THAT(added.at("groups"), ElementsAre("team"));
  EXPECT_EQ(check(added), SecretCheck::Right);
  clock_->advance(days(365));
  EXPECT_EQ(check(added), SecretCheck::Expired);
  EXPECT_FALSE(admin_.show("alice").contains("clientSecret"));
  EXPECT_EQ(admin_.list().at("value").size(), 2U);
  EXPECT_EQ(admin_.list().dump().find("lientSecret"), std::string::npos);
}

TEST_F(PrincipalsTest, RefusesWhatItCannotAdd) {
  const auto adding = [this](const std::string& name, const json& body) {
    return fault([&] { admin_.add(name, body); });
  };
  admin_.add("alice", {{"role", "reader"}});
  EXPECT_EQ(adding("Alice", {{"role", "reader"}}), "409 PrincipalExists ");
  EXPECT_EQ(adding("a/b", {{"role", "reader"}}), "400 InvalidRequestContent name");
  EXPECT_EQ(adding("", {{"role", "reader"}}), "400 InvalidRequestContent name");
  EXPECT_EQ(adding("b", json::object()), "400 InvalidRequestContent role");
  EXPECT_EQ(adding("b", {{"role", "king"}}), "400 InvalidRequestContent role");
  EXPECT_EQ(adding("b", {{"role", "owner"}, {"groups", {"g"}}}), "400 InvalidRequestContent groups");
  EXPECT_EQ(adding("b", {{"role", "reader"}, {"groups", {"g/h"}}}), "400 InvalidRequestContent groups");
  EXPECT_EQ(adding("b", {{"role", "reader"}, {"groups", "g"}}), "400 InvalidRequestContent groups");
  EXPECT_EQ(adding("b", {{"role", "reader"}, {"group", {"g"}}}), "400 InvalidRequestContent group");
  EXPECT_EQ(adding("b", {{"role", "reader"}, {"days", 0}}), "400 InvalidRequestContent days");
  EXPECT_EQ(fault([&] { admin_.show("b"); }), "404 PrincipalNotFound ");
}

TEST_F(PrincipalsTest, RenewingEndsTheOldSecretAndAllTokens) {
  const json added = admin_.add("alice", {{"role", "reader"}});
  const std::string before = token("alice");
  EXPECT_EQ(refusal_of(before), "");
  const json renewed = admin_.renew("alice", json::object());
  EXPECT_EQ(check(added), SecretCheck::Wrong);
  EXPECT_EQ(check(renewed), SecretCheck::Right);
  EXPECT_THAT(refusal_of(before), HasSubstr("401 The access token has been revoked"));
  EXPECT_EQ(refusal_of(token("alice")), "");
}

TEST_F(PrincipalsTest, RenewingWithAnOverlapLeavesBothForThatTime) {
  const json added = admin_.add("alice", {{"role", "reader"}});
  const std::string before = token("alice");
  const json renewed = admin_.renew("alice", {{"overlapHours", 2}});
  EXPECT_EQ(refusal_of(before), "");
  EXPECT_EQ(check(added), SecretCheck::Right);
  clock_->advance(hours(2));
  EXPECT_EQ(check(added), SecretCheck::Expired);
  EXPECT_EQ(check(renewed), SecretCheck::Right);
}

TEST_F(PrincipalsTest, ARemovedOneIsNobody) {
  const json added = admin_.add("alice", {{"role", "owner"}});
  const std::string before = token("alice");
  admin_.remove("ALICE");
  EXPECT_EQ(check(added), SecretCheck::Wrong);
  EXPECT_THAT(refusal_of(before), HasSubstr("401 The access token is for the application '"));
  EXPECT_EQ(fault([&] { admin_.remove("alice"); }), "404 PrincipalNotFound ");
  const json again = admin_.add("alice", {{"role", "owner"}});
  EXPECT_NE(again.at("clientId"), added.at("clientId"));
}

TEST_F(PrincipalsTest, ChangesTheRoleOrTheGroups) {
  admin_.add("alice", {{"role", "reader"}, {"groups", {"g"}}});
  EXPECT_THAT(admin_.change("alice", {{"groups", {"h"}}}).at("groups"), ElementsAre("h"));
  const json changed = admin_.change("alice", {{"role", "contributor"}});
  EXPECT_EQ(changed.at("role"), "contributor");
  EXPECT_TRUE(changed.at("groups").empty());
}

TEST_F(PrincipalsTest, TheServicesOwnStaysItsOwner) {
  EXPECT_EQ(fault([&] { admin_.remove("batchai"); }), "409 Conflict ");
  EXPECT_EQ(fault([&] { admin_.change("batchai", {{"role", "reader"}}); }), "409 Conflict ");
  const json renewed = admin_.renew("batchai", json::object());
  EXPECT_THAT(renewed_, ElementsAre(secret_in(renewed)));
  clock_->advance(days(3000));
  EXPECT_EQ(check(renewed), SecretCheck::Right);
}

}  // namespace
}  // namespace batchai::server::test
