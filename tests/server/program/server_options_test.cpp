#include "server/program/server_options.hpp"

#include "server/program/descriptor_limit.hpp"
#include "server/program/settings.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::server::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ServerOptionsTest : public ::testing::Test {
 protected:
  static std::optional<ServerOptions> read(std::vector<std::string> words) {
    words.insert(words.begin(), "batchai-server");
    std::vector<const char*> pointers;
    for (const auto& word : words) {
      pointers.push_back(word.c_str());
    }
    return read_server_options(static_cast<int>(pointers.size()), pointers.data());
  }

  static std::string error_of(const std::vector<std::string>& words) {
    try {
      read(words);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "read";
  }

  std::string config(const std::string& text) const {
    std::ofstream(file_) << text;
    return file_.string();
  }

  std::string error_of_config(const std::string& text) const {
    const std::string error = error_of({"--data-dir", "d", "--config", config(text)});
    EXPECT_THAT(error, StartsWith("the configuration file " + file_.string()));
    return error;
  }

  batchai::test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "server.json";
};

TEST_F(ServerOptionsTest, HaveTheDefaultsOfTheDocumentation) {
  const auto options = read({"--data-dir", "d"});
  EXPECT_EQ(options->host, "127.0.0.1");
  EXPECT_EQ(options->management_port, 10010);
  EXPECT_EQ(options->files_port, 10011);
  EXPECT_EQ(options->tls, TlsMode::Auto);
  EXPECT_EQ(options->containers, ContainersMode::Auto);
  EXPECT_EQ(options->log.level, "info");
  EXPECT_EQ(options->operations.keep, std::chrono::hours(48));
}

