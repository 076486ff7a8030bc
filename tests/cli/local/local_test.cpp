#include "cli/cli_fixture.hpp"
#include "cli/local/local_profile.hpp"
#include "cli/local/server_process.hpp"
#include "support/unprivileged.hpp"

#include <csignal>

#include <sys/stat.h>

namespace batchai::cli::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

/// A stand-in for the service: a shell script that does what `local start` relies on.
class Local : public CliTest {
 protected:
  Local() {
    variables_.erase("BATCHAI_ACCESS_TOKEN");
    variables_.erase("AZURE_SUBSCRIPTION_ID");
    use_server(R"(printf '{"managementEndpoint":"http://127.0.0.1:1","filesEndpoint":"http://127.0.0.1:2",'"\
"'"tenantId":"t","subscriptionId":"s","clientId":"c","clientSecret":"it'"'"'s","storageAccount":"acct",'"\
"'"storageKey":"key=","pid":%d}' $$ >endpoints.json
echo "options $*"
echo "ready http://127.0.0.1:1 http://127.0.0.1:2"
trap 'exit 0' TERM
while :; do sleep 0.05; done
)");
  }
  ~Local() override { run({"local", "stop"}); }

  /// For the next `local status` of a service that runs.
  void answer_about_health() {
    transport_->on("GET", "http://127.0.0.1:1/healthz",
                   batchai::test::json_response(503, R"({"status": "unavailable", "isolation": "sandbox",
                                                "containers": "refuse", "containersReason": "no podman"})"));
  }

  void use_server(const std::string& script) {
    const std::string file = write_file("bin/server.sh", "#!/bin/sh\ncd \"$2\"\n" + script);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    variables_["BATCHAI_SERVER"] = file;
  }

  const std::filesystem::path data_ = folder_ / "config" / "local";
};

