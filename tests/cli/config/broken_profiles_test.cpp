#include "cli/cli_fixture.hpp"

// Profiles and the choice among them that cannot be read, and the commands that mend them.
namespace batchai::cli::test {
namespace {

namespace fs = std::filesystem;
using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class BrokenProfiles : public CliTest {
 protected:
  BrokenProfiles() {
    variables_.erase("BATCHAI_ACCESS_TOKEN");
    variables_.erase("AZURE_SUBSCRIPTION_ID");
  }
  fs::path profile(const std::string& name) const { return folder_ / "config" / "profiles" / name; }
  void write_profile(const std::string& name, const std::string& text) const {
    write_file("config/profiles/" + name + ".ini", text);
  }
  void choose(const std::string& text) const { write_file("config/config.ini", text); }
  Outcome login(const std::vector<std::string>& more = {}) {
    transport_->on("POST", "https://login.microsoftonline.com/t/oauth2/v2.0/token",
                   json_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"t"})"));
    transport_->on("GET", "https://management.azure.com/subscriptions?api-version=2019-11-01",
                   json_response(200, R"({"value":[{"subscriptionId":"sub"}]})"));
    fs::remove(folder_ / "config" / "tokens.json");
    std::vector<std::string> words{"login", "--service-principal", "-u", "app", "-t", "t", "-p", "s3cret"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  const std::string good_ = "[profile]\nsubscription = sub\nclient_id = c\nclient_secret = s\ntenant = t\n";
};

TEST_F(BrokenProfiles, ALoginReplacesItAndKeepsItAside) {
  write_profile("default", "[profile]\nnonsense\n");
  write_profile("other", good_);
  const Outcome outcome = login();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string file = profile("default.ini").string();
  EXPECT_EQ(outcome.err, "batchai: warning: " + file +
                             ":2: expected '[section]' or 'key = value'; the file is kept as " + file + ".broken\n");
  EXPECT_EQ(read(file + ".broken"), "[profile]\nnonsense\n");
  EXPECT_THAT(read(file), HasSubstr("client_secret = s3cret"));
  EXPECT_EQ(read(profile("other.ini")), good_);
  // The next one that breaks does not take its place.
  write_profile("default", "[profile]\nmore\n");
  EXPECT_THAT(login().err, HasSubstr("kept as " + file + ".broken2\n"));
  EXPECT_EQ(read(file + ".broken"), "[profile]\nnonsense\n");
  EXPECT_EQ(read(file + ".broken2"), "[profile]\nmore\n");
}

TEST_F(BrokenProfiles, ALoginOfOneInOrderKeepsItsDefaults) {
  write_profile("default", "[defaults]\ngroup = g\n");
  EXPECT_EQ(login().err, "");
  EXPECT_THAT(read(profile("default.ini")), HasSubstr("group = g\n"));
}

TEST_F(BrokenProfiles, ALoginReplacesAChoiceThatCannotBeRead) {
  choose("[core\n");
  write_profile("other", good_);
  const Outcome outcome = login();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("config.ini:1: expected '[section]' or 'key = value'; the file is kept as"));
  EXPECT_EQ(read(folder_ / "config" / "config.ini"), "[core]\nprofile = default\n");
  EXPECT_EQ(read(folder_ / "config" / "config.ini.broken"), "[core\n");
  EXPECT_EQ(json::parse(run({"account", "list"}).out).size(), 2U);
}

TEST_F(BrokenProfiles, ADryLoginLeavesThemAsTheyAre) {
  write_profile("default", "[profile]\nnonsense\n");
  const Outcome outcome = login({"--dry-run"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(read(profile("default.ini")), "[profile]\nnonsense\n");
}

TEST_F(BrokenProfiles, AListShowsTheOthers) {
  write_profile("bad", "nonsense\n");
  write_profile("good", good_);
  write_profile("magic", "[profile]\nkind = magic\nclient_id = c\n");
  write_profile("two words", good_);
  choose("[core]\nprofile = bad\n");
  const Outcome outcome = run({"account", "list", "--query", "[].name", "-o", "tsv"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "good\n");
  EXPECT_EQ(outcome.err, "batchai: warning: " + profile("bad.ini").string() +
                             ":1: expected '[section]' or 'key = value'\n"
                             "batchai: warning: profile 'magic': kind 'magic' is not one of secret, certificate, "
                             "federated-token, managed-identity\n");
}

TEST_F(BrokenProfiles, AnotherOneCanBeChosen) {
  write_profile("bad", "nonsense\n");
  write_profile("good", good_);
  choose("[core]\nprofile = bad\n");
  EXPECT_EQ(run({"account", "set", "-n", "good"}).err, "");
  EXPECT_EQ(read(folder_ / "config" / "config.ini"), "[core]\nprofile = good\n");
  choose("nonsense");
  EXPECT_EQ(run({"account", "set", "-s", "sub"}).exit_code, 0);
  EXPECT_EQ(read(folder_ / "config" / "config.ini"), "[core]\nprofile = good\n");
  EXPECT_EQ(read(folder_ / "config" / "config.ini.broken"), "nonsense");
  EXPECT_EQ(read(profile("bad.ini")), "nonsense\n");
}

TEST_F(BrokenProfiles, ALogoutForgetsIt) {
  write_profile("bad", "client_secret = s\nnonsense\n");
  choose("[core]\nprofile = bad\n");
  EXPECT_EQ(run({"logout"}).err, "removed the profile 'bad'\n");
  EXPECT_FALSE(fs::exists(profile("bad.ini")));
  EXPECT_EQ(read(folder_ / "config" / "config.ini"), "");
  write_profile("good", good_);
  choose("nonsense");
  EXPECT_EQ(run({"logout", "--profile", "good"}).err, "removed the profile 'good'\n");
  EXPECT_FALSE(fs::exists(profile("good.ini")));
  EXPECT_EQ(read(folder_ / "config" / "config.ini"), "nonsense");
}

TEST_F(BrokenProfiles, AChoiceThatCannotBeReadIsInNobodysWayWhoNamesAProfile) {
  write_profile("good", good_);
  choose("nonsense");
  transport_->on("POST", "https://login.microsoftonline.com/t/oauth2/v2.0/token",
                 json_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"t"})"));
  transport_->on("GET", "https://management.azure.com/subscriptions/sub/resourcegroups?api-version=2021-04-01",
                 json_response(200, R"({"value":[]})"));
  EXPECT_EQ(run({"group", "list", "--profile", "good"}).err, "");
  EXPECT_EQ(run({"account", "list", "--profile", "nobody"}).exit_code, 2) << "missing is not broken";
}

TEST_F(BrokenProfiles, OtherCommandsTellHowToMendThem) {
  write_profile("bad", "nonsense\n");
  choose("[core]\nprofile = bad\n");
  const std::string place = ":1: expected '[section]' or 'key = value' (edit it, or ";
  expect_error(
      {"group", "list"}, 2,
      "batchai: error: " + profile("bad.ini").string() + place + "sign in again with 'batchai login --profile bad')");
  choose("nonsense");
  expect_error({"group", "list"}, 2,
               "batchai: error: " + (folder_ / "config" / "config.ini").string() + place +
                   "choose a profile again with 'batchai account set -n PROFILE')");
}

}  // namespace
}  // namespace batchai::cli::test
