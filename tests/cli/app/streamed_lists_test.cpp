#include "cli/cli_fixture.hpp"

#include <condition_variable>
#include <future>
#include <mutex>

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;

/// Lists of workspaces in pages.
class StreamedLists : public CliTest {
 protected:
  static std::string workspace(int number) {
    const std::string name = "w" + std::to_string(number);
    return R"({"id":")" + id("/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/" + name) + R"(","name":")" +
           name + R"(","location":"eastus","tags":{"n":")" + std::to_string(number) + R"("},)" +
           R"("properties":{"provisioningState":"succeeded","creationTime":"2018-06-21T17:15:18.288Z"}})";
  }
  static std::string first_url() { return url("/resourceGroups/g/providers/Microsoft.BatchAI/workspaces"); }
  static std::string url_of_page(int page) {
    return page == 0 ? first_url() : first_url() + "&$skiptoken=" + std::to_string(page);
  }

  /// One answer for each length; `broken`: the last page leads on to one that is refused.
  void answer(const std::vector<int>& lengths, bool broken = false) {
    int number = 0;
    for (std::size_t page = 0; page < lengths.size(); ++page) {
      json body = {{"value", json::array()}};
      for (int item = 0; item < lengths[page]; ++item) {
        body["value"].push_back(json::parse(workspace(number++)));
      }
      if (page + 1 < lengths.size() || broken) {
        body["nextLink"] = url_of_page(static_cast<int>(page) + 1);
      }
      transport_->on("GET", url_of_page(static_cast<int>(page)), json_response(200, body.dump()));
    }
    if (broken) {
      transport_->on("GET", url_of_page(static_cast<int>(lengths.size())),
                     json_response(403, R"({"error":{"code":"AuthorizationFailed","message":"No more."}})"));
    }
  }
  Outcome list(std::vector<std::string> more) {
    std::vector<std::string> words{"workspace", "list", "-g", "g"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
};

TEST_F(StreamedLists, LookTheSameHoweverTheyAreCutIntoPages) {
  const std::vector<std::vector<std::string>> looks{{},
                                                    {"-o", "yaml"},
                                                    {"-o", "tsv"},
                                                    {"-o", "table"},
                                                    {"-o", "none"},
                                                    {"--raw"},
                                                    {"--query", "[].name"},
                                                    {"--query", "[?tags.n>'2'].{n:name,t:tags.n}", "-o", "table"},
                                                    {"--query", "[?name=='w4'].location", "-o", "tsv"},
                                                    {"--query", "[0]"},
                                                    {"--query", "length(@)"},
                                                    {"--query", "[].name | sort(@) | [-1]", "-o", "tsv"},
                                                    {"--query", "[?name=='none']"}};
  for (const std::vector<std::string>& look : looks) {
    answer({7});
    const Outcome whole = list(look);
    EXPECT_EQ(whole.exit_code, 0);
    for (const std::vector<int>& lengths : {std::vector<int>{3, 4}, {1, 1, 1, 1, 1, 1, 1}, {0, 5, 0, 2, 0}}) {
      answer(lengths);
      EXPECT_EQ(list(look).out, whole.out);
    }
    answer({0});
    const Outcome empty = list(look);
    answer({0, 0});
    EXPECT_EQ(list(look).out, empty.out);
  }
}

TEST_F(StreamedLists, KeepWhatIsPrintedWhenALaterPageFails) {
  answer({2, 1}, true);
  const Outcome outcome = list({"--query", "[].name"});
  EXPECT_EQ(outcome.out, "[\n  \"w0\",\n  \"w1\",\n  \"w2\"\n");
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("No more."));
  answer({2, 1}, true);
  EXPECT_EQ(list({"--query", "[].name", "-o", "tsv"}).out, "w0\nw1\nw2\n");
  answer({2, 1}, true);
  EXPECT_EQ(list({"--query", "[0]"}).out, "");
  answer({2, 1}, true);
  EXPECT_EQ(list({"-o", "table"}).out, "");
}

TEST_F(StreamedLists, PrintNothingWhenTheFirstPageFails) {
  answer({}, true);
  const Outcome outcome = list({});
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.exit_code, 0);
}

TEST_F(StreamedLists, EndTheRequestUnderWayWhenNobodyReadsThem) {
  /// Is found closed only when the second page has been asked for.
  class ClosedPipe final : public std::streambuf {
   public:
    std::promise<void> asked;

   protected:
    int_type overflow(int_type) override { refuse(); }
    std::streamsize xsputn(const char*, std::streamsize) override { refuse(); }

   private:
    [[noreturn]] void refuse() {
      if (!refused_) {
        refused_ = true;
        asked.get_future().wait();
      }
      throw OutputError(EPIPE);
    }
    bool refused_ = false;
  };
  ClosedPipe closed;
  bool cancelled = false;
  const json page = {{"value", {json::parse(workspace(0))}}, {"nextLink", url_of_page(1)}};
  transport_->on("GET", first_url(), json_response(200, page.dump()));
  transport_->on_call("GET", url_of_page(1), [&](const HttpRequest&, const CallContext& context) -> HttpResponse {
    closed.asked.set_value();
    std::mutex mutex;
    std::condition_variable changed;
    const auto registration = context.cancellation.on_cancel([&] {
      const std::scoped_lock lock(mutex);
      cancelled = true;
      changed.notify_all();
    });
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return cancelled; });
    throw Cancelled();
  });
  std::ostream out(&closed);
  out.exceptions(std::ios::badbit);
  const Outcome outcome = run({"workspace", "list", "-g", "g"}, &out);
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.exit_code, 0);
}

TEST_F(StreamedLists, EndWithTheInterruptionOfALaterPage) {
  const CancellationSource interruption;
  interruption_ = interruption.token();
  const json page = {{"value", {json::parse(workspace(0))}}, {"nextLink", url_of_page(1)}};
  transport_->on("GET", first_url(), json_response(200, page.dump()));
  transport_->on_call("GET", url_of_page(1), [&](const HttpRequest&, const CallContext& context) -> HttpResponse {
    CancellationSource(interruption).cancel();
    EXPECT_TRUE(context.cancellation.cancelled());
    throw Cancelled();
  });
  const Outcome outcome = list({"--query", "[].name", "-o", "tsv"});
  EXPECT_EQ(outcome.out, "w0\n");
  EXPECT_EQ(outcome.exit_code, kInterrupted);
}

}  // namespace
}  // namespace batchai::cli::test
