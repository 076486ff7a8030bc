#include "cli/cli_fixture.hpp"
#include "cli/nodes/ssh.hpp"
#include "core/descriptor.hpp"
#include "support/socket_server.hpp"

#include <csignal>
#include <filesystem>

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

const char* const kNodes = R"({"value":[{"nodeId":"tvm-1","ipAddress":"127.0.0.2","port":50000},
                                        {"nodeId":"tvm-2","ipAddress":"127.0.0.2","port":50001}]})";

class Nodes : public CliTest {
 protected:
  Nodes() { variables_["PATH"] = (folder_ / "bin").string(); }
  void on_nodes(const std::string& path, const std::string& nodes = kNodes) {
    transport_->on("POST", url(path + "/listRemoteLoginInformation"), json_response(200, nodes));
  }
  void on_cluster() {
    transport_->on("GET", url(cluster_), json_response(200, R"({"name":"c","properties":{"vmSize":"STANDARD_NC6",
        "userAccountSettings":{"adminUserName":"demo"}}})"));
  }
  /// A program `ssh` in PATH that notes its words and the secret it was given, and ends with 7.
  void install_ssh(int exit_code = 7) {
    const std::string script =
        write_file("bin/ssh", "#!/bin/bash\nprintf '%s\\n' \"$@\" > " + (folder_ / "words").string() +
                                  "\necho \"$SSH_ASKPASS $BATCHAI_ASKPASS\" > " + (folder_ / "askpass").string() +
                                  "\nexit " + std::to_string(exit_code) + "\n");
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  }
  Outcome exec(const std::vector<std::string>& more) {
    std::vector<std::string> words{"cluster", "node", "exec", "-g", "g", "-w", "w", "-c", "c"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  const std::string cluster_ = workspace_path() + "/clusters/c";
  const std::string job_ = workspace_path() + "/experiments/e/jobs/j";
};

TEST_F(Nodes, AreListedWithTheirSshPorts) {
  on_nodes(cluster_);
  EXPECT_EQ(run({"cluster", "node", "list", "-g", "g", "-w", "w", "-c", "c", "-o", "table"}).out,
            "ID     IP         SSH Port\n-----  ---------  --------\ntvm-1  127.0.0.2     50000\n"
            "tvm-2  127.0.0.2     50001\n");
  on_nodes(job_);
  EXPECT_EQ(run({"job", "node", "list", "-g", "g", "-w", "w", "-e", "e", "-j", "j", "-o", "tsv"}).out,
            "127.0.0.2\ttvm-1\t50000\n127.0.0.2\ttvm-2\t50001\n");
}

TEST_F(Nodes, RunACommandOfTheFirstNodeAndEndWithItsExitCode) {
  install_ssh();
  on_cluster();
  on_nodes(cluster_);
  EXPECT_EQ(exec({"--exec", "echo 'two words'", "-p", "hush"}).exit_code, 7);
  const std::string words = read(folder_ / "words");
  EXPECT_THAT(words, HasSubstr("\n-p\n50000\ndemo@127.0.0.2\n--\nbash -ilc 'echo '\\''two words'\\'''\n"));
  EXPECT_THAT(words, Not(HasSubstr("hush")));
  EXPECT_EQ(read(folder_ / "askpass"), (folder_ / "bin/batchai").string() + " hush\n");
}

TEST_F(Nodes, ForwardPortsOfAChosenNode) {
  install_ssh(0);
  on_cluster();
  on_nodes(cluster_);
  EXPECT_EQ(exec({"-n", "tvm-2", "-L", "6006:localhost:6006", "-L", "80:h:8080"}).exit_code, 0);
  EXPECT_THAT(read(folder_ / "words"),
              HasSubstr("-L\n0.0.0.0:6006:localhost:6006\n-L\n0.0.0.0:80:h:8080\n-N\n-p\n50001\n"));
}

TEST_F(Nodes, OfAJobAreReachedAsTheClustersAdministrator) {
  install_ssh(0);
  transport_->on("GET", url(job_),
                 json_response(200, R"({"name":"j","properties":{"cluster":{"id":")" + id(cluster_) + R"("}}})"));
  on_cluster();
  on_nodes(job_);
  EXPECT_EQ(run({"job", "node", "exec", "-g", "g", "-w", "w", "-e", "e", "-j", "j", "--exec", "id"}).exit_code, 0);
  EXPECT_THAT(read(folder_ / "words"), HasSubstr("demo@127.0.0.2"));
}

TEST_F(Nodes, SayWhyTheyCannotBeReached) {
  install_ssh(255);
  on_cluster();
  const batchai::test::SocketServer server([](batchai::test::Peer&) {});
  const std::string port = server.url().substr(server.url().rfind(':') + 1);
  on_nodes(cluster_, R"({"value":[{"nodeId":"tvm-1","ipAddress":"127.0.0.1","port":)" + port + "}]}");
  expect_error({"cluster", "node", "exec", "-g", "g", "-w", "w", "-c", "c", "--exec", "id"}, 1,
               "batchai: error: no connection to node 'tvm-1' (127.0.0.1 port " + port +
                   ")\nbatchai: hint: check user name, key or password of the cluster's administrator; "
                   "nodes of batchai-server take the key only that the cluster was created with (-k)");
  on_cluster();
  on_nodes(cluster_);
  EXPECT_EQ(exec({"--exec", "id", "-n", "tvm-9"}).exit_code, 3);
  on_cluster();
  on_nodes(cluster_, R"({"value":[]})");
  EXPECT_THAT(exec({"--exec", "id"}).err, HasSubstr("there is no node"));
}

TEST_F(Nodes, SayThatNoServerAnswers) {
  install_ssh(255);
  on_cluster();
  // Taken, and nobody listens.
  const Descriptor taken(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(taken.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::getsockname(taken.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string port = std::to_string(ntohs(address.sin_port));
  on_nodes(cluster_, R"({"value":[{"nodeId":"tvm-1","ipAddress":"127.0.0.1","port":)" + port + "}]}");
  expect_error(
      {"cluster", "node", "exec", "-g", "g", "-w", "w", "-c", "c", "--exec", "id"}, 1,
      "batchai: error: no SSH server answers at 127.0.0.1:" + port +
          ", node 'tvm-1'\nbatchai: hint: batchai-server gives its nodes one where openssh-server and bubblewrap "
          "are installed and --node-ssh is not off; its log says what is missing ('batchai local logs'). Until then, "
          "run the command in a job");
}

TEST_F(Nodes, AreNotAskedForWhatIsIllFormed) {
  for (const char* forward : {"6006", "0:h:1", "1:h:65536", "1::1", "a:h:1"}) {
    const Outcome outcome = exec({"-L", forward});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(std::string("'") + forward + "' is not LOCAL_PORT:HOST:REMOTE_PORT"));
  }
  EXPECT_EQ(exec({"--exec", "id", "-k", "/nowhere"}).exit_code, 2);
  EXPECT_THAT(transport_->requests(), ::testing::IsEmpty());
}

TEST_F(Nodes, AreLeftAloneWhenNothingIsAskedFor) {
  EXPECT_EQ(exec({}).exit_code, 0);
  EXPECT_EQ(run({"job", "node", "exec", "-g", "g", "-w", "w", "-e", "e", "-j", "j"}).exit_code, 0);
  EXPECT_THAT(transport_->requests(), ::testing::IsEmpty());
}

TEST_F(Nodes, LoseTheirSshWhenTheProgramIsEnded) {
  const std::string script = write_file("bin/ssh", "#!/bin/bash\nexec /bin/sleep 600\n");
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  CancellationSource source;
  source.cancel();
  const SshCall call{.user = "u", .host = "h", .forwards = {"1:h:2"}};
  const Environment environment = Environment::of({{"PATH", (folder_ / "bin").string()}});
  EXPECT_EQ(run_ssh(call, environment, {}, source.token()), 128 + SIGTERM);
}

TEST(SshWords, NameKeyFileAndTerminal) {
  const auto words = ssh_words({.user = "u", .host = "h", .command = "id", .private_key_file = "/k", .terminal = true});
  EXPECT_THAT(words, IsSupersetOf({"-i", "/k", "IdentitiesOnly=yes", "-t", "u@h"}));
}

}  // namespace
}  // namespace batchai::cli::test
