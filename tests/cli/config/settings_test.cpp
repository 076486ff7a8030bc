#include "cli/config/settings.hpp"

#include "cli/cli_fixture.hpp"

#include <sys/stat.h>

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kGroups = "https://management.azure.com/subscriptions/sub/resourcegroups?api-version=2021-04-01";

class SettingsTest : public CliTest {
 protected:
  void save_profile(const std::string& name, const std::string& text) {
    write_file("config/profiles/" + name + ".ini", text);
    write_file("config/config.ini", "[core]\nprofile = " + name + "\n");
  }
  Settings settings(std::optional<std::string> profile = {}) const {
    return Settings(Environment::of(variables_), std::move(profile));
  }
};

TEST_F(SettingsTest, EnvironmentIsStrongerThanTheProfile) {
  save_profile("p", "[profile]\nsubscription = from-profile\nresource_manager = https://one\n");
  EXPECT_EQ(settings().subscription({}), "sub");
  EXPECT_EQ(settings().subscription("option"), "option");
  EXPECT_EQ(settings().endpoints().resource_manager, "https://one");
  variables_.erase("AZURE_SUBSCRIPTION_ID");
  EXPECT_EQ(settings().subscription({}), "from-profile");
}

TEST_F(SettingsTest, ANamedProfileIsStrongerThanTheEnvironment) {
  save_profile("p", "[profile]\nsubscription = from-profile\ntenant = t\nclient_id = c\nclient_secret = s\n");
  EXPECT_EQ(settings("p").subscription({}), "from-profile");
  EXPECT_EQ(settings("p").identity().client_id, "c");
  EXPECT_EQ(settings().identity().access_token, Secret("token"));
  EXPECT_THROW(settings("none").identity(), UsageError);
}

TEST_F(SettingsTest, DefaultsComeFromEnvironmentThenProfile) {
  save_profile("p", "[defaults]\ngroup = stored\nworkspace = ws\n");
  variables_["BATCHAI_DEFAULTS_GROUP"] = "set";
  EXPECT_EQ(settings().default_of("group"), "set");
  EXPECT_EQ(settings().default_of("workspace"), "ws");
  EXPECT_EQ(settings().default_of("cluster"), std::nullopt);
}

