#include "server/monitoring/server_log.hpp"

#include "support/temporary_folder.hpp"

#include <fstream>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::SizeIs;

class ServerLogTest : public ::testing::Test {
 protected:
  ServerLog open(LogFormat format, const std::string& level = "info") {
    return ServerLog({.level = level, .format = format, .file = file_});
  }

  static std::vector<std::string> lines(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::vector<std::string> result;
    for (std::string line; std::getline(stream, line);) {
      result.push_back(line);
    }
    return result;
  }

  std::string only_line() const {
    const auto all = lines(file_);
    EXPECT_THAT(all, SizeIs(1));
    return all.empty() ? "" : all.front();
  }

  static Request request() {
    return {.method = "GET",
            .target = "/share/a%20b?sig=SIGNATURE",
            .path = "/share/a%20b",
            .query = "sig=SIGNATURE",
            .headers = {{"x-ms-client-request-id", "client-1"}, {"Authorization", "Bearer TOKEN"}},
            .remote_address = "127.0.0.1",
            .request_id = "id-1"};
  }

  static void log_request(ServerLog& log, const Request& request, int status = 206) {
    const std::string principal = "account";
    log.request("files", {.request = request,
                          .status = status,
                          .principal = principal,
                          .received_bytes = 120,
                          .sent_bytes = 3456,
                          .handling_time = std::chrono::microseconds(1250),
                          .total_time = std::chrono::microseconds(2500)});
  }

  batchai::test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "server.log";
};

TEST_F(ServerLogTest, WritesARequestAsOneLineOfText) {
  auto log = open(LogFormat::Text);
  log_request(log, request());
  EXPECT_THAT(only_line(),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z info request api=files id=id-1 "
                           "client_id=client-1 peer=127.0.0.1 principal=account principal_name=- "
                           "operation=- method=GET path=/share/a%20b "
                           "status=206 ms=2.5 handler_ms=1.25 received=120 sent=3456 end=-"));
}

TEST_F(ServerLogTest, WritesARequestAsJson) {
  auto log = open(LogFormat::Json);
  log_request(log, request());
  const auto line = nlohmann::json::parse(only_line());
  EXPECT_EQ(line.at("event"), "request");
  EXPECT_EQ(line.at("level"), "info");
  EXPECT_EQ(line.at("path"), "/share/a%20b");
  EXPECT_EQ(line.at("status"), 206);
  EXPECT_EQ(line.at("ms"), 2.5);
  EXPECT_EQ(line.at("sent"), 3456);
  EXPECT_FALSE(line.contains("end"));
}

TEST_F(ServerLogTest, HoldsNoQueryAndNoHeaderThatGivesAccess) {
  for (const auto format : {LogFormat::Text, LogFormat::Json}) {
    auto log = open(format, "trace");
    log_request(log, request());
    log.failure(request(), "cannot open https://a/b?sv=1&sig=SIGNATURE&se=2 with AccountKey=KEY; Bearer TOKEN");
    log.error("client_secret=SECRET&x=1");
  }
  for (const auto& line : lines(file_)) {
    for (const char* secret : {"SIGNATURE", "TOKEN", "KEY;", "SECRET"}) {
      EXPECT_THAT(line, Not(HasSubstr(secret)));
    }
  }
}

