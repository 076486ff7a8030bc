#include "cli/cli_fixture.hpp"
#include "cli/files/storage.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kBase = "https://acct.file.core.windows.net";

class Files : public CliTest {
 protected:
  Files() {
    variables_["AZURE_STORAGE_ACCOUNT"] = "acct";
    variables_["AZURE_STORAGE_KEY"] = "a2V5";
  }
  static HttpResponse missing() { return {.status = 404, .headers = {{"x-ms-error-code", "ResourceNotFound"}}}; }
  static HttpResponse xml(const std::string& body) {
    return {.status = 200, .headers = {{"Content-Type", "application/xml"}}, .body = body};
  }
};

TEST_F(Files, ASharesNameAgainstTheRulesIsRefusedWithTheRule) {
  const Outcome outcome = run({"files", "share", "create", "-n", "Not_A_Share"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("Not_A_Share"));
  EXPECT_THAT(outcome.err, HasSubstr("lower"));
}

TEST_F(Files, ShareCreateTellsWhetherItWasMade) {
  transport_->on("PUT", std::string(kBase) + "/share?restype=share", empty_response(201));
  EXPECT_EQ(json::parse(run({"files", "share", "create", "-n", "share"}).out)["created"], true);
  transport_->on("PUT", std::string(kBase) + "/share?restype=share",
                 {.status = 409, .headers = {{"x-ms-error-code", "ShareAlreadyExists"}}});
  EXPECT_EQ(json::parse(run({"files", "share", "create", "-n", "share"}).out)["created"], false);
}

TEST_F(Files, ShareCommandsTakeThePlaceOrTheName) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"share"}, {"share/"}, {"-n", "share"}, {"--name", "share"}, {"share", "-n", "share"}}) {
    transport_->on("PUT", std::string(kBase) + "/share?restype=share", empty_response(201));
    transport_->on("DELETE", std::string(kBase) + "/share?restype=share", empty_response(202));
    std::vector<std::string> create{"files", "share", "create"};
    create.insert(create.end(), words.begin(), words.end());
    EXPECT_EQ(run(create).exit_code, 0) << ::testing::PrintToString(words);
    std::vector<std::string> remove{"files", "share", "delete", "-y"};
    remove.insert(remove.end(), words.begin(), words.end());
    EXPECT_EQ(run(remove).exit_code, 0) << ::testing::PrintToString(words);
  }
  expect_error({"files", "share", "create"}, 2, "batchai: error: no share is named: give its name");
  expect_error({"files", "share", "create", "one", "-n", "two"}, 2,
               "batchai: error: 'one' and -n/--name name two shares: give one");
  expect_error({"files", "share", "show", "one/path"}, 2,
               "batchai: error: 'one/path' is a path in a share: give the share's name alone");
}

TEST_F(Files, NameAnAccountThatTheServiceDoesNotHave) {
  const HttpResponse missing{.status = 404,
                             .headers = {{"x-ms-error-code", "AccountNotFound"}},
                             .body =
                                 "<Error><Code>AccountNotFound</Code><Message>The specified storage account does "
                                 "not exist.</Message><AuthenticationErrorDetail>This service has no storage "
                                 "account 'acct'.</AuthenticationErrorDetail></Error>"};
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"files", "share", "list"}, {"files", "list", "share/in"}, {"files", "cat", "share/a.txt"}}) {
    transport_->on_below(words[1] == "cat" ? "HEAD" : "GET", std::string(kBase), missing);
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 3) << ::testing::PrintToString(words);
    EXPECT_THAT(outcome.err, HasSubstr("no storage account 'acct'"));
    EXPECT_THAT(outcome.err, HasSubstr("made again when that is restarted"));
  }
}

