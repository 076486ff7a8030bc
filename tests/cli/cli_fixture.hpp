#pragma once

#include "cli/program/entry.hpp"
#include "cli/program/tree.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_transport.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace batchai::cli::test {

/// What one run of the program left behind.
struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

/// Runs the program in this process, over a scripted network, with a configuration folder of its own.
class CliTest : public ::testing::Test {
 protected:
  CliTest() {
    std::string name = (std::filesystem::temp_directory_path() / "batchai-cli-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    variables_ = {{"BATCHAI_CONFIG_DIR", (folder_ / "config").string()},
                  {"HOME", (folder_ / "home").string()},
                  {"USER", "demo"},
                  {"BATCHAI_ACCESS_TOKEN", "token"},
                  {"AZURE_SUBSCRIPTION_ID", "sub"}};
  }
  ~CliTest() override { std::filesystem::remove_all(folder_); }

  /// `output`: takes what would be in the outcome's `out`.
  Outcome run(const std::vector<std::string>& words, std::ostream* output = nullptr) {
    std::istringstream in(input_);
    std::ostringstream out;
    std::ostringstream err;
    Streams io{.in = in,
               .out = output != nullptr ? *output : out,
               .err = err,
               .in_terminal = terminal_,
               .out_terminal = out_terminal_,
               .err_terminal = terminal_,
               .width = width_,
               .colour = colour_ || animated_};
    io.moves_cursor = animated_ || out_terminal_;
    io.size = [this] { return size_; };
    io.out_closed = [this] {
      if (on_look_) {
        on_look_();
      }
      return out_closed_;
    };
    Host host{.io = io,
              .environment = Environment::of(variables_),
              .clock = real_clock_ ? system_clock() : clock_,
              .make_transport = [this](const TransportOptions& options) -> std::shared_ptr<Transport> {
                transport_options_ = options;
                return network_ ? network_ : transport_;
              },
              .interruption = [this] { return interruption_; },
              .executable = folder_ / "bin" / "batchai"};
    const int exit_code = run_batchai(words, host);
    return {exit_code, out.str(), err.str()};
  }

  /// Both lines, without the line end of the last one.
  void expect_error(const std::vector<std::string>& words, int exit_code, const std::string& err) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, exit_code);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, err + "\n");
  }

  std::string write_file(const std::string& name, const std::string& content) const {
    const std::filesystem::path file = folder_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
  }
  static std::string read(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  /// The URL below the subscription, with the version of Batch AI.
  static std::string url(const std::string& path) {
    return "https://management.azure.com/subscriptions/sub" + path + "?api-version=2018-05-01";
  }
  static std::string workspace_path() { return "/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/w"; }
  static std::string id(const std::string& path) { return "/subscriptions/sub" + path; }
  static HttpResponse not_found(const std::string& what) {
    return batchai::test::json_response(
        404, R"({"error":{"code":"ResourceNotFound","message":")" + what + R"( was not found."}})");
  }

  std::filesystem::path folder_;
  std::map<std::string, std::string> variables_;
  std::string input_;
  /// Input and errors are on a terminal.
  bool terminal_ = false;
  /// Output is on one that can move its cursor.
  bool out_terminal_ = false;
  std::size_t width_ = 80;
  bool colour_ = false;
  /// The terminal has colours and spinners.
  bool animated_ = false;
  TerminalSize size_;
  /// Nobody reads the output any more.
  bool out_closed_ = false;
  /// Called whenever the program looks whether that is so.
  std::function<void()> on_look_;
  bool real_clock_ = false;
  CancellationToken interruption_;
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  /// What the network was asked for with, the last time.
  TransportOptions transport_options_;
  /// Stands in for the scripted one.
  std::shared_ptr<Transport> network_;
  std::shared_ptr<batchai::test::FakeTransport> transport_ = std::make_shared<batchai::test::FakeTransport>();
};

/// Whether files are to be written anew instead of compared.
inline bool updates_golden() {
  const char* update = std::getenv("BATCHAI_UPDATE_GOLDEN");
  return update != nullptr && std::string(update) == "1";
}

/// What to do about a difference that is wanted.
inline constexpr const char* kHowToUpdate =
    "\nIf this is wanted, run 'BATCHAI_UPDATE_GOLDEN=1 ctest -R ^cli' in the build folder, and look at the changes.";

/// Compares `text` with a committed file; BATCHAI_UPDATE_GOLDEN=1 writes it instead.
inline void expect_file(const std::filesystem::path& file, const std::string& text) {
  if (updates_golden()) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  std::ifstream stream(file, std::ios::binary);
  EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(stream), {})) << file.string() << kHowToUpdate;
}

/// The same for tests/cli/golden/NAME.
inline void expect_golden(const std::string& name, const std::string& text) {
  expect_file(std::filesystem::path(BATCHAI_GOLDEN_DIR) / name, text);
}

/// The same for a whole folder: a file that has no text any more is a difference, too.
inline void expect_folder(const std::filesystem::path& folder, const std::map<std::string, std::string>& texts) {
  for (const auto& [name, text] : texts) {
    expect_file(folder / name, text);
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (texts.contains(entry.path().filename().string())) {
      continue;
    }
    if (updates_golden()) {
      std::filesystem::remove(entry.path());
    } else {
      ADD_FAILURE() << entry.path().string() << " belongs to no command" << kHowToUpdate;
    }
  }
}

}  // namespace batchai::cli::test
