#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// What a dry run does not do on this machine; that of the local service is among its own tests.
class DryRunHere : public CliTest {
 protected:
  const std::string closing_ = "batchai: dry run: nothing was changed\n";
  const std::string listing_ =
      "https://management.azure.com/subscriptions/sub" + workspace_path() + "/experiments/e/jobs/j/listOutputFiles";

  /// Runs it with --dry-run and expects that it leaves everything as it is.
  Outcome dry(std::vector<std::string> words) {
    words.emplace_back("--dry-run");
    const auto before = files();
    Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, closing_);
    EXPECT_EQ(files(), before);
    return outcome;
  }
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      found[entry.path().string()] = entry.is_regular_file() ? read(entry.path()) : "";
    }
    return found;
  }
  void serve_output_files() {
    transport_->on_below("POST", listing_, json_response(200, R"({"value":[
      {"name":"stdout.txt","fileType":"file","downloadUrl":"https://acct/stdout","properties":{"contentLength":5}},
      {"name":"stderr.txt","fileType":"file","downloadUrl":"https://acct/stderr","properties":{"contentLength":0}}]})"));
  }
};

TEST_F(DryRunHere, SignsInAndKeepsNothing) {
  variables_.erase("BATCHAI_ACCESS_TOKEN");
  variables_.erase("AZURE_SUBSCRIPTION_ID");
  transport_
      ->on("POST", "https://login.microsoftonline.com/t/oauth2/v2.0/token",
           json_response(200, R"({"token_type":"Bearer","expires_in":3599,"access_token":"abc"})"))
      .on("GET", "https://management.azure.com/subscriptions?api-version=2019-11-01",
          json_response(200, R"({"value":[{"subscriptionId":"s","displayName":"d","state":"Enabled"}]})"));
  EXPECT_EQ(dry({"login", "--service-principal", "-u", "id", "-t", "t", "-p", "hush"}).out,
            "dry run: would save the profile 'default' and make it the default\n");
}

TEST_F(DryRunHere, KeepsProfilesAsTheyAre) {
  write_file("config/profiles/one.ini", "[profile]\nsubscription = s1\n");
  write_file("config/profiles/two.ini", "[profile]\nsubscription = s2\n");
  write_file("config/config.ini", "[core]\nprofile = one\n");
  write_file("config/tokens.json", "{}");
  transport_->on("GET", "https://management.azure.com/subscriptions?api-version=2019-11-01",
                 json_response(200, R"({"value":[{"subscriptionId":"s3","displayName":"d","state":"Enabled"}]})"));
  EXPECT_EQ(dry({"account", "set", "-n", "two", "-s", "s3"}).out,
            "dry run: would use the subscription 's3' in the profile 'two'\n"
            "dry run: would make 'two' the default profile\n");
  EXPECT_EQ(dry({"logout"}).out, "dry run: would remove the profile 'one', and all cached tokens in " +
                                     (folder_ / "config" / "tokens.json").string() + "\n");
}

TEST_F(DryRunHere, DownloadsNoOutputOfAJob) {
  serve_output_files();
  const std::string target = (folder_ / "new").string();
  const std::vector<std::string> download{"job", "file", "download",      "-g",  "g", "-w", "w", "-e", "e",
                                          "-j",  "j",    "--destination", target};
  EXPECT_EQ(dry(download).out, "stdout.txt -> " + target + "/stdout.txt (5 bytes)\n" + "stderr.txt -> " + target +
                                   "/stderr.txt (0 bytes)\n");
  std::vector<std::string> one = download;
  one.insert(one.end(), {"-f", "stdout.txt"});
  serve_output_files();
  EXPECT_EQ(dry(one).out, "stdout.txt -> " + target + "/stdout.txt (5 bytes)\n");
}

TEST_F(DryRunHere, RunsNothingOnANode) {
  const std::string cluster = workspace_path() + "/clusters/c";
  transport_
      ->on("GET", url(cluster), json_response(200, R"({"name":"c","properties":{"userAccountSettings":
        {"adminUserName":"admin"}}})"))
      .on_below("POST", "https://management.azure.com/subscriptions/sub" + cluster + "/listRemoteLoginInformation",
                json_response(200, R"({"value":[{"nodeId":"n1","ipAddress":"1.2.3.4","port":50000}]})"));
  EXPECT_EQ(dry({"cluster", "node", "exec", "-g", "g", "-w", "w", "-c", "c", "--exec", "reboot"}).out,
            "dry run: would run on node 'n1' (admin@1.2.3.4:50000): reboot\n");
}

TEST_F(DryRunHere, MakesNoSshKeys) {
  const std::string cluster = workspace_path() + "/clusters/c";
  transport_->on("GET", url(cluster), not_found("c"));
  const Outcome outcome = run(
      {"cluster", "create", "-g", "g", "-w", "w", "-n", "c", "-s", "S", "-t", "1", "--generate-ssh-keys", "--dry-run"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("dry run: would make SSH keys, " +
                                      (folder_ / "home" / ".ssh" / "id_rsa.pub").string() + "\nPUT "));
  EXPECT_THAT(outcome.err,
              HasSubstr("nothing was sent or changed; the command would change something with 1 request\n"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "home"));
}

TEST_F(DryRunHere, TheClosingLineAgreesWithAPlannedDownload) {
  variables_["AZURE_STORAGE_ACCOUNT"] = "acct";
  variables_["AZURE_STORAGE_KEY"] = "aHVzaA==";
  HttpResponse properties = empty_response(200);
  properties.headers.set("Content-Length", "5");
  transport_->on("GET", "https://acct.file.core.windows.net/share/a.txt?restype=directory", empty_response(404));
  transport_->on("HEAD", "https://acct.file.core.windows.net/share/a.txt", properties);
  const std::string target = (folder_ / "a.txt").string();
  EXPECT_EQ(dry({"files", "download", "share/a.txt", target}).out, "share/a.txt -> " + target + " (5 bytes)\n");
}

}  // namespace
}  // namespace batchai::cli::test