TEST_F(Files, AWrongKeyEndsWithFourAndIsNotShown) {
  transport_->on("GET", std::string(kBase) + "/?comp=list",
                 {.status = 403, .headers = {{"x-ms-error-code", "AuthenticationFailed"}}});
  const Outcome outcome = run({"files", "share", "list", "--account-key", "c2VjcmV0"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("check the account key or SAS token"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("c2VjcmV0")));
}

TEST_F(Files, AuthModeLoginSendsATokenInsteadOfTheKey) {
  const std::string empty = "<EnumerationResults><Shares/><NextMarker/></EnumerationResults>";
  const auto list = [&](const std::vector<std::string>& options) {
    transport_->on("GET", std::string(kBase) + "/?comp=list", xml(empty));
    std::vector<std::string> words{"files", "share", "list"};
    words.insert(words.end(), options.begin(), options.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.err + transport_->last_request().headers.get("Authorization");
  };
  EXPECT_EQ(list({"--auth-mode", "login"}), "Bearer token");
  EXPECT_EQ(transport_->last_request().headers.get("x-ms-file-request-intent"), "backup");
  EXPECT_THAT(list({"--auth-mode", "key"}), HasSubstr("SharedKey acct:"));
  EXPECT_THAT(list({"--auth-mode", "login", "--account-key", "b3RoZXI="}),
              ::testing::AllOf(HasSubstr("--account-key is not used"), HasSubstr("Bearer token")));
  variables_["AZURE_STORAGE_AUTH_MODE"] = "login";
  EXPECT_EQ(list({}), "Bearer token");
  EXPECT_THAT(list({"--auth-mode", "key"}), HasSubstr("SharedKey acct:"));
  variables_.erase("AZURE_STORAGE_KEY");
  EXPECT_EQ(list({}), "Bearer token");
  variables_["AZURE_STORAGE_AUTH_MODE"] = "perhaps";
  EXPECT_EQ(run({"files", "share", "list"}).exit_code, 2);
}

TEST_F(Files, WithoutAnAccountTheWaysOutAreNamed) {
  variables_.erase("AZURE_STORAGE_ACCOUNT");
  const Outcome outcome = run({"files", "share", "list"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("no storage account is named"));
}

TEST_F(Files, AKeyOnTheCommandLineIsStrongerThanTheConnectionString) {
  const std::string endpoint = "http://127.0.0.1:1/local";
  variables_["AZURE_STORAGE_CONNECTION_STRING"] =
      "AccountName=local;SharedAccessSignature=sv=1&sig=stored;FileEndpoint=" + endpoint + ";";
  variables_["AZURE_STORAGE_ACCOUNT"] = "local";
  const HttpResponse refusal{.status = 403, .headers = {{"x-ms-error-code", "AuthenticationFailed"}}};
  /// What the request with these options shows to the service.
  const auto shown_with = [&](const std::vector<std::string>& options) {
    transport_->on_below("GET", endpoint, refusal);
    std::vector<std::string> words{"files", "share", "list"};
    words.insert(words.end(), options.begin(), options.end());
    EXPECT_EQ(run(words).exit_code, 4);
    const HttpRequest request = transport_->last_request();
    return request.url.query() + " " + request.headers.get("Authorization");
  };
  EXPECT_THAT(shown_with({}), HasSubstr("sig=stored"));
  EXPECT_THAT(shown_with({"--account-key", "b3RoZXI="}), ::testing::StartsWith("comp=list SharedKey local:"));
  EXPECT_THAT(shown_with({"--sas-token", "sv=1&sig=mine"}), HasSubstr("sig=mine"));
  EXPECT_THAT(shown_with({"--account-name", "local"}), HasSubstr("sig=stored"));
  variables_.erase("AZURE_STORAGE_ACCOUNT");
  EXPECT_THAT(shown_with({"--account-key", "b3RoZXI="}), ::testing::StartsWith("comp=list SharedKey local:"));
  variables_["AZURE_STORAGE_ACCOUNT"] = "other";
  variables_["AZURE_STORAGE_CONNECTION_STRING"] = "broken";
  transport_->on("GET", "https://other.file.core.windows.net/?comp=list", refusal);
  EXPECT_EQ(run({"files", "share", "list", "--account-key", "b3RoZXI="}).exit_code, 4);
}

TEST_F(Files, AnAccountWithoutAKeyAsksForItsOption) {
  transport_->on("GET",
                 "https://management.azure.com/subscriptions/sub/providers/Microsoft.Storage/storageAccounts"
                 "?api-version=2022-09-01",
                 batchai::test::json_response(200, R"({"value":[]})"));
  expect_error({"files", "list", "demo", "--account-name", "nope"}, 3,
               "batchai: error: cannot find the storage account 'nope' in the subscription\n"
               "batchai: hint: give its key with --account-key");
}

/// Nothing names an account, but somebody is signed in.
class FilesOfTheSubscription : public CliTest {
 protected:
  static std::string account(const std::string& name, const std::string& endpoint) {
    return R"({"name":")" + name + R"(","id":"/subscriptions/sub/resourceGroups/sg/providers/Microsoft.Storage/)" +
           "storageAccounts/" + name + R"(","properties":{"primaryEndpoints":{"file":")" + endpoint + "\"}}}";
  }
  void on_accounts(const std::string& accounts) {
    transport_->on("GET",
                   "https://management.azure.com/subscriptions/sub/providers/Microsoft.Storage/storageAccounts"
                   "?api-version=2022-09-01",
                   batchai::test::json_response(200, R"({"value":[)" + accounts + "]}"));
  }
  void on_key(const std::string& name) {
    transport_->on("POST",
                   "https://management.azure.com/subscriptions/sub/resourceGroups/sg/providers/Microsoft.Storage/"
                   "storageAccounts/" +
                       name + "/listKeys?api-version=2022-09-01",
                   batchai::test::json_response(200, R"({"keys":[{"keyName":"key1","value":"a2V5"}]})"));
  }
  void on_shares(const std::string& endpoint) {
    transport_->on("GET", endpoint + "?comp=list",
                   {.status = 200, .body = "<EnumerationResults><Shares/></EnumerationResults>"});
  }
};

TEST_F(FilesOfTheSubscription, AreThoseOfItsOnlyAccountAtTheEndpointItShows) {
  on_accounts(account("acct", "https://127.0.0.1:10011/acct/"));
  on_key("acct");
  on_shares("https://127.0.0.1:10011/acct/");
  const Outcome outcome = run({"files", "share", "list"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "[]\n");
}

TEST_F(FilesOfTheSubscription, AreAtTheEndpointThatIsConfigured) {
  variables_["BATCHAI_FILES_ENDPOINT"] = "https://127.0.0.1:7";
  on_accounts(account("other", "https://x/") + "," + account("acct", "https://127.0.0.1:10011/acct/"));
  on_key("acct");
  on_shares("https://127.0.0.1:7/acct");
  EXPECT_EQ(run({"files", "share", "list", "--account-name", "ACCT"}).err, "");
}

TEST_F(FilesOfTheSubscription, NeedANameWhereThereAreSeveralAccountsOrNone) {
  const std::string hint =
      "\nbatchai: hint: use --account-name and --account-key, AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY, or start a "
      "service on this machine with 'batchai local start'";
  const std::string error = "batchai: error: no storage account is named";
  on_accounts(account("a", "https://a/") + "," + account("b", "https://b/"));
  expect_error({"files", "list", "s"}, 4, error + ", and the subscription has several: a, b" + hint);
  on_accounts("");
  expect_error({"files", "list", "s"}, 4, error + ", and the subscription has none" + hint);
  variables_.erase("BATCHAI_ACCESS_TOKEN");
  expect_error({"files", "list", "s"}, 4, error + hint);
}

TEST_F(Files, QuotasAreChecked) {
  for (const char* quota : {"0", "-5", "999999999"}) {
    expect_error({"files", "share", "create", "-n", "share", "--quota", quota}, 2,
                 std::string("batchai: error: --quota: ") + quota + " is not a number from 1 to 102400");
  }
}

TEST_F(Files, CatTellsThatTheContentIsNotComplete) {
  const auto serve = [&](const std::string& md5, const std::string& etag) {
    const std::string url = std::string(kBase) + "/share/a.txt";
    transport_->on("HEAD", url,
                   {.status = 200, .headers = {{"Content-Length", "5"}, {"Content-MD5", md5}, {"ETag", "1"}}});
    transport_->on("GET", url,
                   {.status = 206, .headers = {{"Content-Range", "bytes 0-4/5"}, {"ETag", etag}}, .body = "hello"});
  };
  serve("XUFAKrxLKna5cZ2REBfFkg==", "1");
  const Outcome good = run({"files", "cat", "share/a.txt"});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_EQ(good.out, "hello");
  serve("AAAAAAAAAAAAAAAAAAAAAA==", "1");
  const Outcome half = run({"files", "cat", "share/a.txt"});
  EXPECT_EQ(half.exit_code, 1);
  EXPECT_EQ(half.err,
            "batchai: error: what was printed of 'share/a.txt' is not what its Content-MD5 says: it is damaged, or its "
            "upload is not complete\n");
  serve("AAAAAAAAAAAAAAAAAAAAAA==", "2");
  EXPECT_THAT(run({"files", "cat", "share/a.txt"}).err, HasSubstr("'share/a.txt' changed while it was read"));
}

TEST_F(Files, ListShowsFilesAndDirectories) {
  transport_->on("GET", std::string(kBase) + "/share/in?restype=directory&comp=list&include=Timestamps%2CEtag",
                 xml(R"(<?xml version="1.0"?>
<EnumerationResults><Entries><File><Name>a.txt</Name><Properties><Content-Length>5</Content-Length></Properties></File>
<Directory><Name>deep</Name><Properties/></Directory></Entries><NextMarker/></EnumerationResults>)"));
  const Outcome outcome = run({"files", "list", "share/in", "-o", "table"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "Name   Type       Size  Modified\n"
            "-----  ---------  ----  --------\n"
            "a.txt  file          5\n"
            "deep   directory\n");
}

TEST_F(Files, UrlIsSignedAndRunsOut) {
  const Outcome outcome = run({"files", "url", "share/a.txt", "--expiry", "5", "-o", "tsv"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(std::string(kBase) + "/share/a.txt?"));
  EXPECT_THAT(outcome.out, HasSubstr("se=2018-06-07T21%3A21%3A21Z"));
  EXPECT_THAT(outcome.out, HasSubstr("sig="));
}

TEST_F(Files, UploadAsksForWhatItNeeds) {
  expect_error({"files", "upload", "one"}, 2, "batchai: error: say what to upload and where to: FILE... SHARE[/PATH]");
  expect_error({"files", "upload", (folder_ / "none").string(), "share"}, 2,
               "batchai: error: there is no file '" + (folder_ / "none").string() + "'");
  expect_error(
      {"files", "upload", folder_.string(), "share"}, 2,
      "batchai: error: '" + folder_.string() + "' is a folder" + " (add -r/--recursive to copy it with all below it)");
}

TEST_F(Files, UploadPutsAFileIntoAnExistingDirectory) {
  const std::string file = write_file("a.txt", "hello");
  transport_->on("GET", std::string(kBase) + "/share/in?restype=directory", empty_response(200));
  transport_->on("PUT", std::string(kBase) + "/share/in?restype=directory",
                 {.status = 409, .headers = {{"x-ms-error-code", "ResourceAlreadyExists"}}});
  transport_->on("PUT", std::string(kBase) + "/share/in/a.txt", empty_response(201));
  transport_->on_call("PUT", std::string(kBase) + "/share/in/a.txt?comp=range",
                      [](const HttpRequest& request, const CallContext&) {
                        EXPECT_EQ(request.body, "hello");
                        return empty_response(201);
                      });
  transport_->on("PUT", std::string(kBase) + "/share/in/a.txt?comp=properties", empty_response(200));
  const Outcome outcome = run({"files", "upload", file, "share/in"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)["files"], 1);
  EXPECT_EQ(json::parse(outcome.out)["bytes"], 5);
}

TEST_F(Files, PatternsDoNotSwallowThePlacesBehindThem) {
  const Outcome outcome = run({"files", "upload", "--pattern", "*.bin", write_file("a.txt", "x"), "share"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)["files"], 0);  // a.txt does not match
}

TEST_F(Files, APatternThatMatchesNothingIsTold) {
  const std::string file = write_file("a.txt", "x");
  EXPECT_THAT(run({"files", "upload", "--pattern", "*.bin", file, "share"}).err,
              HasSubstr("batchai: warning: no file matches --pattern '*.bin'\n"));
  EXPECT_THAT(run({"files", "upload", "--pattern", "*.txt", "--exclude", "a*", file, "share"}).err,
              HasSubstr("no file matches --pattern '*.txt', or --exclude leaves all of them out"));
}

TEST_F(Files, ListedNamesThatAreNotUtf8ArePercentEncodedAndMarked) {
  transport_->on("GET", std::string(kBase) + "/share?restype=directory&comp=list&include=Timestamps%2CEtag",
                 xml(R"(<EnumerationResults><Entries><File><Name Encoded="true">a%FF</Name><Properties/></File>
<File><Name>a%FF</Name><Properties/></File><File><Name> </Name><Properties/></File></Entries></EnumerationResults>)"));
  const json entries = json::parse(run({"files", "list", "share"}).out);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].at("name"), "a%FF");
  EXPECT_EQ(entries[0].at("encoded"), true);
  EXPECT_EQ(entries[1].at("name"), "a%FF");
  EXPECT_FALSE(entries[1].contains("encoded"));
  EXPECT_EQ(entries[2].at("name"), " ");
}

TEST_F(Files, DeletingADirectoryGoesOnBehindWhatCannotBeDeleted) {
  const std::string listing = "?restype=directory&comp=list&include=Timestamps%2CEtag";
  transport_->on("GET", std::string(kBase) + "/share/d?restype=directory", empty_response(200));
  transport_->on("GET", std::string(kBase) + "/share/d" + listing,
                 xml("<EnumerationResults><Entries><File><Name>a</Name></File><File><Name>leased</Name></File>"
                     "<File><Name>..</Name></File><File><Name>m-12:30:00.ckpt</Name></File></Entries>"
                     "</EnumerationResults>"));
  transport_->on("DELETE", std::string(kBase) + "/share/d/a", empty_response(202));
  transport_->on("DELETE", std::string(kBase) + "/share/d/leased",
                 {.status = 412, .headers = {{"x-ms-error-code", "LeaseIdMissing"}}});
  transport_->on("DELETE", std::string(kBase) + "/share/d/m-12%3A30%3A00.ckpt", empty_response(202));
  const Outcome outcome = run({"files", "delete", "-r", "share/d", "-y"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("batchai: error: share/d/leased: "));
  EXPECT_THAT(outcome.err, HasSubstr("batchai: error: 2 entries could not be deleted, named above"));
  EXPECT_EQ(json::parse(outcome.out).at("deleted"), false);
}

/// A signature for one file allows nothing about directories.
TEST_F(Files, ASignedUrlIsAPlace) {
  const std::string url = "https://other.file.core.windows.net/share/in/a.txt?sv=1&sr=f&sig=s";
  const std::string base = "https://other.file.core.windows.net/share/in/a.txt";
  const HttpResponse refused{.status = 403, .headers = {{"x-ms-error-code", "AuthorizationPermissionMismatch"}}};
  variables_.erase("AZURE_STORAGE_ACCOUNT");
  transport_->on("GET", base + "?restype=directory&sv=1&sr=f&sig=s", refused);
  transport_->on("GET", base + "?restype=directory&comp=list&include=Timestamps%2CEtag&maxresults=1&sv=1&sr=f&sig=s",
                 refused);
  transport_->on("HEAD", base + "?sv=1&sr=f&sig=s",
                 {.status = 200, .headers = {{"Content-Length", "5"}, {"ETag", "e"}}});
  transport_->on("GET", base + "?sv=1&sr=f&sig=s",
                 {.status = 206, .headers = {{"Content-Range", "bytes 0-4/5"}, {"ETag", "e"}}, .body = "hello"});
  const Outcome outcome = run({"files", "download", url, (folder_ / "back").string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(read(folder_ / "back"), "hello");
}

TEST_F(Files, AUrlWithoutASignatureIsRefusedInWords) {
  expect_error({"files", "download", "https://acct.file.core.windows.net/share/a"}, 2,
               "batchai: error: 'https://acct.file.core.windows.net/share/a' has no signature (SAS): a query with "
               "sig=... ('batchai files url' makes such URLs)");
}

TEST_F(Files, DeleteWantsAConfirmation) {
  EXPECT_EQ(run({"files", "delete", "share/a.txt"}).exit_code, 2);
  EXPECT_EQ(run({"files", "share", "delete", "-n", "share"}).exit_code, 2);
  EXPECT_EQ(run({"files", "directory", "delete", "share/in"}).exit_code, 2);
  transport_->on("DELETE", std::string(kBase) + "/share/a.txt", missing());
  transport_->on("GET", std::string(kBase) + "/share/a.txt?restype=directory", missing());
  EXPECT_EQ(run({"files", "delete", "share/a.txt", "-y"}).exit_code, 3);
}

TEST(RemotePath, IsReadWithAndWithoutAPath) {
  EXPECT_EQ(RemotePath::parse("share").path, "");
  EXPECT_EQ(RemotePath::parse("share/a/b").path, "a/b");
  EXPECT_EQ(RemotePath::parse("share/a/b").name(), "b");
  EXPECT_TRUE(RemotePath::parse("share/a/").folder);
  EXPECT_EQ(RemotePath::parse("share//a/").path, "a");
  EXPECT_THROW(RemotePath::parse("/"), UsageError);
  EXPECT_THROW(RemotePath::parse(""), UsageError);
}

}  // namespace
}  // namespace batchai::cli::test
