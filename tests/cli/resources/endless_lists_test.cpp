#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::HasSubstr;

/// A service whose listings go on for ever.
class EndlessService final : public Transport {
 public:
  HttpResponse send(const HttpRequest& request, const CallContext&) override {
    ++requests;
    const std::string url = request.url.to_string();
    if (request.method == "POST") {
      return json_response(200, R"({"value":[{"name":"d","fileType":"directory"}]})");
    }
    return json_response(200, R"({"value":[{}],"nextLink":")" + url + R"("})");
  }
  int requests = 0;
};

class Endless : public CliTest {
 protected:
  Endless() { network_ = service_; }
  const std::shared_ptr<EndlessService> service_ = std::make_shared<EndlessService>();
};

TEST_F(Endless, ListsEndWithAnError) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"workspace", "list", "-g", "g"},
                                                {"cluster", "list", "-g", "g", "-w", "w"},
                                                {"job", "list", "-g", "g", "-w", "w", "-e", "e"},
                                                {"group", "list"},
                                                {"list-usages", "-l", "eastus"}}) {
    service_->requests = 0;
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_FALSE(outcome.out.ends_with("]\n"));  // what is printed of it stays open
    EXPECT_THAT(outcome.err, HasSubstr("the service's list does not end: a page of it leads back to an earlier one"));
    EXPECT_EQ(service_->requests, 2);
  }
}

TEST_F(Endless, DirectoriesOfAJobThatContainThemselvesEndWithAnError) {
  const Outcome outcome = run({"job", "file", "download", "-g", "g", "-w", "w", "-e", "e", "-j", "j", "--destination",
                               (folder_ / "t").string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("lists the job's directories without end"));
  EXPECT_LE(service_->requests, 260);
}

}  // namespace
}  // namespace batchai::cli::test
