#include "core/descriptor.hpp"
#include "e2e/server_test.hpp"
#include "e2e/service.hpp"
#include "support/exposition.hpp"

#include <csignal>
#include <fstream>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

namespace batchai::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Operating : public ServerTest {
 protected:
  static std::string read(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  static std::vector<nlohmann::json> json_lines(const std::filesystem::path& file) {
    std::vector<nlohmann::json> result;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
      result.push_back(nlohmann::json::parse(line));
    }
    return result;
  }
};

/// A connection to the loopback address on which `text` was sent.
Descriptor connect_and_send(std::uint16_t port, std::string_view text) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  if (!text.empty()) {
    EXPECT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  return socket;
}

/// A connection whose request never ends.
class HangingRequest {
 public:
  explicit HangingRequest(std::uint16_t port)
      : socket_(connect_and_send(
            port,
            "POST /adfs/oauth2/token HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")) {
    // The invitation says that the request has begun.
    char answer[64];
    EXPECT_GT(::recv(socket_.get(), answer, sizeof answer, 0), 0);
  }

 private:
  Descriptor socket_;
};

TEST_F(Operating, TellsItsHealthToAnybody) {
  start();
  const auto answer = get("/healthz");
  EXPECT_EQ(answer.status, 200);
  const auto document = nlohmann::json::parse(answer.body);
  EXPECT_EQ(document.at("status"), "ok");
  EXPECT_THAT(document.at("version").get<std::string>(), Not(""));
  EXPECT_EQ(document.at("checks"), nlohmann::json({{"store", "ok"}, {"scheduler", "ok"}, {"engine", "ok"}}));
}

TEST_F(Operating, SaysWhatJobsRunIn) {
  start({"--isolation", "none"});
  const auto document = nlohmann::json::parse(get("/healthz").body);
  EXPECT_EQ(document.at("isolation"), "none");
  EXPECT_FALSE(document.contains("warnings")) << "it was asked for";
}

TEST_F(Operating, WarnsWhereJobsRunWithoutASandboxForLackOfBubblewrap) {
  start({}, {"env", "PATH=" + folder_.path().string()});
  const auto document = nlohmann::json::parse(get("/healthz").body);
  EXPECT_EQ(document.at("isolation"), "none");
  EXPECT_THAT(document.at("warnings").at(0).get<std::string>(), HasSubstr("bubblewrap is not installed"));
  EXPECT_THAT(stop().err, HasSubstr("Jobs run without a sandbox"));
}

TEST_F(Operating, DoesNotStartWithoutTheSandboxThatIsAskedFor) {
  const auto refused = run_process(std::vector<std::string>{"env", "PATH=" + folder_.path().string()} +
                                   command({"--isolation", "sandbox"}));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--isolation sandbox: bubblewrap is not installed"));
}

TEST_F(Operating, ShowsFiguresInPrometheusFormat) {
  start();
  const std::string access = token();
  ASSERT_EQ(put_group(access, "g").status, 201);
  ASSERT_EQ(get_group(access, "nothing").status, 404);
  const auto answer = get("/metrics");
  EXPECT_THAT(answer.headers.get("Content-Type"), HasSubstr("text/plain; version=0.0.4"));
  const Exposition shown(answer.body);
  const auto requests = [&](const char* method, const char* status) {
    return shown.value("batchai_http_requests_total", {{"api", "management"}, {"method", method}, {"status", status}});
  };
  EXPECT_EQ(requests("PUT", "201"), 1);
  EXPECT_EQ(requests("GET", "404"), 1);
  EXPECT_EQ(requests("POST", "200"), 1);
  EXPECT_EQ(shown.value("batchai_resources", {{"kind", "resourceGroup"}}), 2) << "with that of the storage account";
  EXPECT_EQ(shown.value("batchai_nodes", {{"state", "idle"}}), 0);
  EXPECT_EQ(shown.value("batchai_queue_length"), 0);
  EXPECT_GE(shown.value("batchai_http_connections", {{"api", "management"}}), 1);
  EXPECT_GT(shown.value("process_open_fds"), 0);
  EXPECT_GT(shown.value("batchai_store_write_duration_seconds_count"), 0);
}

TEST_F(Operating, ShowsFiguresToOtherMachinesOnlyWithAToken) {
  start();
  EXPECT_EQ(get("/metrics", {{"X-Forwarded-For", "192.0.2.1"}}).status, 401);
  EXPECT_EQ(get("/metrics", {{"X-Forwarded-For", "192.0.2.1"}, {"Authorization", "Bearer x"}}).status, 401);
  EXPECT_EQ(get("/metrics", {{"X-Forwarded-For", "192.0.2.1"}, {"Authorization", "Bearer " + token()}}).status, 200);
}

TEST_F(Operating, WritesALogOfJsonWithoutSecrets) {
  const auto log = folder_.path() / "log.json";
  start({"--log-format", "json", "--log-file", log.string()});
  const std::string access = token();
  put_group(access, "g");
  const std::string secret = endpoints().at("clientSecret");
  send("GET", "/subscriptions?api-version=2021-01-01&sig=SIGNATURE",
       {{"Authorization", "Bearer " + access}, {"x-ms-client-request-id", "mine"}});
  EXPECT_EQ(stop().err, "");
  std::vector<std::string> events;
  for (const auto& line : json_lines(log)) {
    events.push_back(line.at("event"));
    if (line.value("client_id", "") == "mine") {
      EXPECT_EQ(line.at("path"), "/subscriptions");
      EXPECT_EQ(line.at("principal"), endpoints().at("clientId"));
      EXPECT_EQ(line.at("status"), 200);
      EXPECT_EQ(line.at("api"), "management");
    }
  }
  EXPECT_EQ(events.front(), "started");
  EXPECT_EQ(events.back(), "stopped");
  EXPECT_THAT(read(log), AllOf(HasSubstr("\"mine\""), Not(HasSubstr("SIGNATURE")), Not(HasSubstr(access)),
                               Not(HasSubstr(secret))));
}