TEST_F(Local, StartWritesAPrivateProfileAndMakesItTheDefault) {
  real_clock_ = true;
  const Outcome started = run({"local", "start", "--management-port", "0", "--files-port", "0"});
  EXPECT_EQ(started.exit_code, 0) << started.err;
  EXPECT_EQ(json::parse(started.out)["state"], "running");
  EXPECT_THAT(started.out, Not(HasSubstr("it's")));
  const auto file = folder_ / "config" / "profiles" / "local.ini";
  EXPECT_THAT(read(file), HasSubstr("client_secret = it's"));
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_THAT(read(folder_ / "config" / "config.ini"), HasSubstr("profile = local"));
  EXPECT_THAT(run({"local", "logs"}).out, HasSubstr("--management-port 0 --files-port 0"));
  EXPECT_EQ(run({"local", "logs", "-n", "1"}).out, "ready http://127.0.0.1:1 http://127.0.0.1:2\n");

  const Outcome again = run({"local", "start"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.err, "the local service is running already\n");
  EXPECT_EQ(json::parse(again.out)["pid"], json::parse(started.out)["pid"]);
  EXPECT_EQ(
      run({"local", "start", "--containers", "host"}).err,
      "the local service is running already; it keeps its settings: stop it with 'batchai local stop' to start it "
      "with other ones\n");

  answer_about_health();
  const Outcome status = run({"local", "status"});
  EXPECT_EQ(status.exit_code, 0);
  EXPECT_EQ(json::parse(status.out)["isolation"], "sandbox");
  EXPECT_EQ(json::parse(status.out)["containers"], "refuse");
  EXPECT_EQ(json::parse(status.out)["containersReason"], "no podman");
  EXPECT_EQ(run({"local", "stop"}).exit_code, 0);
  EXPECT_EQ(run({"local", "status"}).exit_code, 3);
  EXPECT_EQ(run({"local", "stop"}).err, "the local service is not running\n");
}

TEST_F(Local, StartGivesTheServiceItsConfigFile) {
  real_clock_ = true;
  const std::string file = write_file("service.json", "{}");
  ASSERT_EQ(run({"local", "start", "--config", file}).exit_code, 0);
  EXPECT_THAT(run({"local", "logs"}).out, HasSubstr("--config " + file));
}

TEST_F(Local, StartRefusesAConfigFileThatCannotBeRead) {
  const Outcome outcome = run({"local", "start", "--config", "nowhere.json"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--config: cannot read nowhere.json: No such file or directory"));
  EXPECT_EQ(run({"local", "status"}).exit_code, 3);
}

TEST_F(Local, StartEndsWithTwoWhenTheServiceFindsItsSettingsWrong) {
  real_clock_ = true;
  use_server("echo 'service.json:1:2: no such setting'; exit 2\n");
  const Outcome outcome = run({"local", "start", "--config", write_file("service.json", "{}")});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no such setting"));
}

TEST_F(Local, LogsAreFollowedWhileSomebodyReads) {
  const std::string log = write_file("config/local/log/server.log", "one\ntwo\nthree\n");
  int looks = 0;
  on_look_ = [&] {
    ++looks;
    if (looks == 1) {
      std::ofstream(log, std::ios::app) << "four\n";
    } else if (looks == 2) {
      std::ofstream(log) << "anew\n";
    } else {
      out_closed_ = looks == 4;
    }
  };
  const Outcome outcome = run({"local", "logs", "-n", "1", "-f"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "three\nfour\nanew\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Local, FollowingALogEndsWithCtrlC) {
  write_file("config/local/log/server.log", "one\n");
  CancellationSource source;
  source.cancel();
  interruption_ = source.token();
  const Outcome outcome = run({"local", "logs", "-f"});
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(outcome.out, "one\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Local, AServiceThatDiesShowsItsLastWords) {
  real_clock_ = true;
  use_server("echo cannot do it >&2\nexit 5\n");
  const Outcome outcome = run({"local", "start"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("the service ended with exit code 5 before it was ready"));
  EXPECT_THAT(outcome.err, HasSubstr("cannot do it"));
}

TEST_F(Local, WithoutAProgramTheWayOutIsNamed) {
  variables_.erase("BATCHAI_SERVER");
  const Outcome outcome = run({"local", "start"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("batchai-server"));
  EXPECT_THAT(outcome.err, HasSubstr("BATCHAI_SERVER"));
}

TEST_F(Local, OnlyTheWordsOfThisStartAreShownEachOnItsLine) {
  real_clock_ = true;
  use_server("echo old >&2\nexit 2\n");
  run({"local", "start"});
  use_server("echo first >&2\nprintf 'second, without an end' >&2\nexit 1\n");
  EXPECT_EQ(run({"local", "start"}).err,
            "batchai: error: the service ended with exit code 1 before it was ready\nfirst\nsecond, without an end\n");
  use_server("exit 1\n");
  EXPECT_EQ(run({"local", "start"}).err, "batchai: error: the service ended with exit code 1 before it was ready\n");
}

TEST_F(Local, NumbersThatCannotBeAreRefused) {
  expect_error({"local", "start", "--management-port", "99999"}, 2,
               "batchai: error: --management-port: 99999 is not a port from 0 to 65535");
  expect_error({"local", "start", "--files-port", "-1"}, 2,
               "batchai: error: --files-port: -1 is not a port from 0 to 65535");
  expect_error({"local", "logs", "-n", "-1"}, 2, "batchai: error: -n/--lines: -1 is not a number of lines");
}

TEST_F(Local, EnvPrintsLinesThatAShellReadsBack) {
  EXPECT_EQ(run({"local", "env"}).exit_code, 3);
  write_file("config/local/endpoints.json",
             R"({"managementEndpoint":"https://127.0.0.1:1","filesEndpoint":"https://127.0.0.1:2","caBundle":"/ca.pem",
                 "tenantId":"t","subscriptionId":"s","clientId":"c","clientSecret":"it's","storageAccount":"acct",
                 "storageKey":"key=","pid":1})");
  const std::string lines = run({"local", "env"}).out;
  EXPECT_THAT(lines, HasSubstr("export AZURE_CLIENT_SECRET='it'\\''s'\n"));
  EXPECT_THAT(lines, HasSubstr("export REQUESTS_CA_BUNDLE='/ca.pem'\n"));
  EXPECT_THAT(lines, HasSubstr("FileEndpoint=https://127.0.0.1:2/acct;'\n"));
}

TEST_F(Local, ResetDeletesNothingButADataFolder) {
  write_file("config/local/precious.txt", "x");
  EXPECT_EQ(run({"local", "reset", "-y"}).exit_code, 1);
  EXPECT_TRUE(std::filesystem::exists(data_ / "precious.txt"));
  write_file("config/local/batchai.db", "");
  EXPECT_EQ(run({"local", "reset"}).exit_code, 2);
  EXPECT_EQ(run({"local", "reset", "-y"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(data_));
  EXPECT_EQ(run({"local", "reset", "-y"}).exit_code, 0);
}

TEST_F(Local, ADryRunStartsStopsAndDeletesNothing) {
  real_clock_ = true;
  const std::string closing = "batchai: dry run: nothing was changed\n";
  const Outcome start = run({"local", "start", "--files-port", "0", "--dry-run"});
  EXPECT_EQ(start.exit_code, 0);
  EXPECT_EQ(start.out, "dry run: would start " + variables_["BATCHAI_SERVER"] + " --data-dir " + data_.string() +
                           " --files-port 0\ndry run: would save the profile 'local'\n");
  EXPECT_EQ(start.err, closing);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "config"));

  const json running = json::parse(run({"local", "start"}).out);
  const std::string stopping = "dry run: would stop the local service, process " + running["pid"].dump() + "\n";
  const Outcome stop = run({"local", "stop", "--dry-run"});
  EXPECT_EQ(stop.out, stopping);
  EXPECT_EQ(stop.err, closing);
  const Outcome reset = run({"local", "reset", "--dry-run", "-y"});
  EXPECT_EQ(reset.out,
            stopping + "dry run: would delete " + data_.string() + "\ndry run: would remove the profile 'local'\n");
  EXPECT_EQ(reset.err, closing);
  answer_about_health();
  EXPECT_EQ(run({"local", "status"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "config" / "profiles" / "local.ini"));
}

TEST_F(Local, AProcessThatIsNotTheServiceIsLeftAlone) {
  write_file("config/local/endpoints.json", R"({"pid":)" + std::to_string(::getpid()) + "}");
  EXPECT_EQ(run({"local", "status"}).exit_code, 3);
  EXPECT_EQ(run({"local", "stop"}).err, "the local service is not running\n");
}

TEST_F(Local, TakesAnotherDataFolderInEveryCommand) {
  real_clock_ = true;
  const std::string other = (folder_ / "other").string();
  const auto local = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "local");
    words.insert(words.end(), {"--data-dir", other + "/"});
    return run(words);
  };
  const Outcome started = local({"start"});
  ASSERT_EQ(started.exit_code, 0) << started.err;
  EXPECT_EQ(json::parse(started.out)["dataDir"], other);
  answer_about_health();
  EXPECT_EQ(local({"status"}).exit_code, 0);
  EXPECT_EQ(run({"local", "status"}).exit_code, 3) << "the usual folder has none";
  EXPECT_THAT(local({"env"}).out, HasSubstr("export AZURE_CLIENT_SECRET="));
  EXPECT_THAT(local({"logs"}).out, HasSubstr("ready"));
  EXPECT_EQ(local({"stop"}).exit_code, 0);
  EXPECT_EQ(local({"status"}).exit_code, 3);
  EXPECT_EQ(local({"reset", "-y"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(other));
  EXPECT_FALSE(std::filesystem::exists(data_));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "config" / "profiles" / "local.ini")) << "it was that of the service";
}

TEST_F(Local, ResetOfAnotherFolderLeavesTheProfileOfTheUsualOne) {
  real_clock_ = true;
  ASSERT_EQ(run({"local", "start"}).exit_code, 0);
  write_file("other/endpoints.json", R"({"managementEndpoint":"http://127.0.0.1:77","pid":0})");
  EXPECT_EQ(run({"local", "reset", "-y", "--data-dir", (folder_ / "other").string()}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "config" / "profiles" / "local.ini"));
  answer_about_health();
  EXPECT_EQ(run({"local", "status"}).exit_code, 0);
}

TEST_F(Local, SaysWhoMayLookIntoAnotherAccountsFolder) {
  const std::string file = write_file("other/endpoints.json", "{}");
  const batchai::test::Unprivileged nobody(folder_);
  ASSERT_EQ(::chmod(file.c_str(), 0), 0);
  for (const char* command : {"env", "status", "stop"}) {
    const Outcome outcome = run({"local", command, "--data-dir", (folder_ / "other").string()});
    EXPECT_EQ(outcome.exit_code, 1) << command;
    EXPECT_THAT(outcome.err, HasSubstr("cannot read " + file + ": Permission denied"));
    EXPECT_THAT(outcome.err, HasSubstr("as root, with sudo"));
  }
}

TEST_F(Local, RefusesADataFolderWithoutAName) {
  expect_error({"local", "env", "--data-dir", ""}, 2, "batchai: error: --data-dir: the name of the folder is empty");
}

TEST_F(Local, StartTellsTheServiceToMakeANewDatabase) {
  real_clock_ = true;
  ASSERT_EQ(run({"local", "start", "--new-database"}).exit_code, 0);
  EXPECT_THAT(run({"local", "logs"}).out, HasSubstr("--new-database"));
}

}  // namespace
}  // namespace batchai::cli::test
