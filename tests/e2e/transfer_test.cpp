#include "e2e/service.hpp"

#include <csignal>
#include <fstream>
#include <random>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::size_t kFileSize = 96ULL << 20U;
constexpr std::size_t kPiece = 4ULL << 20U;
constexpr std::size_t kConnections = 8;

/// Transfers of the real program with the real service, either of which may die.
class TransferProgram : public ServiceTest {
 protected:
  void prepare() {
    start_service();
    batchai_ok({"files", "share", "create", "-n", "share"});
    std::mt19937_64 random(7);
    std::string block(kFileSize, '\0');
    for (std::size_t at = 0; at < block.size(); at += sizeof(std::uint64_t)) {
      const std::uint64_t value = random();
      block.replace(at, sizeof value, reinterpret_cast<const char*>(&value), sizeof value);
    }
    local_ = write_file("big", block);
  }
  bool is_like_local(const fs::path& file) const {
    return run_process({"cmp", local_.string(), file.string()}).exit_code == 0;
  }
  /// How many bytes of `file` are on the disk.
  static std::uint64_t filled(const fs::path& file) {
    const auto text = run_process({"stat", "-c", "%b", file.string()});
    return text.exit_code == 0 ? std::stoull(text.out) * 512 : 0;
  }
  /// Starts the command and kills the program when `file` holds enough.
  void kill_in_the_middle(const std::vector<std::string>& command, const fs::path& file) const {
    const auto process = batchai_in_background(command);
    eventually("something has been moved", [&] { return filled(file) > kFileSize / 4; });
    process->signal(SIGKILL);
    process->wait();
  }
  fs::path local_;
};

TEST_F(TransferProgram, AnUploadThatWasKilledIsGoneOnWith) {
  prepare();
  const std::vector<std::string> command = {"files", "upload", local_.string(), "share/big"};
  kill_in_the_middle(command, share_folder() / "big");
  const auto report = batchai_json(command);
  EXPECT_EQ(report.at("bytes"), kFileSize);
  EXPECT_LE(report.at("movedBytes").get<std::size_t>(), kFileSize * 3 / 4 + kConnections * kPiece);
  EXPECT_TRUE(is_like_local(share_folder() / "big"));
}

TEST_F(TransferProgram, ADownloadThatWasKilledIsGoneOnWith) {
  prepare();
  batchai_ok({"files", "upload", local_.string(), "share/big"});
  const fs::path target = folder_.path() / "back";
  const std::vector<std::string> command = {"files", "download", "share/big", target.string()};
  kill_in_the_middle(command, folder_.path() / ".back.batchai-part");
  EXPECT_FALSE(fs::exists(target));
  const auto report = batchai_json(command);
  EXPECT_LE(report.at("movedBytes").get<std::size_t>(), kFileSize * 3 / 4 + kConnections * kPiece);
  EXPECT_TRUE(is_like_local(target));
  EXPECT_FALSE(fs::exists(folder_.path() / ".back.batchai-part"));
}

TEST_F(TransferProgram, AServiceThatIsKilledAndStartedAgainIsWaitedFor) {
  prepare();
  const auto before = endpoints();
  const auto port_of = [](const std::string& url) {
    const std::string rest = url.substr(url.rfind(':') + 1);
    return rest.substr(0, rest.find('/'));
  };
  const auto process = batchai_in_background({"files", "upload", local_.string(), "share/big"});
  eventually("something has been moved", [&] { return filled(share_folder() / "big") > kFileSize / 8; });
  kill_service();
  batchai_ok({"local", "start", "--management-port", port_of(before.at("managementEndpoint")), "--files-port",
              port_of(before.at("filesEndpoint"))});
  const ProcessResult result = process->wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(is_like_local(share_folder() / "big"));
}

TEST_F(TransferProgram, CtrlCSaysHowToGoOn) {
  prepare();
  const auto process = batchai_in_background({"files", "upload", local_.string(), "share/big"});
  eventually("something has been moved", [&] { return filled(share_folder() / "big") > kFileSize / 8; });
  process->signal(SIGINT);
  const ProcessResult result = process->wait();
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_THAT(result.err, HasSubstr("the same command goes on where it ended"));
}

TEST_F(TransferProgram, FailuresAreListedAndTheRestGoesOn) {
  start_service();
  batchai_ok({"files", "share", "create", "-n", "share"});
  fs::create_directory(folder_.path() / "data");
  write_file("data/good", "1");
  write_file("data/CON", "2");
  const ProcessResult result = batchai({"files", "upload", "-r", (folder_.path() / "data").string(), "share"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("batchai: error: " + (folder_.path() / "data" / "CON").string() + ": "));
  const auto report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report.at("files"), 1);
  EXPECT_EQ(report.at("failed"), 1);
  EXPECT_THAT(report.at("failures").at(0).at("reason").get<std::string>(), HasSubstr("names of devices"));
}

TEST_F(TransferProgram, TheFailureOfALoneFileIsToldOnce) {
  start_service();
  batchai_ok({"files", "share", "create", "-n", "share"});
  batchai_ok({"files", "upload", write_file("one", "1").string(), "share"});
  fs::create_directories(folder_.path() / "taken" / "one");
  const auto target = folder_.path() / "taken";
  const ProcessResult lone = batchai({"files", "download", "share/one", target.string()});
  EXPECT_EQ(lone.exit_code, 1);
  EXPECT_EQ(lone.err, "batchai: error: cannot write '" + (target / "one").string() + "': it is a folder\n");

  batchai_ok({"files", "upload", write_file("two", "2").string(), "share"});
  const ProcessResult several = batchai({"files", "download", "share/one", "share/two", target.string()});
  EXPECT_EQ(several.exit_code, 1);
  EXPECT_EQ(several.err,
            "batchai: error: share/one: cannot write '" + (target / "one").string() + "': it is a folder\n");
  EXPECT_TRUE(fs::exists(target / "two"));
}

TEST_F(TransferProgram, TimesComeAlongSoThatNothingIsMovedTwice) {
  start_service();
  batchai_ok({"files", "share", "create", "-n", "share"});
  fs::create_directories(folder_.path() / "data" / "empty");
  write_file("data/a", "1");
  fs::last_write_time(
      folder_.path() / "data" / "a",
      std::chrono::floor<std::chrono::seconds>(fs::file_time_type::clock::now()) - std::chrono::hours(100));
  const std::string data = (folder_.path() / "data").string();
  batchai_ok({"files", "upload", "-r", data, "share"});
  EXPECT_EQ(batchai_json({"files", "upload", "-r", data, "share", "--if-changed"}).at("skipped"), 1);
  const fs::path back = folder_.path() / "back";
  batchai_ok({"files", "download", "-r", "share/data", back.string()});
  EXPECT_EQ(fs::last_write_time(back / "data" / "a"), fs::last_write_time(folder_.path() / "data" / "a"));
  EXPECT_TRUE(fs::is_directory(back / "data" / "empty"));
  EXPECT_EQ(batchai_json({"files", "download", "-r", "share/data", back.string(), "--if-changed"}).at("skipped"), 1);
  EXPECT_EQ(batchai_json({"files", "copy", "-r", "share/data", "share/copy"}).at("files"), 1);
  EXPECT_EQ(batchai_json({"files", "copy", "-r", "share/data", "share/copy", "--if-changed"}).at("skipped"), 1);
}

}  // namespace
}  // namespace batchai::test
