#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class Tokens : public CliTest {
 protected:
  Tokens() {
    variables_.erase("BATCHAI_ACCESS_TOKEN");
    variables_["AZURE_TENANT_ID"] = "t";
    variables_["AZURE_CLIENT_ID"] = "app";
    variables_["AZURE_CLIENT_SECRET"] = "hidden";
  }
  void on_sign_in(const std::string& tenant = "t") {
    transport_->on("POST", "https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/token",
                   json_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"eyTheToken"})"));
  }
};

TEST_F(Tokens, AreShownAsAzShowsThem) {
  on_sign_in();
  const json shown = json::parse(run({"account", "get-access-token"}).out);
  EXPECT_EQ(shown["accessToken"], "eyTheToken");
  EXPECT_EQ(shown["tokenType"], "Bearer");
  EXPECT_EQ(shown["tenant"], "t");
  EXPECT_EQ(shown["subscription"], "sub");
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_->now()).time_since_epoch();
  EXPECT_EQ(shown["expires_on"], now.count() + 3600);
  EXPECT_THAT(shown["expiresOn"].get<std::string>(),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\\.0{6}"));
}

TEST_F(Tokens, AreOnStandardOutputOnly) {
  on_sign_in();
  const Outcome outcome = run({"account", "get-access-token", "--debug", "--query", "accessToken", "-o", "tsv"});
  EXPECT_EQ(outcome.out, "eyTheToken\n");
  EXPECT_THAT(outcome.err, HasSubstr("oauth2"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("eyTheToken")));
  EXPECT_THAT(outcome.err, Not(HasSubstr("hidden")));
}

TEST_F(Tokens, AreForWhatIsAskedFor) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"--resource", "https://storage.azure.com/"}, {"--scope", "https://storage.azure.com//.default"}}) {
    std::filesystem::remove_all(folder_ / "config");
    on_sign_in("other");
    std::vector<std::string> all{"account", "get-access-token", "-t", "other"};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_EQ(run(all).exit_code, 0);
    EXPECT_THAT(transport_->requests().back().body, HasSubstr("storage.azure.com"));
  }
  expect_error({"account", "get-access-token", "--scope", "x"}, 2,
               "batchai: error: --scope: 'x' is not RESOURCE/.default (service principals get tokens for all of it)");
}

TEST_F(Tokens, OfWhichNobodyKnowsTheEndHaveNone) {
  variables_["BATCHAI_ACCESS_TOKEN"] = "given";
  variables_.erase("AZURE_SUBSCRIPTION_ID");
  const json shown = json::parse(run({"account", "get-access-token"}).out);
  EXPECT_EQ(shown["accessToken"], "given");
  EXPECT_TRUE(shown["expiresOn"].is_null());
  EXPECT_TRUE(shown["subscription"].is_null());
}

TEST_F(Tokens, OpenTheListOfSubscriptions) {
  on_sign_in();
  transport_->on("GET", "https://management.azure.com/subscriptions?api-version=2019-11-01",
                 json_response(200, R"({"value":[
                   {"subscriptionId":"sub","displayName":"First","state":"Enabled","tenantId":"t"},
                   {"subscriptionId":"two","displayName":"Second","state":"Enabled"}]})"));
  const json shown = json::parse(run({"account", "list-subscriptions"}).out);
  EXPECT_EQ(shown, json::parse(R"([
    {"id":"sub","isDefault":true,"name":"First","state":"Enabled","tenantId":"t"},
    {"id":"two","isDefault":false,"name":"Second","state":"Enabled","tenantId":null}])"));
}

}  // namespace
}  // namespace batchai::cli::test
