#include "cli/cli_fixture.hpp"
#include "cli/frame/parse.hpp"

// Ways of writing a command line that az takes, and scripts are full of.
namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using Words = std::vector<std::string>;

/// The values that the words give to the options of `cluster create`.
class AzOptions : public ::testing::Test {
 protected:
  static Arguments parsed(const Words& words) {
    const Selection selection = select_command(command_tree(), global_options(), {"cluster", "create"});
    return parse_arguments(with_global_options(*selection.command, global_options()), selection.path, words);
  }
  static std::string group(const Words& words) { return parsed(words).get("resource-group"); }
  static std::string refusal(const Words& words) {
    try {
      parsed(words);
      return "";
    } catch (const UsageError& error) {
      return error.what();
    }
  }
};

TEST_F(AzOptions, AShortOptionTakesItsValueInAnyForm) {
  EXPECT_EQ(group({"-g", "demo"}), "demo");
  EXPECT_EQ(group({"-gdemo"}), "demo");
  EXPECT_EQ(group({"-g=demo"}), "demo");
  EXPECT_EQ(group({"-g==demo"}), "=demo");
  EXPECT_EQ(group({"-gdemo=x"}), "demo=x");
  EXPECT_EQ(group({"-g", "=demo"}), "=demo");
  EXPECT_EQ(parsed({"-p=-n", "-n", "c"}).get("password"), "-n");
  EXPECT_EQ(parsed({"-p=--name", "-n=c"}).get("name"), "c");
}

TEST_F(AzOptions, AnEmptyValueBehindAnEqualsSignIsEmpty) {
  for (const char* empty : {"-p=", "--password="}) {
    const Arguments arguments = parsed({empty, "-n", "c"});
    EXPECT_TRUE(arguments.given("password")) << empty;
    EXPECT_EQ(arguments.get("password"), "") << empty;
    EXPECT_EQ(arguments.get("name"), "c") << empty;
  }
}

TEST_F(AzOptions, AValueBehindAnEqualsSignMayLookLikeAnOption) {
  EXPECT_EQ(parsed({"--password=--name", "--name=c"}).get("password"), "--name");
  EXPECT_EQ(parsed({"--pass=-g", "-gdemo"}).get("password"), "-g");
  EXPECT_EQ(group({"--resource-group==demo"}), "=demo");
}

TEST_F(AzOptions, AFlagTakesNoValue) {
  EXPECT_EQ(refusal({"--generate-ssh-keys=false"}), "option --generate-ssh-keys takes no value");
  EXPECT_EQ(refusal({"--generate=false"}), "option --generate-ssh-keys takes no value");
  EXPECT_EQ(refusal({"-h=1"}), "option --help takes no value");
}

TEST_F(AzOptions, AnOptionIsNoValueOfTheOneInFrontOfIt) {
  for (const char* next : {"-g", "-g=demo", "--resource-group", "--resource-group=demo", "--generate-ssh-keys"}) {
    EXPECT_EQ(refusal({"-n", next}), "option --name needs a value") << next;
  }
  EXPECT_EQ(parsed({"-p", "-secret"}).get("password"), "-secret");
  EXPECT_EQ(parsed({"-p", "--secret=x"}).get("password"), "--secret=x");
}

TEST_F(AzOptions, BracketsMakeNoList) {
  EXPECT_EQ(group({"-g", "[a,b]"}), "[a,b]");
  EXPECT_EQ(group({"--resource-group=[]"}), "[]");
  const Selection selection = select_command(command_tree(), global_options(), {"files", "upload"});
  const auto places = [&](const Words& words) {
    return parse_arguments(selection.command->options, "files upload", words).list("places");
  };
  EXPECT_THAT(places({"[a,b]", "[]", "share"}), ElementsAre("[a,b]", "[]", "share"));
  EXPECT_THAT(places({"--", "[a,b]", "share"}), ElementsAre("[a,b]", "share"));
}

TEST_F(AzOptions, TheLastOfSeveralCounts) { EXPECT_EQ(group({"-g", "a", "--resource-group", "b", "-g=c"}), "c"); }

