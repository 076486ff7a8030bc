#include "files/transfer/fault_proxy.hpp"
#include "files/transfer/transfer_fixture.hpp"
#include "server/http/http_server.hpp"

namespace batchai::files::test {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

std::string plain_answer(const std::string& status, const std::string& headers = {}) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n" + headers + "\r\n";
}

struct FaultCase {
  std::string name;
  Fault fault;
};

/// The API behind real sockets, with a proxy that spoils every third request.
class Faults : public TransferTest, public ::testing::WithParamInterface<FaultCase> {
 protected:
  Faults() {
    server_.start();
    options_.clock = nullptr;  // sockets know real time only
  }

  ShareClient share_behind(const FaultProxy& proxy) const {
    const auto network = make_network_transport({.request_timeout = std::chrono::seconds(3)});
    return ShareServiceClient(
               {.name = "acct1", .key = server::files::test::kKey, .endpoint = Url::parse(proxy.url() + "/acct1")},
               {.transport = network, .clock = clock_})
        .share("share1");
  }
  void make_files() const {
    write("big", content(5 * kPiece + 99));
    for (int i = 0; i < 10; ++i) {
      write("small/" + std::to_string(i), content(1000 + static_cast<std::size_t>(i)));
    }
  }
  void expect_same(const fs::path& a, const fs::path& b) const {
    ASSERT_EQ(names_in(a), names_in(b));
    for (const std::string& name : names_in(a)) {
      EXPECT_TRUE(fs::is_directory(a / name) || read(a / name) == read(b / name)) << name;
    }
  }

  server::HttpServer server_{{}, [this](const server::Request& request) { return api_.handle(request); }};
};

TEST_P(Faults, EndWithIdenticalFiles) {
  make_files();
  std::atomic<int> count = 0;
  const FaultProxy proxy(server_.port(),
                         [&](const std::string&) { return ++count % 3 == 0 ? GetParam().fault : Fault{}; });
  const ShareClient share = share_behind(proxy);
  // A listing is what a run begins with; the library's own retries are for that.
  share.root().create_all();
  Transfer up(options_);
  up.upload_folder(local_, share.directory("in"));
  EXPECT_THAT(reasons(up.run()), IsEmpty());
  expect_same(local_, share_folder() / "in");

  Transfer down(options_);
  down.download_folder(share.directory("in"), folder_.path() / "back");
  EXPECT_THAT(reasons(down.run()), IsEmpty());
  expect_same(local_, folder_.path() / "back");
  EXPECT_GT(proxy.faults(), 10);
}

INSTANTIATE_TEST_SUITE_P(
    Of, Faults,
    ::testing::Values(FaultCase{"ResetBefore", {Fault::Kind::ResetBefore}},
                      FaultCase{"ResetAfter", {Fault::Kind::ResetAfter}},
                      FaultCase{"Truncate", {Fault::Kind::Truncate}},
                      FaultCase{"Status500", {Fault::Kind::Answer, plain_answer("500 Internal Server Error")}},
                      FaultCase{"Status503", {Fault::Kind::Answer, plain_answer("503 Server Busy")}},
                      FaultCase{"Status429",
                                {Fault::Kind::Answer, plain_answer("429 Too Many", "Retry-After: 0\r\n")}}),
    [](const auto& param) { return param.param.name; });

TEST_F(Faults, StallsEndWithIdenticalFiles) {
  make_files();
  std::atomic<int> count = 0;
  const FaultProxy proxy(server_.port(), [&](const std::string& head) {
    const bool piece = head.find("comp=range") != std::string::npos || head.find("x-ms-range") != std::string::npos;
    return piece && ++count % 7 == 0 ? Fault{Fault::Kind::Stall} : Fault{};
  });
  const ShareClient share = share_behind(proxy);
  upload_file(local_ / "big", share.file("big"), options_);
  EXPECT_TRUE(get("big") == read(local_ / "big"));
  download_file(share.file("big"), folder_.path() / "back", options_);
  EXPECT_TRUE(read(folder_.path() / "back") == read(local_ / "big"));
  EXPECT_GT(proxy.faults(), 0);
}

}  // namespace
}  // namespace batchai::files::test
