#include "server/engine/node_ssh.hpp"

#include "contract/scratch.hpp"
#include "core/descriptor.hpp"
#include "server/run/sandbox.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"

#include <atomic>
#include <fstream>
#include <mutex>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace batchai::server::test {
namespace {

using batchai::test::eventually;
using batchai::test::Process;
using batchai::test::ProcessResult;
using batchai::test::run_process;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kNode = "tvm-1";
/// Each test, in its process, has a node of its own.
const std::string kAddress =
    "127.99." + std::to_string(::getpid() / 200 % 256) + "." + std::to_string(::getpid() % 200 + 1);

/// Whether the command line of a process has this text in it.
bool is_on_a_command_line(const std::string& text) {
  std::error_code ignored;
  for (const auto& process : std::filesystem::directory_iterator("/proc", ignored)) {
    if (read_text(process.path() / "cmdline").find(text) != std::string::npos) {
      return true;
    }
  }
  return false;
}

/// OpenSSH's client against a node whose folder is `data/node`.
class NodeSshTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = why_no_sshd()) {
      GTEST_SKIP() << *reason;
    }
    if (run_process({"sh", "-c", "command -v ssh ssh-keygen"}).exit_code != 0) {
      GTEST_SKIP() << "ssh is not installed (openssh-client)";
    }
    std::filesystem::create_directories(home_);
    std::ofstream(data_ / "secret") << "of the service\n";
    if (const auto reason = why_no_sandbox({.writable = {node_}, .hidden = {data_}})) {
      GTEST_SKIP() << *reason;
    }
    make_key("key");
    make_key("wrong");
    login_.user = "demo";
    login_.public_key = read_text(scratch_ / "key.pub");
    login_.plan = {
        .run_id = "",
        .nodes = {{.id = kNode, .address = kAddress, .working_directory = home_}},
        .directories = {home_},
        .processes = {{.name = "ssh", .command = ""}},
        .environment = {{"HOME", home_.string()}, {"AZ_BATCHAI_X", "it's\nmine"}, {"PATH", "/job/bin:/usr/bin:/bin"}},
        .sandbox = RunSandbox{.writable = {node_}, .hidden = {data_}}};
    login_.makes_folders = true;
    open();
  }

  void open() {
    ssh_.emplace(NodeSshOptions{.folder = data_ / "ssh",
                                .login = [this](const std::string&, const std::string&) -> std::optional<NodeLogin> {
                                  return gone_ ? std::nullopt : std::optional(login_);
                                },
                                .report =
                                    [this](const std::string& node, const std::string& line) {
                                      const std::scoped_lock lock(mutex_);
                                      log_ += node + ": " + line + "\n";
                                    }});
    ssh_->set_nodes("cluster", {{kNode, kAddress}});
  }

  void make_key(const std::string& name) const {
    run_process({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", (scratch_ / name).string()});
  }

  std::vector<std::string> words(const std::string& key, const std::vector<std::string>& more) const {
    std::vector<std::string> result{"ssh",
                                    "-F",
                                    "none",
                                    "-o",
                                    "BatchMode=yes",
                                    "-o",
                                    "IdentitiesOnly=yes",
                                    "-o",
                                    "IdentityAgent=none",
                                    "-o",
                                    "StrictHostKeyChecking=yes",
                                    "-o",
                                    "UserKnownHostsFile=" + (scratch_ / "known_hosts").string(),
                                    "-i",
                                    (scratch_ / key).string(),
                                    "-p",
                                    std::to_string(ssh_->port_of(kNode).value_or(1))};
    result.insert(result.end(), more.begin(), more.end());
    std::ofstream(scratch_ / "known_hosts")
        << "[" << kAddress << "]:" << ssh_->port_of(kNode).value_or(1) << " " << read_text(data_ / "ssh/host_key.pub");
    return result;
  }
  ProcessResult run(const std::string& command, const std::string& key = "key",
                    const std::string& user = "demo") const {
    return run_process(words(key, {user + "@" + kAddress, command}));
  }
  std::string log() const {
    const std::scoped_lock lock(mutex_);
    return log_;
  }

  const Scratch scratch_;
  const std::filesystem::path data_ = scratch_ / "data";
  const std::filesystem::path node_ = data_ / "node";
  const std::filesystem::path home_ = node_ / "home";
  NodeLogin login_;
  std::atomic<bool> gone_ = false;
  mutable std::mutex mutex_;
  std::string log_;
  std::optional<NodeSsh> ssh_;
};

TEST_F(NodeSshTest, RunsACommandAsTheUserWithVariablesAndFolders) {
  const auto result =
      run("id -un; pwd; printf '%s\\n' \"$AZ_BATCHAI_X\" \"$PATH\" \"${BATCHAI_RUN_ID-no run}\"; echo made > ~/made; "
          "echo careful >&2; exit 7");
  EXPECT_EQ(result.exit_code, 7) << result.err << log();
  EXPECT_EQ(result.out, "demo\n" + home_.string() + "\nit's\nmine\n/job/bin:/usr/bin:/bin\nno run\n");
  EXPECT_EQ(result.err, "careful\n");
  EXPECT_EQ(read_text(home_ / "made"), "made\n");
  EXPECT_THAT(log(), HasSubstr("tvm-1: Accepted publickey for demo from 127.0.0.1 "));
}

TEST_F(NodeSshTest, GivesALoginShellTheSamePath) {
  EXPECT_THAT(run("bash -ilc 'echo $PATH'").out, HasSubstr("/job/bin:/usr/bin:/bin\n"));
}

TEST_F(NodeSshTest, GivesATerminal) {
  const auto result = run_process(words("key", {"-tt", "demo@" + kAddress, "tty"}));
  EXPECT_EQ(result.out, "/dev/pts/0\r\n") << result.err << log();
}

TEST_F(NodeSshTest, ShowsNothingElseOfTheDataFolder) {
  const auto result = run("ls " + data_.string() + "; cat " + (data_ / "secret").string() + " /run/batchai/host_key " +
                          (data_ / "ssh/host_key").string() + "; ls /proc | grep -c '^[0-9]'");
  EXPECT_THAT(result.out, ::testing::MatchesRegex("node\n[1-9]\n")) << log();
  EXPECT_THAT(result.out + result.err, Not(HasSubstr("of the service")));
}

TEST_F(NodeSshTest, RefusesOtherKeysAndOtherUsers) {
  const auto wrong = run("id", "wrong");
  EXPECT_EQ(wrong.exit_code, 255);
  EXPECT_THAT(wrong.err, HasSubstr("Permission denied (publickey)"));
  const auto root = run("id", "key", "root");
  EXPECT_EQ(root.exit_code, 255);
  EXPECT_EQ(root.out, "");
}

TEST_F(NodeSshTest, CopiesFiles) {
  std::ofstream(scratch_ / "file") << "content\n";
  auto copy = words("key", {(scratch_ / "file").string(), "demo@" + kAddress + ":there"});
  copy[0] = "scp";
  *std::ranges::find(copy, "-p") = "-P";
  const auto result = run_process(copy);
  EXPECT_EQ(result.exit_code, 0) << result.err << log();
  EXPECT_EQ(read_text(home_ / "there"), "content\n");
}

TEST_F(NodeSshTest, ForwardsToTheNodeAndToNoOtherMachine) {
  // -W is one forwarded connection: here to the server itself, which greets.
  const auto port = std::to_string(ssh_->port_of(kNode).value());
  Process forward(words("key", {"-W", kAddress + ":" + port, "demo@" + kAddress}));
  EXPECT_TRUE(eventually([&] { return forward.out().starts_with("SSH-2.0-"); })) << log();
  const auto elsewhere = run_process(words("key", {"-W", "192.0.2.1:80", "demo@" + kAddress}));
  EXPECT_NE(elsewhere.exit_code, 0);
  EXPECT_THAT(elsewhere.err, HasSubstr("administratively prohibited"));
}

TEST_F(NodeSshTest, EndsConnectionsWithTheNodeAndRefusesNewOnes) {
  Process session(words("key", {"demo@" + kAddress, "echo here; setsid sleep 1000 & sleep 1000"}));
  ASSERT_TRUE(eventually([&] { return session.out() == "here\n"; })) << session.err() << log();
  const auto port = ssh_->port_of(kNode).value();
  ssh_->set_nodes("cluster", {});
  EXPECT_EQ(session.wait().exit_code, 255);
  EXPECT_EQ(ssh_->port_of(kNode), std::nullopt);
  const auto refused =
      run_process({"ssh", "-F", "none", "-o", "BatchMode=yes", "-p", std::to_string(port), "demo@" + kAddress, "id"});
  EXPECT_THAT(refused.err, HasSubstr("Connection refused"));
  EXPECT_TRUE(eventually([&] { return !is_on_a_command_line(home_.string()); }));
}

TEST_F(NodeSshTest, EndsAllConnectionsAtItsEndAndComesBackWithPortAndKey) {
  Process session(words("key", {"demo@" + kAddress, "echo here; sleep 1000"}));
  ASSERT_TRUE(eventually([&] { return session.out() == "here\n"; })) << session.err() << log();
  const auto port = ssh_->port_of(kNode);
  const auto key = read_text(data_ / "ssh/host_key.pub");
  ssh_.reset();
  EXPECT_EQ(session.wait().exit_code, 255);
  open();
  EXPECT_EQ(ssh_->port_of(kNode), port);
  EXPECT_EQ(read_text(data_ / "ssh/host_key.pub"), key);
  EXPECT_EQ(run("true").exit_code, 0) << log();
}

TEST_F(NodeSshTest, EndsAConnectionThatUsesMoreThanAJobMay) {
  login_.plan.limits.processes = 30;
  const auto result = run("for i in $(seq 60); do sleep 1000 & done; wait");
  EXPECT_EQ(result.exit_code, 255);
  EXPECT_THAT(log(), HasSubstr("a connection is ended: it had "));
  EXPECT_THAT(log(), HasSubstr("the limit is 30"));
}

TEST_F(NodeSshTest, LetsNobodyInWhereThereIsNobody) {
  gone_ = true;
  EXPECT_EQ(run("true").exit_code, 255);
  gone_ = false;
  ssh_->set_nodes("cluster", {{kNode, kAddress}});
  login_.user = "a b";
  EXPECT_EQ(run("true").exit_code, 255);
  EXPECT_THAT(log(), HasSubstr("\"a b\" cannot be the name of a user"));
}

TEST_F(NodeSshTest, TakesAnotherPortWhereItsOwnIsTaken) {
  ssh_->set_nodes("other", {{"tvm-2", kAddress}});
  EXPECT_EQ(ssh_->port_of("tvm-2").value(), ssh_->port_of(kNode).value() + 1);
}

}  // namespace
}  // namespace batchai::server::test
