#include "e2e/terminal.hpp"

#include "e2e/service.hpp"
#include "support/socket_server.hpp"

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>

// What people see on a terminal, and that programs behind a pipe see nothing of it.
namespace batchai::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Words = std::vector<std::string>;

constexpr const char* kEscape = "\x1b[";
constexpr const char* kControlC = "\x03";

/// With a job that runs until release().
class HeldJob : public ServiceTest {
 protected:
  void start() {
    start_service();
    prepare_cluster();
    submit("held", "echo begun; while [ ! -e '" + gate().string() + "' ]; do sleep 0.05; done; echo done; exit 7");
  }
  void release() const { std::ofstream(gate()) << "go"; }

  Terminal on_terminal(const Words& words, int columns = 80) const {
    return {Words{BATCHAI_PROGRAM} + words, environment_, columns};
  }
  static Words stream() {
    return {"job", "file", "stream", "-g", "rg", "-w", "ws", "-e", "e", "-j", "held", "-f", "stdout.txt"};
  }
  static Words wait() { return Words{"job", "wait", "--interval", "1"} + job_options("held"); }
  static Words show() { return Words{"job", "show", "-o", "jsonc"} + job_options("held"); }

 private:
  /// Where a job sees it, too.
  std::filesystem::path gate() const { return share_folder() / "gate"; }
};

/// No line is wider than the terminal, as far as it is printed text.
void expect_fits(const std::string& bytes, int columns) {
  int column = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte == 0x1BU) {
      i = bytes.find_first_of("ABCDHJKm", i);
    } else if (byte == '\r' || byte == '\n') {
      column = 0;
    } else if ((byte & 0xC0U) != 0x80U) {
      ++column;
      EXPECT_LE(column, columns) << bytes;
    }
  }
}

class OnATerminal : public HeldJob, public ::testing::WithParamInterface<int> {};

TEST_P(OnATerminal, AWatchedClusterIsDrawnInPlaceUntilCtrlC) {
  start_service();
  prepare_cluster();
  Terminal terminal =
      on_terminal({"cluster", "show", "-g", "rg", "-w", "ws", "-n", "c", "--watch", "--interval", "1"}, GetParam());
  terminal.expect("Ctrl-C ends");
  terminal.expect("\x1b[4A");  // back over the three lines of the table and the one below
  terminal.type(kControlC);
  EXPECT_EQ(terminal.wait(), 130);
  EXPECT_THAT(terminal.bytes(), HasSubstr("STANDARD_NC6"));
  expect_fits(terminal.bytes(), GetParam());
}

TEST_P(OnATerminal, WaitingShowsTheStateAndCtrlCSaysWhatGoesOn) {
  start();
  Terminal terminal = on_terminal(wait(), GetParam());
  terminal.expect("waiting for the job 'held': running (");
  terminal.type(kControlC);
  EXPECT_EQ(terminal.wait(), 130);
  EXPECT_THAT(terminal.bytes(),
              HasSubstr("\r\x1b[Kbatchai: error: interrupted; the job 'held' goes on in the service"));
  expect_fits(terminal.bytes().substr(0, terminal.bytes().find("batchai: error")), GetParam());
  Terminal again = on_terminal(wait(), GetParam());
  again.expect("running (");
  release();
  EXPECT_EQ(again.wait(), 7);
  EXPECT_THAT(again.bytes(), HasSubstr("job 'held' failed with exit code 7"));
}

TEST_P(OnATerminal, AStreamIsTheJobsOwnText) {
  start();
  Terminal terminal = on_terminal(stream(), GetParam());
  terminal.expect("begun\r\n");
  release();
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_TRUE(terminal.bytes().ends_with("begun\r\ndone\r\n")) << terminal.bytes();
}

INSTANTIATE_TEST_SUITE_P(Widths, OnATerminal, ::testing::Values(80, 120),
                         [](const auto& columns) { return "Of" + std::to_string(columns.param) + "Columns"; });