TEST_F(ServerOptionsTest, TakeAllFromTheFileInEitherSpelling) {
  const auto options =
      read({"--config", config(R"({"data-dir": "/d", "managementPort": 0, "files-port": 12, "tls": "c,k",
      "containers": "host", "nodeIdleSeconds": 5, "logFormat": "json", "log-file": "/l",
      "quotas": {"dedicatedCores": 7, "active-jobs": 8},
      "limits": {"connections": 9, "idleSeconds": 10, "workers": 3},
      "operations": {"keepHours": 24, "keepCount": 1000}})")});
  EXPECT_EQ(options->data_dir, "/d");
  EXPECT_EQ(options->management_port, 0);
  EXPECT_EQ(options->files_port, 12);
  EXPECT_EQ(options->tls, TlsMode::Files);
  EXPECT_EQ(options->certificate, "c");
  EXPECT_EQ(options->private_key, "k");
  EXPECT_EQ(options->containers, ContainersMode::Host);
  EXPECT_EQ(options->node_idle_time, std::chrono::seconds(5));
  EXPECT_EQ(options->log.format, LogFormat::Json);
  EXPECT_EQ(options->log.file, "/l");
  EXPECT_EQ(options->quotas.dedicated_cores, 7);
  EXPECT_EQ(options->quotas.active_jobs, 8);
  EXPECT_EQ(options->limits.connections, 9U);
  EXPECT_EQ(options->limits.idle_time, std::chrono::seconds(10));
  EXPECT_EQ(options->workers, 3U);
  EXPECT_EQ(options->operations.keep, std::chrono::hours(24));
  EXPECT_EQ(options->operations.most, 1000);
}

TEST_F(ServerOptionsTest, OfTheCommandLineAreStronger) {
  const auto options = read({"--files-port", "2", "--config", config(R"({"dataDir": "d", "filesPort": 1})")});
  EXPECT_EQ(options->files_port, 2);
}

TEST_F(ServerOptionsTest, ArePrintedAsAFileThatReadsTheSame) {
  ::testing::internal::CaptureStdout();
  EXPECT_FALSE(read({"--data-dir", "/d", "--containers", "host", "--tls", "c,k", "--check-config"}));
  const std::string printed = ::testing::internal::GetCapturedStdout();
  const auto again = read({"--config", config(printed)});
  EXPECT_EQ(settings_document(*again), nlohmann::json::parse(printed));
  EXPECT_EQ(again->containers, ContainersMode::Host);
}

TEST_F(ServerOptionsTest, PrintHelpWithEveryOption) {
  ::testing::internal::CaptureStdout();
  EXPECT_FALSE(read({"--help"}));
  const std::string help = ::testing::internal::GetCapturedStdout();
  for (const Setting& setting : settings()) {
    if (setting.on_command_line()) {
      EXPECT_THAT(help, HasSubstr("--" + setting.name));
    }
  }
}

TEST_F(ServerOptionsTest, NameTheLineOfBrokenJson) {
  EXPECT_THAT(error_of_config("{\n  \"host\": ,\n}"), AllOf(HasSubstr("line 2"), HasSubstr("column 11")));
  EXPECT_THAT(error_of_config(""), HasSubstr("line 1"));
  EXPECT_THAT(error_of_config("[1]"), HasSubstr("JSON object, not array"));
}

TEST_F(ServerOptionsTest, NameTheMemberThatIsWrong) {
  EXPECT_THAT(error_of_config(R"({"hots": "x"})"), HasSubstr("'hots', which is not a setting"));
  EXPECT_THAT(error_of_config(R"({"config": "x"})"), HasSubstr("'config', which is not a setting"));
  EXPECT_THAT(error_of_config(R"({"limits": {"connection": 1}})"), HasSubstr("'limits.connection', which is not"));
  EXPECT_THAT(error_of_config(R"({"limits": 5})"), HasSubstr("'limits', which has to be an object"));
  EXPECT_THAT(error_of_config(R"({"filesPort": "12"})"),
              HasSubstr("'filesPort', which takes a whole number, not \"12\""));
  EXPECT_THAT(error_of_config(R"({"filesPort": 1.5})"), HasSubstr("takes a whole number, not 1.5"));
  EXPECT_THAT(error_of_config(R"({"host": null})"), HasSubstr("takes a string, not null"));
  EXPECT_THAT(error_of_config(R"({"host": {}})"), HasSubstr("takes a string, not an object"));
  EXPECT_THAT(error_of_config(R"({"filesPort": 65536})"), HasSubstr("from 0 to 65535, not '65536'"));
  EXPECT_THAT(error_of_config(R"({"operations": {"keepHours": 23}})"),
              HasSubstr("'operations.keepHours', which takes"));
  EXPECT_THAT(error_of_config(R"({"host": "a", "host": "b"})"), HasSubstr("stands twice: 'host'"));
  EXPECT_THAT(error_of_config(R"({"filesPort": 1, "files-port": 2})"), HasSubstr("two spellings"));
  EXPECT_THAT(error_of_config(R"({"logFormat": "xml"})"), HasSubstr("takes one of text, json, not 'xml'"));
}

TEST_F(ServerOptionsTest, NameAFileThatIsNotThereOrNoFile) {
  EXPECT_THAT(error_of({"--config", "/nowhere/x.json"}), HasSubstr("/nowhere/x.json does not exist"));
  EXPECT_THAT(error_of({"--config", folder_.path().string()}), HasSubstr("cannot be read: Is a directory"));
}

TEST_F(ServerOptionsTest, AreCheckedOnTheCommandLine) {
  const auto with = [](std::vector<std::string> words) {
    words.insert(words.begin(), {"--data-dir", "d"});
    return error_of(words);
  };
  EXPECT_THAT(error_of({}), HasSubstr("--data-dir is required"));
  EXPECT_THAT(with({"--files-port", "65536"}), HasSubstr("--files-port takes a whole number from 0 to 65535"));
  EXPECT_THAT(with({"--files-port=-1"}), HasSubstr("not '-1'"));
  EXPECT_THAT(with({"--files-port", "80x"}), HasSubstr("not '80x'"));
  EXPECT_THAT(with({"--files-port", "10010"}), HasSubstr("have to differ"));
  EXPECT_THAT(with({"--engine", "docker"}), HasSubstr("--engine takes one of local, slurm, not 'docker'"));
  EXPECT_EQ(with({"--engine", "slurm"}), "read");
  EXPECT_THAT(with({"--tls", "cert.pem"}), HasSubstr("CERTIFICATE,KEY"));
  EXPECT_THAT(with({"--tls", "off", "--host", "0.0.0.0"}), HasSubstr("can be reached from other machines"));
  EXPECT_THAT(with({"--tls", "off", "--host", "::"}), HasSubstr("can be reached from other machines"));
  EXPECT_THAT(with({"--tls", "off", "--host", "::1"}), "read");
  EXPECT_THAT(with({"--tenant", "me"}), HasSubstr("--tenant takes a GUID"));
  EXPECT_THAT(with({"--account", "UPPER"}), HasSubstr("--account takes 3 to 24"));
  EXPECT_THAT(with({"--bogus"}), AllOf(HasSubstr("--bogus"), HasSubstr("--help")));
  EXPECT_THAT(with({"--log-level", "loud"}), HasSubstr("--log-level takes one of"));
}

TEST(DescriptorLimit, LeavesRoomForWhatConnectionsOpen) {
  EXPECT_EQ(descriptors_needed({.connections = 512}), 2304U);
  EXPECT_EQ(connections_within(2304), 512U);
  EXPECT_EQ(connections_within(1024), 192U);
  EXPECT_EQ(connections_within(10), 8U);
}

}  // namespace
}  // namespace batchai::server::test
