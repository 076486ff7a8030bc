#include "cli/app/waiting/live_text.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/cli_fixture.hpp"
#include "cli/files/transfer_progress.hpp"
#include "cli/frame/columns.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Watch : public CliTest {
 protected:
  const std::string clusters_ = workspace_path() + "/clusters";
  const std::vector<std::string> list_{"cluster", "list", "-g", "g", "-w", "w", "--watch"};

  Watch() { interruption_ = source_.token(); }

  static std::string cluster(const std::string& state) {
    return R"({"name":"c","properties":{"allocationState":")" + state + R"(","provisioningState":"succeeded"}})";
  }
  void on_list(const std::string& state) {
    transport_->on("GET", url(clusters_), json_response(200, R"({"value":[)" + cluster(state) + "]}"));
  }
  /// The same, and the person presses Ctrl-C.
  void on_last_list(const std::string& state) {
    transport_->on_call("GET", url(clusters_), [this, state](const HttpRequest&, const CallContext&) {
      source_.cancel();
      return json_response(200, R"({"value":[)" + cluster(state) + "]}");
    });
  }
  void on_outage() {
    for (int tries = 0; tries < 4; ++tries) {
      transport_->on_call("GET", url(clusters_), [](const HttpRequest&, const CallContext&) -> HttpResponse {
        throw TransportError("https://service", "connection refused");
      });
    }
  }
  Outcome watch(std::vector<std::string> more = {}) {
    more.insert(more.begin(), list_.begin(), list_.end());
    return run(more);
  }

  CancellationSource source_;
};