TEST_F(HeldJob, OnAPlainTerminalGetsNeitherColourNorMovement) {
  start();
  environment_["TERM"] = "dumb";
  Terminal terminal = on_terminal(wait());
  terminal.expect("job state: running");
  release();
  EXPECT_EQ(terminal.wait(), 7);
  EXPECT_THAT(terminal.bytes(), Not(HasSubstr(kEscape)));
  Terminal shown = on_terminal(show());
  EXPECT_EQ(shown.wait(), 0);
  EXPECT_THAT(shown.bytes(), Not(HasSubstr(kEscape)));
  environment_["TERM"] = "xterm";
  Terminal coloured = on_terminal(show());
  EXPECT_EQ(coloured.wait(), 0);
  EXPECT_THAT(coloured.bytes(), HasSubstr(kEscape));
  environment_["NO_COLOR"] = "1";
  Terminal without = on_terminal(show());
  EXPECT_EQ(without.wait(), 0);
  EXPECT_THAT(without.bytes(), Not(HasSubstr(kEscape)));
}

using BehindAPipe = HeldJob;

TEST_F(BehindAPipe, ThereAreNoEscapeCodes) {
  start();
  auto watched = batchai_in_background({"cluster", "list", "-g", "rg", "-w", "ws", "--watch"});
  eventually("the table is printed", [&] { return watched->out().find("STANDARD_NC6") != std::string::npos; });
  watched->signal(SIGINT);
  const ProcessResult watch = watched->wait();
  EXPECT_EQ(watch.exit_code, 130);
  auto waiting = batchai_in_background(wait());
  auto streaming = batchai_in_background(stream());
  eventually("the stream has begun", [&] { return streaming->out() == "begun\n"; });
  release();
  const ProcessResult waited = waiting->wait();
  EXPECT_EQ(waited.exit_code, 7);
  const ProcessResult streamed = streaming->wait();
  EXPECT_EQ(streamed.exit_code, 0);
  EXPECT_EQ(streamed.out, "begun\ndone\n");
  const ProcessResult shown = batchai(show());
  for (const ProcessResult& result : {watch, waited, streamed, shown}) {
    EXPECT_THAT(result.out + result.err, Not(HasSubstr("\x1b")));
  }
}

TEST_F(BehindAPipe, AReaderThatGoesAwayIsNoFailure) {
  start_service();
  prepare_cluster();
  submit("one", "true");
  for (const char* more : {"-o table", "", "--watch --interval 1"}) {
    const ProcessResult result = run_process(
        {"bash", "-c",
         "\"$PROGRAM\" job list -g rg -w ws -e e " + std::string(more) + " | head -1; echo \"${PIPESTATUS[0]}\""},
        [&] {
          auto environment = environment_;
          environment["PROGRAM"] = BATCHAI_PROGRAM;
          return environment;
        }());
    EXPECT_EQ(result.err, "") << more;
    EXPECT_TRUE(result.out.ends_with("\n0\n")) << result.out;
  }
}

TEST_F(BehindAPipe, AFullDiskIsTold) {
  const ProcessResult result =
      run_process({"bash", "-c", "'" + std::string(BATCHAI_PROGRAM) + "' version > /dev/full"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "batchai: error: cannot write the output: No space left on device\n");
}

using ASilentService = ServiceTest;

TEST_F(ASilentService, IsTalkedOfAfterThreeSeconds) {
  SocketServer silent([](Peer& peer) { peer.wait_until_closed(); });
  environment_.insert({{"BATCHAI_RESOURCE_MANAGER_ENDPOINT", silent.url()},
                       {"BATCHAI_ACCESS_TOKEN", "token"},
                       {"AZURE_SUBSCRIPTION_ID", "sub"}});
  Terminal terminal({BATCHAI_PROGRAM, "group", "list"}, environment_, 80);
  terminal.expect("waiting for an answer from " + silent.url() + " (3 s)");
  terminal.type(kControlC);
  EXPECT_EQ(terminal.wait(), 130);
  EXPECT_THAT(terminal.bytes(), HasSubstr("\r\x1b[Kbatchai: error: interrupted"));
  expect_fits(terminal.bytes(), 80);
}

}  // namespace
}  // namespace batchai::test
