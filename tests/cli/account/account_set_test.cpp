#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::HasSubstr;
using ::testing::Not;

class AccountSet : public CliTest {
 protected:
  AccountSet() {
    variables_.erase("BATCHAI_ACCESS_TOKEN");
    variables_.erase("AZURE_SUBSCRIPTION_ID");
    write_profile("one", "old");
    write_profile("two", "elsewhere");
    write_file("config/config.ini", "[core]\nprofile = one\n");
  }
  void write_profile(const std::string& name, const std::string& subscription) const {
    write_file("config/profiles/" + name + ".ini",
               "[profile]\nclient_id = " + name + "\nclient_secret = s\ntenant = t\nsubscription = " + subscription +
                   "\nresource_manager = https://" + name + ".example\n");
  }
  /// Signs in with the profile, and is told what it can see.
  void on_subscriptions(const std::string& profile, const std::string& seen) {
    transport_->on("POST", "https://login.microsoftonline.com/t/oauth2/v2.0/token",
                   json_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"t"})"));
    transport_->on("GET", "https://" + profile + ".example/subscriptions?api-version=2019-11-01",
                   json_response(200, R"({"value":[)" + seen + "]}"));
  }
  std::string profile(const std::string& name) const { return read(folder_ / "config" / "profiles" / (name + ".ini")); }
  std::string chosen() const { return read(folder_ / "config" / "config.ini"); }
  static constexpr const char* kSeen =
      R"({"subscriptionId":"old","displayName":"First"},{"subscriptionId":"new-1","displayName":"My Second"})";
};

TEST_F(AccountSet, RefusesASubscriptionThatDoesNotExist) {
  on_subscriptions("one", kSeen);
  expect_error({"account", "set", "-s", "xyz"}, 3,
               "batchai: error: there is no subscription 'xyz' that the service principal can see\n"
               "batchai: hint: it sees old, new-1");
  on_subscriptions("two", "");
  expect_error({"account", "set", "-n", "two", "-s", ""}, 3,
               "batchai: error: there is no subscription '' that the service principal can see\n"
               "batchai: hint: it sees none: give it a role in one");
  EXPECT_THAT(profile("one") + profile("two"), Not(HasSubstr("xyz")));
  EXPECT_THAT(chosen(), HasSubstr("profile = one\n"));
}

TEST_F(AccountSet, TakesASubscriptionByIdOrNameInAnyCase) {
  for (const char* wanted : {"NEW-1", "my second"}) {
    write_profile("one", "old");
    std::filesystem::remove(folder_ / "config" / "tokens.json");
    on_subscriptions("one", kSeen);
    const Outcome outcome = run({"account", "set", "-s", wanted});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(profile("one"), HasSubstr("subscription = new-1\n"));
  }
}

TEST_F(AccountSet, AsksWhereTheNamedProfileSignsIn) {
  variables_["BATCHAI_RESOURCE_MANAGER_ENDPOINT"] = "https://environment.example";
  on_subscriptions("two", kSeen);
  const Outcome outcome = run({"account", "set", "-n", "two", "-s", "new-1"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(profile("two"), HasSubstr("subscription = new-1\n"));
  EXPECT_THAT(profile("one"), HasSubstr("subscription = old\n"));
  EXPECT_THAT(chosen(), HasSubstr("profile = two\n"));
}

TEST_F(AccountSet, ChoosesTheProfileOfASubscriptionWithoutAsking) {
  EXPECT_EQ(run({"account", "set", "-s", "ELSEWHERE"}).exit_code, 0);
  EXPECT_THAT(chosen(), HasSubstr("profile = two\n"));
  EXPECT_THAT(profile("two"), HasSubstr("subscription = elsewhere\n"));
  EXPECT_THAT(transport_->requests(), ::testing::IsEmpty());
}

TEST_F(AccountSet, ChangesNothingInADryRun) {
  on_subscriptions("two", kSeen);
  EXPECT_EQ(run({"account", "set", "-n", "two", "-s", "new-1", "--dry-run"}).out,
            "dry run: would use the subscription 'new-1' in the profile 'two'\n"
            "dry run: would make 'two' the default profile\n");
  EXPECT_THAT(profile("two"), HasSubstr("subscription = elsewhere\n"));
  EXPECT_THAT(chosen(), HasSubstr("profile = one\n"));
}

TEST_F(AccountSet, NeedsSomethingToSet) {
  expect_error({"account", "set"}, 2, "batchai: error: say which profile (-n) or subscription (-s) to use");
  expect_error({"account", "set", "-n", "three"}, 3,
               "batchai: error: there is no profile 'three'\nbatchai: hint: see 'batchai account list'");
}

class LoginSubscription : public AccountSet {
 protected:
  Outcome login(const std::vector<std::string>& more) {
    on_subscriptions("one", kSeen);
    variables_["BATCHAI_RESOURCE_MANAGER_ENDPOINT"] = "https://one.example";
    std::vector<std::string> words{"login", "--service-principal", "-u", "a", "-t", "t", "-p", "s"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
};

TEST_F(LoginSubscription, HasToBeSeenUnlessNoneNeedBe) {
  const Outcome refused = login({"-s", "xyz"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("there is no subscription 'xyz' that the service principal can see"));
  EXPECT_EQ(profile("default"), "");
  EXPECT_EQ(login({"-s", "xyz", "--allow-no-subscriptions"}).exit_code, 0);
  EXPECT_THAT(profile("default"), HasSubstr("subscription = xyz\n"));
  EXPECT_EQ(login({"-s", "My Second"}).exit_code, 0);
  EXPECT_THAT(profile("default"), HasSubstr("subscription = new-1\n"));
}

}  // namespace
}  // namespace batchai::cli::test