std::ptrdiff_t count_of(const std::string& text, const std::string& part) {
  std::ptrdiff_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(Watch, PrintsATableWheneverItHasChangedAndNoEscapeCodes) {
  on_list("resizing");
  on_list("resizing");
  on_last_list("steady");
  const Outcome outcome = watch();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(count_of(outcome.out, "Name"), 2) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("resizing"));
  EXPECT_THAT(outcome.out, HasSubstr("\n\nName"));
  EXPECT_THAT(outcome.out, HasSubstr("steady"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
  EXPECT_EQ(clock_->sleeps(), std::vector<Duration>(3, std::chrono::seconds(2)));
}

TEST_F(Watch, TakesAnotherFormatAndInterval) {
  on_list("resizing");
  on_last_list("steady");
  const Outcome outcome = watch({"-o", "json", "--interval", "5"});
  EXPECT_THAT(outcome.out, StartsWith("[\n"));
  EXPECT_EQ(count_of(outcome.out, "\"allocationState\""), 2);
  EXPECT_EQ(clock_->sleeps().front(), std::chrono::seconds(5));
}

TEST_F(Watch, TheFormatOfTheSettingsIsStrongerThanTheTable) {
  variables_["BATCHAI_DEFAULTS_OUTPUT"] = "tsv";
  on_last_list("steady");
  EXPECT_THAT(watch().out, Not(HasSubstr("Name")));
}

TEST_F(Watch, RefusesAnIntervalOfNothing) {
  EXPECT_EQ(watch({"--interval", "0"}).err, "batchai: error: --interval: the number of seconds must be above 0\n");
}

TEST_F(Watch, GoesOnWhenTheServiceIsAwayForAWhile) {
  on_list("steady");
  on_outage();
  on_outage();
  on_last_list("steady");
  const Outcome outcome = watch();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(count_of(outcome.out, "Name"), 1);
  EXPECT_EQ(outcome.err, "batchai: warning: no answer from https://service: connection refused; trying again\n");
}

TEST_F(Watch, FailsAtOnceWhenTheServiceWasNeverThere) {
  on_outage();
  EXPECT_EQ(watch().exit_code, 1);
}

TEST_F(Watch, EndsWhenTheResourceIsGone) {
  const std::string one = url(clusters_ + "/c");
  transport_->on("GET", one, json_response(200, cluster("steady"))).on("GET", one, not_found("c"));
  const Outcome outcome = run({"cluster", "show", "-g", "g", "-w", "w", "-n", "c", "--watch"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("c was not found"));
}

TEST_F(Watch, RedrawsInPlaceOnATerminal) {
  out_terminal_ = true;
  size_ = {.columns = 60, .lines = 10};
  on_list("resizing");
  on_outage();
  on_last_list("steady");
  const Outcome outcome = watch();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(outcome.err, "");
  // Heading, dashes, one cluster, the status line; then back up by as many.
  EXPECT_THAT(outcome.out, StartsWith("\x1b[KName"));
  EXPECT_EQ(count_of(outcome.out, "\r\x1b[4A\x1b[KName"), 2);
  EXPECT_THAT(outcome.out, HasSubstr("every 2 s, last at 21:16:21Z; Ctrl-C ends"));
  EXPECT_THAT(outcome.out, HasSubstr(": no answer from https://service: connection"));
  EXPECT_THAT(outcome.out, ::testing::EndsWith("\x1b[J\r\x1b[K"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b[?25l")));  // nothing that would have to be undone
}

TEST(FitLines, KeepsTheStatusLineWhateverTheSize) {
  const std::vector<std::string> lines{"1", "2", "3", "4", "status"};
  EXPECT_EQ(fit_lines(lines, {.columns = 80, .lines = 6}), lines);
  EXPECT_EQ(fit_lines(lines, {.columns = 80, .lines = 5}),
            (std::vector<std::string>{"1", "2", "(2 more lines)", "status"}));
  EXPECT_EQ(fit_lines(lines, {.columns = 80, .lines = 1}), (std::vector<std::string>{"status"}));
  EXPECT_EQ(fit_lines({"12345"}, {.columns = 4, .lines = 9}), (std::vector<std::string>{"123…"}));
}

TEST(FitColumns, CountsCharactersAndLetsNothingMoveTheCursor) {
  EXPECT_EQ(fit_columns("äöü", 3), "äöü");
  EXPECT_EQ(fit_columns("äöüß", 3), "äö…");
  EXPECT_EQ(fit_columns("ab", 0), "");
  EXPECT_EQ(fit_columns("a\x1b[2Jb\n", 80), "a\\u001b[2Jb ");
}

TEST(ProgressLine, ShowsTheTimeAndFits) {
  using namespace std::chrono_literals;
  EXPECT_EQ(progress_line(0, {"creating the job 'j': InProgress"}, 7s, 80), "| creating the job 'j': InProgress (7 s)");
  EXPECT_EQ(progress_line(1, {"x"}, 65s, 80), "/ x (1:05)");
  EXPECT_EQ(progress_line(6, {"x"}, 3661s, 80), "- x (1:01:01)");
  EXPECT_EQ(progress_line(3, {"a long text"}, 7s, 16), "\\ a long… (7 s)");
  EXPECT_EQ(progress_line(0, {"x"}, 7s, 5), "| ");
  EXPECT_EQ(progress_line(0, {"a long text", "short"}, 7s, 16), "| short (7 s)");
  EXPECT_EQ(progress_line(0, {"the longest text", "a longer one"}, 7s, 16), "| a long… (7 s)");
}

TEST(TransferState, KeepsTheTimeLeftOnNarrowTerminals) {
  const files::TransferProgress state{.bytes = 12U << 20U, .total_bytes = 24U << 20U, .files = 0, .total_files = 1};
  EXPECT_THAT(transfer_state_texts(state, 4U << 20U),
              ElementsAre("12.0 MiB of 24.0 MiB, 0 of 1 files, 4.0 MiB/s, 0:03 left",
                          "12.0 MiB of 24.0 MiB, 4.0 MiB/s, 0:03 left", "50 %, 4.0 MiB/s, 0:03 left", "50 %, 0:03 left",
                          "50 %"));
  EXPECT_THAT(transfer_state_texts(state, 0),
              ElementsAre("12.0 MiB of 24.0 MiB, 0 of 1 files", "12.0 MiB of 24.0 MiB", "50 %"));
  EXPECT_EQ(transfer_state_texts({}, 0).back(), "100 %");
}

class Spinner : public CliTest {
 protected:
  const std::string group_ = "https://management.azure.com/subscriptions/sub/resourcegroups/g?api-version=2021-04-01";
  const std::string operation_ = "https://management.azure.com/operations/1";

  void SetUp() override {
    terminal_ = true;
    animated_ = true;
    transport_->on("DELETE", group_, batchai::test::empty_response(202, {{"Location", operation_}}))
        .on("GET", operation_, batchai::test::empty_response(202))
        .on("GET", operation_, batchai::test::empty_response(204));
  }
  Outcome remove() { return run({"group", "delete", "-n", "g", "-y"}); }
};

TEST_F(Spinner, IsDrawnOnATerminalAndCleared) {
  const Outcome outcome = remove();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, StartsWith("\r\x1b[K| deleting the resource group 'g': InProgress (0 s)"));
  EXPECT_THAT(outcome.err, ::testing::EndsWith("\r\x1b[K"));
  EXPECT_EQ(outcome.out, "");
}

TEST_F(Spinner, IsNotDrawnWithoutColour) {
  animated_ = false;
  EXPECT_EQ(remove().err, "");
}

TEST_F(Spinner, IsNotDrawnInPipes) {
  terminal_ = false;
  EXPECT_EQ(remove().err, "");
}

}  // namespace
}  // namespace batchai::cli::test
