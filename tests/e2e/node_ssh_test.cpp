#include "e2e/service.hpp"

#include <fstream>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Arguments = std::vector<std::string>;
using nlohmann::json;

const Arguments kNodeWorkspace = {"-g", "rg", "-w", "ws"};

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A port that nobody has now.
std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ::close(socket);
  return ntohs(address.sin_port);
}

/// What a server at this port of this machine says.
std::string greeting_at(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  std::string text;
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    char buffer[64] = {};
    text.assign(buffer, std::max<ssize_t>(::read(socket, buffer, sizeof buffer), 0));
  }
  ::close(socket);
  return text;
}

/// Nodes of the cluster `c` that the key `key` opens.
class NodeLogin : public ServiceTest {
 protected:
  void begin(const Arguments& options = {}) {
    if (run_process({"sh", "-c", "command -v ssh ssh-keygen"}).exit_code != 0) {
      GTEST_SKIP() << "ssh is not installed (openssh-client)";
    }
    for (const char* name : {"key", "wrong"}) {
      run_process({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", (folder_.path() / name).string()});
    }
    start_service(options);
    const auto log = batchai({"local", "logs"}).out;
    if (const auto found = log.find("Nodes have no SSH server"); found != std::string::npos) {
      GTEST_SKIP() << log.substr(found, log.find('\n', found) - found);
    }
    batchai_ok({"group", "create", "-n", "rg", "-l", "eastus"});
    batchai_ok({"files", "share", "create", "-n", "share"});
    batchai_ok({"workspace", "create", "-g", "rg", "-n", "ws"});
    batchai_ok(Arguments{"cluster", "create", "-n", "c", "--vm-size", "STANDARD_NC6", "--target", "1", "-u", "demo",
                         "-k", (folder_.path() / "key.pub").string(), "--afs-name", "share", "--afs-mount-path", "afs",
                         "--storage-account-name", endpoints().at("storageAccount").get<std::string>()} +
               kNodeWorkspace);
    batchai_ok(Arguments{"experiment", "create", "-n", "e"} + kNodeWorkspace);
    eventually("the node is there", [&] { return nodes().size() == 1; });
  }

  json nodes() const { return batchai_json(Arguments{"cluster", "node", "list", "-c", "c"} + kNodeWorkspace); }
  json node() const { return nodes().at(0); }
  ProcessResult exec(const std::string& command, const std::string& key = "key") const {
    return batchai(
        Arguments{"cluster", "node", "exec", "-c", "c", "-k", (folder_.path() / key).string(), "--exec", command} +
        kNodeWorkspace);
  }
  /// The words of an OpenSSH client as people start it.
  Arguments ssh(const Arguments& more) const {
    return Arguments{"ssh",
                     "-F",
                     "none",
                     "-o",
                     "BatchMode=yes",
                     "-o",
                     "StrictHostKeyChecking=no",
                     "-o",
                     "UserKnownHostsFile=/dev/null",
                     "-o",
                     "LogLevel=ERROR",
                     "-i",
                     (folder_.path() / "key").string(),
                     "-p",
                     std::to_string(node().at("port").get<int>())} +
           more + Arguments{"demo@" + node().at("ipAddress").get<std::string>()};
  }

  /// A job that greets everybody at a port of its own, and ends when there is a file `go`, or no share any more.
  void start_greeting_job() {
    submit_job("j", {{"nodeCount", 1},
                     {"environmentVariables", {{{"name", "MINE"}, {"value", "a b"}}}},
                     {"secrets", {{{"name", "TOKEN"}, {"value", "hush-hush"}}}},
                     {"outputDirectories", {{{"id", "OUT"}, {"pathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/afs"}}}},
                     {"customToolkitSettings", {{"commandLine", R"sh(/usr/bin/python3 -c '
import os, socket, threading, time
listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen()
def greet():
  while True:
    with listener.accept()[0] as client: client.sendall(b"hello from the job")
threading.Thread(target=greet, daemon=True).start()
share = os.environ["AZ_BATCHAI_MOUNT_ROOT"] + "/afs/"
open(share + "port.new", "w").write(str(listener.getsockname()[1])); os.rename(share + "port.new", share + "port")
while os.path.exists(share + "port") and not os.path.exists(share + "go"): time.sleep(0.05)
')sh"}}}});
    eventually("the job has begun", [&] { return !content_of(share_folder() / "port").empty(); });
  }
};

TEST_F(NodeLogin, SeesDuringAJobWhatTheJobSees) {
  begin();
  if (IsSkipped()) {
    return;
  }
  start_greeting_job();
  const auto result = exec(
      "id -un; echo $MINE $TOKEN; ls $AZ_BATCHAI_MOUNT_ROOT/afs; [ -d $AZ_BATCHAI_OUTPUT_OUT ] && echo output; "
      "[ -d $AZ_BATCHAI_JOB_TEMP ] && echo temp; echo $HOME; exit 9");
  EXPECT_EQ(result.exit_code, 9) << result.err;
  EXPECT_THAT(result.out, StartsWith("demo\na b hush-hush\n"));
  EXPECT_THAT(result.out, HasSubstr("port\n"));
  EXPECT_THAT(result.out, HasSubstr("output\ntemp\n" + (data_folder() / "nodes").string()));

  const auto hidden = exec("ls -a " + data_folder().string() + "; cat " + (data_folder() / "endpoints.json").string());
  EXPECT_NE(hidden.exit_code, 0);
  EXPECT_THAT(hidden.out, Not(HasSubstr("batchai.db")));
  EXPECT_THAT(hidden.out, Not(HasSubstr("clientSecret")));

  const auto job_exec = batchai(Arguments{"job", "node", "exec", "-j", "j", "-e", "e", "-k",
                                          (folder_.path() / "key").string(), "--exec", "echo $TOKEN; exit 3"} +
                                kNodeWorkspace);
  EXPECT_EQ(job_exec.exit_code, 3);
  EXPECT_EQ(job_exec.out, "hush-hush\n") << job_exec.err;
}

TEST_F(NodeLogin, ReachesAPortOfTheJob) {
  begin();
  if (IsSkipped()) {
    return;
  }
  start_greeting_job();
  const auto port = content_of(share_folder() / "port");
  EXPECT_EQ(run_process(ssh({"-W", "127.0.0.1:" + port})).out, "hello from the job");
  const auto local = free_port();
  const auto forward =
      batchai_in_background(Arguments{"cluster", "node", "exec", "-c", "c", "-k", (folder_.path() / "key").string(),
                                      "-L", std::to_string(local) + ":localhost:" + port} +
                            kNodeWorkspace);
  eventually("the port is forwarded", [&] { return greeting_at(local) == "hello from the job"; });
}

TEST_F(NodeLogin, IsForThoseWithTheKeyAndAsLongAsThereIsANode) {
  begin();
  if (IsSkipped()) {
    return;
  }
  EXPECT_EQ(exec("cat $AZ_BATCHAI_MOUNT_ROOT/afs/none || echo mounted $(ls -d $AZ_BATCHAI_MOUNT_ROOT/afs)").exit_code,
            0);
  const auto wrong = exec("id", "wrong");
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("Permission denied (publickey)"));
  const auto place = ssh({});
  batchai_ok(Arguments{"cluster", "resize", "-n", "c", "--target", "0"} + kNodeWorkspace);
  eventually("there is no node", [&] { return nodes().empty(); });
  eventually("nobody answers", [&] { return run_process(place).err.find("Connection refused") != std::string::npos; });
}

TEST_F(NodeLogin, IsPossibleAgainAfterAKillOfTheService) {
  begin();
  if (IsSkipped()) {
    return;
  }
  const auto before = node();
  Process session(ssh({}) + Arguments{"echo here; sleep 1000"});
  eventually("somebody is there", [&] { return session.out() == "here\n"; });
  kill_service();
  EXPECT_EQ(session.wait().exit_code, 255);
  start_service();
  EXPECT_EQ(node().at("nodeId"), before.at("nodeId"));
  EXPECT_EQ(node().at("ipAddress"), before.at("ipAddress"));
  EXPECT_EQ(exec("exit 4").exit_code, 4);
}

TEST_F(NodeLogin, IsOffWhereTheOperatorSaysSo) {
  start_service({"--node-ssh", "off"});
  prepare_cluster();
  eventually("the node is there", [&] { return nodes().size() == 1; });
  EXPECT_EQ(node().at("port"), 50000);
  EXPECT_EQ(node().at("ipAddress"), "127.0.0.1");
}

}  // namespace
}  // namespace batchai::test