TEST_F(Operating, GoesOnInANewLogFileOnHangup) {
  const auto log = folder_.path() / "server.log";
  start({"--log-file", log.string()});
  std::filesystem::rename(log, folder_.path() / "server.log.1");
  server_->signal(SIGHUP);
  eventually("there is a new file", [&] { return read(log).find("log_reopened") != std::string::npos; });
  get("/nothing");
  EXPECT_EQ(stop().exit_code, 0);
  EXPECT_THAT(read(log), HasSubstr("path=/nothing"));
}

TEST_F(Operating, EndsWithZeroOnEitherSignal) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    start();
    server_->signal(signal);
    EXPECT_EQ(server_->wait().exit_code, 0) << signal;
  }
}

TEST_F(Operating, StopsAtOnceWhenToldTwice) {
  start();
  const HangingRequest request(port());
  server_->signal(SIGTERM);
  eventually("it has begun to stop", [this] { return server_->err().find("stopping") != std::string::npos; });
  server_->signal(SIGTERM);
  const auto result = server_->wait(std::chrono::seconds(15));  // the grace is 20
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("aborted"));
}

TEST_F(Operating, RefusesASecondServiceOnTheSameFolder) {
  start();
  const auto second = run(command());
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr("in use by another process"));
  EXPECT_EQ(get("/healthz").status, 200);
}

TEST_F(Operating, NamesAPortThatIsTaken) {
  start();
  const std::string taken = std::to_string(port());
  data_ = folder_.path() / "other";
  const auto second = run(command({"--files-port", taken}));
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err,
              AllOf(HasSubstr("127.0.0.1:" + taken), HasSubstr("Address already in use"), HasSubstr("--files-port")));
}

TEST_F(Operating, NamesADataFolderThatCannotBe) {
  std::ofstream(data_) << "a file";
  const auto result = run(command());
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr(data_.string()), HasSubstr("Not a directory")));
}

TEST_F(Operating, EndsWithTwoForABadConfiguration) {
  const auto file = folder_.path() / "server.json";
  std::ofstream(file) << R"({"engine": "pbs"})";
  const auto engine = run(command({"--config", file.string()}));
  EXPECT_EQ(engine.exit_code, 2);
  EXPECT_THAT(engine.err, HasSubstr("'pbs'"));
  std::ofstream(file) << R"({"engin": "local"})";
  const auto unknown = run(command({"--config", file.string()}));
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr(file.string()), HasSubstr("'engin'")));
  EXPECT_FALSE(std::filesystem::exists(data_)) << "nothing was made";
}

TEST_F(Operating, LivesWithFewDescriptors) {
  start({}, {"prlimit", "--nofile=96"});
  EXPECT_THAT(server_->err(), HasSubstr("LimitNOFILE="));
  std::vector<std::unique_ptr<HangingRequest>> hanging;
  // The service keeps 8 connections at a time; the client's own need two of them.
  for (int i = 0; i < 5; ++i) {
    hanging.push_back(std::make_unique<HangingRequest>(port()));
  }
  const std::string access = token();
  EXPECT_EQ(put_group(access, "g").status, 201);
  EXPECT_EQ(get("/healthz").status, 200);
}

TEST_F(Operating, TakesNoMoreLargeBodiesThanItHasMemoryFor) {
  start();
  const std::string access = token();
  const std::string path = "/subscriptions/" + endpoints().at("subscriptionId").get<std::string>() +
                           "/resourcegroups/g?api-version=2021-04-01";
  const std::string head = "PUT " + path + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + access +
                           "\r\nContent-Type: application/json\r\nContent-Length: 16000000\r\n\r\n";
  const Descriptor first = connect_and_send(port(), head + std::string(15'000'000, ' '));
  eventually("a second one is refused", [&] {
    return send("PUT", path, {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + access}},
                std::string(8'000'000, ' '))
               .status == 503;
  });
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which reserve address space beyond any limit
TEST_F(Operating, EndsWithASentenceWhereThereIsTooLittleMemoryToStart) {
  for (const int megabytes : {100, 120, 150, 200}) {
    const std::string limit = "--as=" + std::to_string(megabytes * 1'000'000);
    // The stacks of its threads are what takes most.
    Process server(std::vector<std::string>{"prlimit", limit, "--stack=8388608"} + command());
    const auto result = server.wait(std::chrono::seconds(20));
    EXPECT_EQ(result.exit_code, 1) << megabytes;
    EXPECT_THAT(result.err, HasSubstr("raise the limit")) << megabytes;
  }
}
#endif

TEST_F(Operating, TellsItsHealthWithinASecondWhileOthersHoldAllConnections) {
  start();
  const std::string token = "POST /adfs/oauth2/token HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx";
  const std::string group = "PUT /subscriptions/s/resourcegroups/g HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx";
  for (const std::string& begun : {std::string(), std::string("GET / HTTP/1.1\r\n"), token, group}) {
    std::vector<Descriptor> holding;
    for (int i = 0; i < 600; ++i) {
      holding.push_back(connect_and_send(port(), begun));
    }
    const auto asked = std::chrono::steady_clock::now();
    EXPECT_EQ(get("/healthz").status, 200) << begun;
    EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(1)) << begun;
  }
}

}  // namespace
}  // namespace batchai::test