TEST_F(SettingsTest, DefaultsFillRequiredOptions) {
  variables_["BATCHAI_DEFAULTS_GROUP"] = "g";
  variables_["BATCHAI_DEFAULTS_WORKSPACE"] = "w";
  variables_["BATCHAI_DEFAULTS_OUTPUT"] = "none";
  transport_->on("GET", url(workspace_path() + "/clusters"), json_response(200, R"({"value":[]})"));
  const Outcome outcome = run({"cluster", "list"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
}

TEST_F(SettingsTest, AKeyOfAnotherAccountIsNotUsed) {
  save_profile("p", "[storage]\naccount = mine\nkey = a2V5\n");
  EXPECT_EQ(settings().storage().key, Secret("a2V5"));
  variables_["AZURE_STORAGE_ACCOUNT"] = "other";
  EXPECT_EQ(settings().storage().account, "other");
  EXPECT_TRUE(settings().storage().key.empty());
}

TEST_F(SettingsTest, ABrokenProfileIsLocated) {
  save_profile("p", "[profile]\nnonsense\n");
  variables_.erase("BATCHAI_ACCESS_TOKEN");
  const Outcome outcome = run({"group", "list"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("p.ini:2: expected '[section]' or 'key = value'"));
}

TEST_F(SettingsTest, FoldersFollowTheVariables) {
  variables_ = {{"HOME", "/h"}};
  EXPECT_EQ(settings().paths().config, "/h/.config/batchai");
  EXPECT_EQ(settings().paths().local_data, "/h/.local/share/batchai");
  variables_["XDG_CONFIG_HOME"] = "/x";
  EXPECT_EQ(settings().paths().config, "/x/batchai");
  variables_["BATCHAI_CONFIG_DIR"] = "/b";
  EXPECT_EQ(settings().paths().config, "/b");
  EXPECT_EQ(settings().paths().local_data, "/b/local");
}

TEST_F(SettingsTest, AnUnreachableLocalServiceSuggestsStartingIt) {
  variables_["BATCHAI_RESOURCE_MANAGER_ENDPOINT"] = "http://127.0.0.1:1";
  for (int i = 0; i < 4; ++i) {
    transport_->on_call("GET", "http://127.0.0.1:1/subscriptions/sub/resourcegroups?api-version=2021-04-01",
                        [](const HttpRequest&, const CallContext&) -> HttpResponse {
                          throw TransportError("http://127.0.0.1:1", "connection refused");
                        });
  }
  const Outcome outcome = run({"group", "list"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("http://127.0.0.1:1"));
  EXPECT_THAT(outcome.err, HasSubstr("batchai local start"));
}

class Login : public CliTest {
 protected:
  Login() {
    variables_.erase("BATCHAI_ACCESS_TOKEN");
    variables_.erase("AZURE_SUBSCRIPTION_ID");
  }
  const std::string token_url_ = "https://login.microsoftonline.com/tenant/oauth2/v2.0/token";
  const std::string subscriptions_ = "https://management.azure.com/subscriptions?api-version=2019-11-01";
  const std::vector<std::string> words_{"login", "--service-principal", "-u", "app", "-t", "tenant", "-p", "-"};
};

TEST_F(Login, ChecksTheSecretAndKeepsAPrivateProfile) {
  input_ = "s3cret\n";
  transport_->on_call("POST", token_url_, [](const HttpRequest& request, const CallContext&) {
    EXPECT_THAT(request.body, HasSubstr("client_secret=s3cret"));
    return json_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"t"})");
  });
  transport_->on("GET", subscriptions_,
                 json_response(200, R"({"value":[{"subscriptionId":"sub","displayName":"d"}]})"));
  const Outcome outcome = run(words_);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)[0]["id"], "sub");
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("s3cret")));
  const auto file = folder_ / "config" / "profiles" / "default.ini";
  EXPECT_THAT(read(file), HasSubstr("client_secret = s3cret"));
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  // The profile is used from now on; the token comes from the cache.
  transport_->on("GET", kGroups, json_response(200, R"({"value":[]})"));
  EXPECT_EQ(run({"group", "list"}).exit_code, 0);
  const json shown = json::parse(run({"account", "show"}).out);
  EXPECT_EQ(shown["user"]["name"], "app");
  EXPECT_EQ(shown["isDefault"], true);
  transport_->on("GET", subscriptions_,
                 json_response(200, R"({"value":[{"subscriptionId":"sub"},{"subscriptionId":"other"}]})"));
  EXPECT_EQ(run({"account", "set", "-s", "other"}).exit_code, 0);
  EXPECT_EQ(json::parse(run({"account", "list"}).out)[0]["id"], "other");
  EXPECT_EQ(run({"logout"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(run({"group", "list"}).exit_code, 4);
}

TEST_F(Login, SettingsOfAProfileThatHasGoneMeanwhileMakeNoOther) {
  const auto file = folder_ / "config" / "profiles" / "one.ini";
  write_file("config/profiles/one.ini",
             "[profile]\nsubscription = sub\nclient_id = c\nclient_secret = s\ntenant = tenant\n");
  transport_->on("POST", token_url_,
                 json_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"t"})"));
  transport_->on_call("GET", subscriptions_, [&](const HttpRequest&, const CallContext&) {
    std::filesystem::remove(file);
    return json_response(200, R"({"value":[{"subscriptionId":"sub"},{"subscriptionId":"other"}]})");
  });
  const Outcome outcome = run({"account", "set", "-n", "one", "-s", "other"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("there is no profile 'one'"));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(Login, AWrongSecretNamesPrincipalAndTenantOnly) {
  input_ = "wr0ng";
  transport_->on(
      "POST", token_url_,
      json_response(401, R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret."})"));
  const Outcome outcome = run(words_);
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("app"));
  EXPECT_THAT(outcome.err, HasSubstr("tenant"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("wr0ng")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "config" / "profiles"));
}

TEST_F(Login, TheSecretMayComeFromAFile) {
  auto words = words_;
  words.back() = "@" + write_file("secret.txt", "from file\n");
  transport_->on_call("POST", token_url_, [](const HttpRequest& request, const CallContext&) {
    EXPECT_THAT(request.body, ::testing::AnyOf(HasSubstr("from%20file"), HasSubstr("from+file")));
    return json_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"t"})");
  });
  transport_->on("GET", subscriptions_, json_response(200, R"({"value":[]})"));
  expect_error(words, 4,
               "batchai: error: the service principal sees no subscription\n"
               "batchai: hint: give it a role in one, name one with -s, or add --allow-no-subscriptions");
}

}  // namespace
}  // namespace batchai::cli::test