TEST_F(ServerLogTest, LetsNoPeerBeginALineOfItsOwn) {
  Request hostile = request();
  hostile.path = "/a\n2026-01-01T00:00:00.000Z error \"forged\" status=200\r\x1b[31m";
  hostile.headers.set("x-ms-client-request-id", "x status=200");
  for (const auto format : {LogFormat::Text, LogFormat::Json}) {
    auto log = open(format);
    log_request(log, hostile, 404);
    log.failure(hostile, "first\nsecond");
    log.warning("a file says:\nb");
  }
  const auto all = lines(file_);
  ASSERT_THAT(all, SizeIs(6));
  EXPECT_THAT(all[0], HasSubstr(R"(client_id="x status=200")"));
  EXPECT_THAT(all[0], HasSubstr(R"(path="/a\n2026-)"));
  EXPECT_EQ(nlohmann::json::parse(all[3]).at("path"), hostile.path);
}

TEST_F(ServerLogTest, LetsNoPeerSteerTheTerminalThatItIsReadOn) {
  Request hostile = request();
  hostile.path = "/a\u009b2J\u202eb";
  for (const auto format : {LogFormat::Text, LogFormat::Json}) {
    auto log = open(format);
    log_request(log, hostile, 404);
    log.warning("the name a\u009b2J\u202eb is odd");
  }
  for (const auto& line : lines(file_)) {
    EXPECT_THAT(line, HasSubstr(R"(a\u009b2J\u202eb)"));
  }
  EXPECT_EQ(nlohmann::json::parse(lines(file_)[2]).at("path"), hostile.path);
}

TEST_F(ServerLogTest, TakesBytesThatAreNoUtf8) {
  Request odd = request();
  odd.path = "/\xff\xfe";
  auto log = open(LogFormat::Json);
  log_request(log, odd);
  EXPECT_NO_THROW(nlohmann::json::parse(only_line()));
}

TEST_F(ServerLogTest, CutsWhatIsEndless) {
  auto log = open(LogFormat::Text);
  log.error(std::string(1'000'000, 'x'));
  EXPECT_LT(only_line().size(), 3000U);
}

TEST_F(ServerLogTest, LeavesOutWhatIsBelowItsLevel) {
  auto log = open(LogFormat::Text, "warn");
  log_request(log, request());
  log.info("nothing");
  log.warning("something");
  EXPECT_THAT(only_line(), HasSubstr(" warning something"));
}

TEST_F(ServerLogTest, KeepsMonitorsOutOfTheWayUnlessSomethingIsWrong) {
  Request probe = request();
  probe.path = "/healthz";
  auto log = open(LogFormat::Text);
  log_request(log, probe, 200);
  log_request(log, probe, 503);
  EXPECT_THAT(only_line(), HasSubstr("status=503"));
}

TEST_F(ServerLogTest, GoesOnInANewFileAfterTheOldOneWasMovedAway) {
  auto log = open(LogFormat::Text);
  log.info("before");
  const auto old = folder_.path() / "server.log.1";
  std::filesystem::rename(file_, old);
  log.info("still before");
  EXPECT_TRUE(log.reopen());
  log.info("after");
  EXPECT_THAT(lines(old), SizeIs(2));
  EXPECT_THAT(only_line(), HasSubstr("after"));
  EXPECT_EQ(std::filesystem::status(file_).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ServerLogTest, StaysInTheOldFileIfThereCanBeNoNewOne) {
  const auto folder = folder_.path() / "log";
  std::filesystem::create_directory(folder);
  ServerLog log({.file = folder / "server.log"});
  std::filesystem::rename(folder, folder_.path() / "moved");
  EXPECT_THROW(log.reopen(), std::runtime_error);
  log.info("here");
  EXPECT_THAT(lines(folder_.path() / "moved" / "server.log"), SizeIs(1));
}

TEST_F(ServerLogTest, CountsLinesThatAFullDiskDidNotTake) {
  ServerLog log({.file = "/dev/full"});
  log.info("a");
  log.info("b");
  EXPECT_EQ(log.lost_lines(), 2U);
}

TEST_F(ServerLogTest, NamesAFileThatCannotBeOpened) {
  try {
    ServerLog log({.file = folder_.path() / "missing" / "server.log"});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("missing/server.log: No such file"));
  }
}

TEST_F(ServerLogTest, MixesNoLinesOfManyThreads) {
  auto log = open(LogFormat::Json);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&log] {
      for (int i = 0; i < 100; ++i) {
        log.info(std::string(500, 'x'));
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  const auto all = lines(file_);
  EXPECT_THAT(all, SizeIs(400));
  for (const auto& line : all) {
    EXPECT_EQ(nlohmann::json::parse(line).at("message"), std::string(500, 'x'));
  }
}

}  // namespace
}  // namespace batchai::server::test