class AzHabits : public CliTest {
 protected:
  const std::string groups_ = "https://management.azure.com/subscriptions/sub/resourcegroups";
  void expect_group(const std::string& name) {
    transport_->on("GET", groups_ + "/" + name + "?api-version=2021-04-01",
                   json_response(200, R"({"name":")" + name + "\"}"));
  }
  std::string name_of(const Words& words) {
    Words all{"group", "show", "--query", "name", "-o", "tsv"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = run(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
};

TEST_F(AzHabits, CommandsMayBeWrittenInAnyCase) {
  expect_group("Demo");
  EXPECT_EQ(run({"Group", "SHOW", "-n", "Demo", "-o", "none"}).exit_code, 0);
  transport_->on("GET", url(workspace_path() + "/clusters"), json_response(200, R"({"value":[]})"));
  EXPECT_EQ(run({"CLUSTER", "list", "-g", "g", "-w", "w"}).exit_code, 0);
  expect_error({"Cluster", "Node", "-o", "none"}, 2,
               "batchai: error: 'cluster node' needs a command: list, exec, logs (see 'batchai cluster node --help')");
}

TEST_F(AzHabits, AFileStandsForAValueBehindAnAtSign) {
  const std::string file = write_file("name.txt", "demo\r\n\n");
  expect_group("demo");
  EXPECT_EQ(name_of({"-n", "@" + file}), "demo\n");
  expect_group("demo");
  EXPECT_EQ(name_of({"--name=@" + file}), "demo\n");
  write_file("home/marked.txt",
             "\xEF\xBB\xBF"
             "demo");
  expect_group("demo");
  EXPECT_EQ(name_of({"-n", "@~/marked.txt"}), "demo\n");
  expect_group("demo");
  EXPECT_EQ(name_of({"-n", "demo", "--query", "@" + write_file("query", "name\n")}), "demo\n");
}

TEST_F(AzHabits, StandardInputStandsForAValueBehindAnAtSign) {
  input_ = "demo\n";
  expect_group("demo");
  EXPECT_EQ(name_of({"-n", "@-"}), "demo\n");
}

TEST_F(AzHabits, AValueBehindAnAtSignThatIsNoFileStaysAsItIs) {
  for (const std::string& value : {"@" + (folder_ / "none").string(), "@" + folder_.string(), std::string("@")}) {
    const Outcome outcome = run({"group", "show", "-n", value});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("resource group name '" + value + "' is not allowed"));
  }
}

TEST_F(AzHabits, AFileThatCannotBeReadIsNoValue) {
  const std::string file = write_file("name.txt", "demo");
  const Outcome outcome = run({"group", "show", "-n", "@" + file + "/below"});
  EXPECT_EQ(outcome.exit_code, 2);
}

TEST_F(AzHabits, NamesOfFilesAreNotReadForTheirContent) {
  const std::string file = write_file("@job.json", "s3cret");
  transport_->on("GET", url(workspace_path() + "/experiments/e/jobs/j"), not_found("j"));
  const Outcome outcome = run({"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "-f", "@" + file});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err, "batchai: error: there is no config file '@" + file + "'\n");
}

TEST_F(AzHabits, AConfigFileMayComeFromStandardInput) {
  const std::string job = url(workspace_path() + "/experiments/e/jobs/j");
  const Words words{"job", "create", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "-c", "c", "-f", "-"};
  transport_->on("GET", job, not_found("j"));
  input_ = R"({"properties": {"stdOutErrPathPrefix": "p", "customToolkitSettings": {"commandLine": "true"}}})";
  expect_error(words, 2, "batchai: error: standard input: properties.nodeCount: required, but missing");
  transport_->on("GET", job, not_found("j"));
  input_ = "{\n  nonsense";
  const Outcome broken = run(words);
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_THAT(broken.err, HasSubstr("batchai: error: standard input:2:"));
}

TEST_F(AzHabits, IdsMayComeAsLinesOrAsJson) {
  const auto cluster = [](const std::string& name) { return id(workspace_path() + "/clusters/" + name); };
  const std::string one = cluster("a");
  const std::string two = cluster("b");
  const std::vector<Words> ways{{"--ids", one + "\n" + two + "\r\n"},
                                {"--ids", "[\"" + one + "\", \"" + two + "\"]"},
                                {"--ids", "[", "\"" + one + "\",", "\"" + two + "\"", "]"},
                                {"--ids", R"([{"name":"a","id":")" + one + R"("},{"id":")" + two + "\"}]"},
                                {"--ids", "{\"id\":\"" + one + "\"}", two},
                                {"--ids", one, "--ids", two},
                                {"--ids", "@-"}};
  input_ = one + "\n" + two + "\n";
  for (const Words& way : ways) {
    for (const char* name : {"a", "b"}) {
      transport_->on("GET", url(workspace_path() + "/clusters/" + name),
                     json_response(200, std::string(R"({"name":")") + name + "\"}"));
    }
    Words words{"cluster", "show", "--query", "[].name", "-o", "tsv"};
    words.insert(words.end(), way.begin(), way.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.out, "a\nb\n") << ::testing::PrintToString(way) << outcome.err;
  }
}

TEST_F(AzHabits, IdsThatNameNothingAreRefused) {
  const auto refused = [this](const std::string& ids, const std::string& message) {
    expect_error({"cluster", "delete", "-y", "--ids", ids}, 2, "batchai: error: --ids: " + message);
  };
  refused("", "no id is given");
  refused("\n", "no id is given");
  refused("[]", "no id is given");
  refused("[{\"name\":\"a\"}]", "a list in JSON has to hold ids, or objects that have one");
  refused("[null]", "a list in JSON has to hold ids, or objects that have one");
}

TEST_F(AzHabits, TheRootsToTrustAreThoseOfAzWhereOursAreNotSet) {
  const auto trusted = [this] {
    transport_->on("GET", groups_ + "?api-version=2021-04-01", json_response(200, R"({"value":[]})"));
    EXPECT_EQ(run({"group", "list"}).exit_code, 0);
    return transport_options_.ca_bundle;
  };
  EXPECT_EQ(trusted(), "");
  variables_["CURL_CA_BUNDLE"] = "/curl.pem";
  EXPECT_EQ(trusted(), "/curl.pem");
  variables_["REQUESTS_CA_BUNDLE"] = "/requests.pem";
  EXPECT_EQ(trusted(), "/requests.pem");
  write_file("config/config.ini", "[core]\nprofile = p\n");
  write_file("config/profiles/p.ini", "[profile]\nca_bundle = /profile.pem\n");
  EXPECT_EQ(trusted(), "/profile.pem");
  variables_["BATCHAI_CA_BUNDLE"] = "/ours.pem";
  EXPECT_EQ(trusted(), "/ours.pem");
}

TEST_F(AzHabits, NobodyNeedsAHomeWhoBringsAllSettings) {
  variables_ = {{"AZURE_TENANT_ID", "tenant"},    {"AZURE_CLIENT_ID", "app"},        {"AZURE_CLIENT_SECRET", "s3cret"},
                {"AZURE_SUBSCRIPTION_ID", "sub"}, {"AZURE_STORAGE_ACCOUNT", "acct"}, {"AZURE_STORAGE_KEY", "a2V5"}};
  transport_->on("POST", "https://login.microsoftonline.com/tenant/oauth2/v2.0/token",
                 json_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"t"})"));
  transport_->on("GET", groups_ + "?api-version=2021-04-01", json_response(200, R"({"value":[]})"));
  EXPECT_EQ(run({"group", "list"}).err, "");
  EXPECT_EQ(run({"account", "show", "--query", "id", "-o", "tsv"}).out, "sub\n");
  transport_->on("GET", "https://acct.file.core.windows.net/?comp=list",
                 {.status = 200, .body = "<EnumerationResults><Shares/></EnumerationResults>"});
  EXPECT_EQ(run({"files", "share", "list", "-o", "none"}).err, "");
}

TEST_F(AzHabits, WithoutAHomeWhatIsKeptIsToldToHaveNoPlace) {
  variables_ = {};
  const std::string place = "no folder for the configuration: neither BATCHAI_CONFIG_DIR nor HOME is set";
  expect_error({"account", "list"}, 2, "batchai: error: " + place);
  expect_error({"group", "list", "--profile", "p"}, 2, "batchai: error: " + place);
  EXPECT_EQ(run({"group", "list"}).exit_code, 4);
}

}  // namespace
}  // namespace batchai::cli::test
