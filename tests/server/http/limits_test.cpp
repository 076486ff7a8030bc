#include "server/http/echo_server.hpp"
#include "server/http/raw_client.hpp"
#include "support/eventually.hpp"
#include "support/few_descriptors.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <future>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace batchai::server::test {
namespace {

using std::chrono::milliseconds;

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr milliseconds kShort{100};

TEST(Limits, RefuseAHeadThatIsTooLarge) {
  EchoServer server;
  const std::string start = "GET / HTTP/1.1\r\nHost: h\r\nX-A: ";
  const auto fits = exchange(server.port(), start + std::string(60 * 1024, 'a') + "\r\n\r\n");
  EXPECT_EQ(fits->status(), 200);
  const auto finished = exchange(server.port(), start + std::string(70 * 1024, 'a') + "\r\n\r\n");
  EXPECT_EQ(finished->status_line, "HTTP/1.1 431 Request Header Fields Too Large");
  const auto endless = exchange(server.port(), start + std::string(200 * 1024, 'a'));
  EXPECT_EQ(endless->status(), 431);
}

TEST(Limits, TakeAHeadOfExactlyTheLimit) {
  EchoServer server({.limits = {.head_bytes = 200}});
  const std::string start = "GET / HTTP/1.1\r\nHost: h\r\nX-A: ";
  const std::string end = "\r\n\r\n";
  const std::string fits = start + std::string(200 - start.size() - end.size(), 'a') + end;
  EXPECT_EQ(exchange(server.port(), fits)->status(), 200);
  const auto answer = exchange(server.port(), start + std::string(201 - start.size() - end.size(), 'a') + end);
  EXPECT_EQ(answer->status(), 431);
  EXPECT_EQ(answer->field("connection"), "close");
}

TEST(Limits, CloseTheConnectionWithARefusedSecondRequest) {
  EchoServer server({.limits = {.head_bytes = 200}});
  RawClient client(server.port());
  client.send(kGet);
  EXPECT_EQ(client.receive()->field("connection"), "");
  client.send("GET / HTTP/1.1\r\nHost: h\r\nX-A: " + std::string(200, 'a') + "\r\n\r\n" + kGet);
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status(), 431);
  EXPECT_EQ(answer->field("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_peer()) << "the request behind the refused one is not answered";
}

TEST(Limits, RefuseABodyThatIsAnnouncedTooLargeBeforeItIsSent) {
  EchoServer server({.limits = {.body_bytes = 1000}});
  RawClient client(server.port());
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_EQ(client.receive()->status_line, "HTTP/1.1 413 Payload Too Large");
}

TEST(Limits, LetARefusedPeerSeeTheAnswerThoughItGoesOnSending) {
  EchoServer server({.limits = {.body_bytes = 1000}});
  RawClient client(server.port());
  const std::string body(8 * 1024 * 1024, 'x');
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status(), 413);
  EXPECT_EQ(answer->field("connection"), "close");
}

TEST(Limits, RefuseAChunkedBodyThatGrowsTooLarge) {
  EchoServer server({.limits = {.body_bytes = 1000}});
  std::string request = "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 11; ++i) {
    request += "64\r\n" + std::string(100, 'x') + "\r\n";
  }
  EXPECT_EQ(exchange(server.port(), request + "0\r\n\r\n")->status(), 413);
}

TEST(Limits, RefuseAnEndlessChunkHeader) {
  EchoServer server;
  const auto answer = exchange(server.port(), "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;" +
                                                  std::string(300 * 1024, 'x'));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status(), 400);
}

TEST(Limits, TakeABodyOfExactlyTheLimit) {
  EchoServer server({.limits = {.body_bytes = 3}});
  EXPECT_EQ(exchange(server.port(), "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")->body, "PUT / [abc]");
}

TEST(Limits, CloseAConnectionThatNeverAsks) {
  EchoServer server({.limits = {.head_time = kShort}});
  RawClient client(server.port());
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Limits, CloseAConnectionWhoseHeadDoesNotEnd) {
  EchoServer server({.limits = {.head_time = kShort, .idle_time = milliseconds(60'000)}});
  RawClient client(server.port());
  client.send(kGet);
  ASSERT_TRUE(client.receive());
  client.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Limits, CloseAConnectionThatStaysIdle) {
  EchoServer server({.limits = {.idle_time = kShort}});
  RawClient client(server.port());
  client.send(kGet);
  ASSERT_TRUE(client.receive());
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Limits, CloseAConnectionWhoseBodyDoesNotEnd) {
  EchoServer server({.limits = {.body_time = kShort}});
  RawClient client(server.port());
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Limits, CloseAConnectionWhoseBodyComesTooSlowly) {
  EchoServer server({.limits = {.body_grace = kShort, .body_rate = 1000}});
  RawClient client(server.port());
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n");
  for (int i = 0; i < 10; ++i) {
    client.send("x");
  }
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Limits, GiveABodyTheTimeThatItHasEarned) {
  EchoServer server({.limits = {.body_grace = kShort, .body_rate = 1}});
  RawClient quick(server.port());
  quick.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n" + std::string(1000, 'x'));
  RawClient slow(server.port());
  slow.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_TRUE(slow.is_closed_by_peer());
  quick.send("x");
  EXPECT_EQ(quick.receive()->status(), 200);
}

TEST(Limits, CutAPeerThatDoesNotTakeItsAnswer) {
  // Far more than the kernel's buffers hold. The answer dies with the connection.
  constexpr std::size_t kSize = 256 * 1024 * 1024;
  std::promise<void> cut;
  EchoServer server({.limits = {.write_time = kShort}}, [&cut](const Request&) {
    std::string name = ::testing::TempDir() + "sparse-XXXXXX";
    const int file = ::mkostemp(name.data(), O_CLOEXEC);
    ::unlink(name.c_str());
    EXPECT_EQ(::ftruncate(file, kSize), 0);
    return Response{.file = std::shared_ptr<const FileBody>(new FileBody(file, 0, kSize), [&cut](const FileBody* body) {
                      delete body;
                      cut.set_value();
                    })};
  });
  RawClient client(server.port());
  client.send(kGet);
  ASSERT_EQ(cut.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_LT(client.receive_all().size(), kSize);
}

/// Holds requests to /wait until it is opened.
class Gate {
 public:
  Handler handler() {
    return [this](const Request& request) {
      if (request.path == "/wait") {
        ++entered_;
        opened_.wait();
      }
      return echo(request);
    };
  }
  void await(int number) const {
    ASSERT_TRUE(batchai::test::eventually([&] { return entered_ >= number; }));
  }
  void open() { open_.set_value(); }

 private:
  std::atomic<int> entered_ = 0;
  std::promise<void> open_;
  std::shared_future<void> opened_ = open_.get_future().share();
};

constexpr const char* kWait = "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n";

std::string put(const std::string& path, std::size_t size) {
  return "PUT " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
         std::string(size, 'x');
}

constexpr std::size_t kMegabyte = 1024 * 1024;

TEST(Limits, RefuseBodiesThatAllTogetherTakeTooMuchMemory) {
  Gate gate;
  EchoServer server({.limits = {.body_bytes = kMegabyte, .buffered_bytes = kMegabyte + kMegabyte / 2}}, gate.handler());
  RawClient held(server.port());
  held.send(put("/wait", kMegabyte));
  gate.await(1);
  RawClient refused(server.port());
  refused.send(put("/", kMegabyte));
  const auto answer = refused.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status_line, "HTTP/1.1 503 Service Unavailable");
  EXPECT_EQ(answer->field("connection"), "close");
  EXPECT_EQ(exchange(server.port(), put("/", kMegabyte / 4))->status(), 200) << "what still fits is taken";
  gate.open();
  EXPECT_EQ(held.receive()->status(), 200);
  // The memory is free a moment after the answer is out.
  while (exchange(server.port(), put("/", kMegabyte))->status() == 503) {
  }
}

TEST(Limits, FreeTheMemoryOfBodiesThatNeverEnd) {
  EchoServer server({.limits = {.body_bytes = kMegabyte, .buffered_bytes = kMegabyte}});
  {
    RawClient gone(server.port());
    gone.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(kMegabyte) + "\r\n\r\n" +
              std::string(kMegabyte / 2, 'x'));
  }
  while (exchange(server.port(), put("/", kMegabyte))->status() == 503) {
  }
}

TEST(Limits, TakeShortBodiesThoughLongOnesHaveAllTheMemory) {
  for (const std::uint64_t cost : {1, 12}) {
    Gate gate;
    EchoServer server({.limits = {.body_bytes = kMegabyte, .buffered_bytes = cost * kMegabyte, .body_cost = cost}},
                      gate.handler());
    RawClient held(server.port());
    held.send(put("/wait", kMegabyte));
    gate.await(1);
    EXPECT_EQ(exchange(server.port(), put("/", 60'000))->status(), 200) << cost;
    EXPECT_EQ(exchange(server.port(), put("/", 70'000))->status(), 503) << cost;
    gate.open();
    EXPECT_EQ(held.receive()->status(), 200);
  }
}

TEST(Limits, TakeOneBodyOfTheLargestSizeWhateverTheMemory) {
  EchoServer server({.limits = {.body_bytes = kMegabyte, .buffered_bytes = 1}});
  EXPECT_EQ(exchange(server.port(), put("/", kMegabyte))->status(), 200);
}

TEST(Limits, MakeConnectionsWaitForTheirTurnWhileAllOthersAreBusy) {
  Gate gate;
  EchoServer server({.limits = {.connections = 2}}, gate.handler());
  RawClient first(server.port());
  RawClient second(server.port());
  first.send(kWait);
  second.send(kWait);
  gate.await(2);
  RawClient third(server.port());
  third.send(kGet);
  EXPECT_EQ(server.server().connections(), 2U);
  gate.open();
  const std::string of_first = first.receive()->field("connection");
  const std::string of_second = second.receive()->field("connection");
  // Whichever is answered first; by the time of the other answer there may be a place again.
  EXPECT_TRUE(of_first == "close" || of_second == "close") << "others wait for the place";
  EXPECT_EQ(third.receive()->status(), 200);
}

/// Requests to /secret are refused, those to /open do not prove anything.
Admission judge(const Request& request) {
  if (request.path == "/secret") {
    return {.refusal = Response{.status = 401, .body = "who?"}};
  }
  return {.proved = request.path != "/open"};
}

constexpr const char* kPutSecret = "PUT /secret HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n";

TEST(Limits, JudgeTheHeadBeforeTheBodyIsAwaited) {
  EchoServer server({.gatekeeper = judge});
  const auto answer = exchange(server.port(), std::string(kPutSecret) + "\r\na");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status(), 401);
  EXPECT_EQ(answer->body, "who?");
  EXPECT_EQ(answer->field("connection"), "close");
}

TEST(Limits, InviteNoBodyOfARequestThatIsRefused) {
  EchoServer server({.gatekeeper = judge});
  EXPECT_EQ(exchange(server.port(), std::string(kPutSecret) + "Expect: 100-continue\r\n\r\n")->status(), 401);
}

TEST(Limits, InviteTheBodyOfARequestThatIsLetIn) {
  EchoServer server({.gatekeeper = judge});
  RawClient client(server.port());
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.receive()->status(), 100);
  client.send("abc");
  EXPECT_EQ(client.receive()->body, "PUT / [abc]");
}

TEST(Limits, AnswerWith500WhereTheHeadCannotBeJudged) {
  std::string told;
  EchoServer server({.gatekeeper = [](const Request&) -> Admission { throw std::bad_alloc(); },
                     .on_handler_failure = [&](const Request&, std::string_view what) { told = what; }});
  EXPECT_EQ(exchange(server.port(), std::string(kPutSecret) + "\r\na")->status(), 500);
  EXPECT_EQ(told, "std::bad_alloc");
}

TEST(Limits, TakeShortBodiesOnlyFromWhoHasNotProvedAnything) {
  EchoServer server({.gatekeeper = judge});
  const auto head = [](const std::string& path) {
    return "PUT " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n";
  };
  EXPECT_EQ(exchange(server.port(), head("/open"))->status(), 413);
  EXPECT_EQ(exchange(server.port(), head("/") + std::string(65537, 'x'))->status(), 200);
  std::string chunked = "PUT /open HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 100; ++i) {
    chunked += "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
  }
  EXPECT_EQ(exchange(server.port(), chunked)->status(), 413);
}

using Clients = std::vector<std::unique_ptr<RawClient>>;

Clients hold_places(std::uint16_t port, std::size_t number, const std::string& begun) {
  Clients clients;
  for (std::size_t i = 0; i < number; ++i) {
    clients.push_back(std::make_unique<RawClient>(port));
    clients.back()->send(begun);
  }
  return clients;
}

TEST(Limits, ServeOthersWhilePeersThatAreNobodyHoldAllPlaces) {
  const std::string head = "PUT /open HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n";
  for (const std::string& begun : {std::string(), std::string("GET / HT"), head, head + "x"}) {
    EchoServer server({.limits = {.connections = 8}, .gatekeeper = judge});
    const Clients holding = hold_places(server.port(), 20, begun);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(exchange(server.port(), kGet)->status(), 200) << begun;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << begun;
    EXPECT_GT(server.server().counters().evicted, 0U) << begun;
  }
}

TEST(Limits, KeepThePlaceOfWhoHasProvedWhoItIs) {
  EchoServer server({.limits = {.connections = 2}, .gatekeeper = judge});
  RawClient known(server.port());
  known.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  ASSERT_EQ(known.receive()->status(), 100);
  hold_places(server.port(), 3, "GET / HT");
  EXPECT_EQ(exchange(server.port(), kGet)->status(), 200);
  known.send("abc");
  EXPECT_EQ(known.receive()->body, "PUT / [abc]");
}

TEST(Limits, AnswerWhatIsUrgentWhileAllWorkersAreBusy) {
  Gate gate;
  EchoServer server({.workers = 1, .is_urgent = [](const Request& request) { return request.path == "/health"; }},
                    gate.handler());
  RawClient busy(server.port());
  busy.send(kWait);
  gate.await(1);
  EXPECT_EQ(exchange(server.port(), "GET /health HTTP/1.1\r\nHost: h\r\n\r\n")->status(), 200);
  gate.open();
  EXPECT_EQ(busy.receive()->status(), 200);
}

TEST(Limits, CountWhatIsMadeOfABodyAsItsMemory) {
  Gate gate;
  EchoServer server({.limits = {.body_bytes = kMegabyte, .buffered_bytes = 1, .body_cost = 4}}, gate.handler());
  RawClient held(server.port());
  held.send(put("/wait", kMegabyte / 2));
  gate.await(1);
  EXPECT_EQ(exchange(server.port(), put("/", kMegabyte))->status(), 503);
  EXPECT_EQ(exchange(server.port(), put("/", kMegabyte / 4))->status(), 200);
  gate.open();
  EXPECT_EQ(held.receive()->status(), 200);
}

// Which one of them: see ConnectionRegistryTest. When a connection has become idle cannot be seen from outside.
TEST(Limits, EndOneIdleConnectionWhenOthersCome) {
  EchoServer server({.limits = {.connections = 3}});
  RawClient first(server.port());
  RawClient second(server.port());
  for (RawClient* client : {&first, &second}) {
    client->send(kGet);
    ASSERT_TRUE(client->receive());
  }
  RawClient third(server.port());
  third.send(kGet);
  EXPECT_EQ(third.receive()->status(), 200);
  ASSERT_TRUE(batchai::test::eventually([&] { return server.server().connections() != 3; }));
  EXPECT_EQ(server.server().counters().evicted, 1U);
}

TEST(Limits, GoOnServingAfterMemoryRanOut) {
  std::atomic<bool> short_of_memory = true;
  const auto run_out = [&] {
    if (short_of_memory) {
      throw std::bad_alloc();
    }
  };
  EchoServer server({.on_handler_failure = [&](const Request&, std::string_view) { run_out(); },
                     .on_exchange = [&](const Exchange&) { run_out(); }},
                    [&](const Request& request) {
                      if (request.path == "/large") {
                        run_out();
                      }
                      return echo(request);
                    });
  // On a worker, also for want of memory to report it, and on a thread that moves bytes.
  EXPECT_FALSE(exchange(server.port(), "GET /large HTTP/1.1\r\nHost: h\r\n\r\n"));
  RawClient client(server.port());
  client.send(kGet);
  client.receive_all();
  // The connection is gone a moment before that is counted.
  EXPECT_TRUE(batchai::test::eventually([&] { return server.server().counters().out_of_memory == 2; }));
  short_of_memory = false;
  EXPECT_EQ(exchange(server.port(), kGet)->status(), 200);
}

using batchai::test::FewDescriptors;

TEST(Limits, GoOnAcceptingAfterTheProcessHadNoDescriptorsLeft) {
  EchoServer server;
  {
    RawClient client(server.port());
    client.send(kGet);
    ASSERT_TRUE(client.receive());
  }
  // Its end of that connection is a descriptor, too.
  ASSERT_TRUE(batchai::test::eventually([&] { return server.server().connections() == 0; }));
  const FewDescriptors few(128);
  std::vector<int> taken;
  for (int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC); next >= 0;
       next = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) {
    taken.push_back(next);
  }
  ASSERT_EQ(errno, EMFILE);
  // One descriptor for this test's own socket, none for the listener's end of it.
  ::close(taken.back());
  taken.pop_back();
  RawClient unlucky(server.port());
  ASSERT_TRUE(batchai::test::eventually([&] { return server.server().counters().accept_failures != 0; }));
  for (const int each : taken) {
    ::close(each);
  }
  unlucky.send(kGet);
  EXPECT_EQ(unlucky.receive()->status(), 200);
}

TEST(Limits, CountPeersThatWereTooSlow) {
  EchoServer server({.limits = {.head_time = kShort}});
  RawClient client(server.port());
  client.send("GET / HT");
  EXPECT_TRUE(client.is_closed_by_peer());
  // Counted just after the end of the connection.
  ASSERT_TRUE(batchai::test::eventually([&] { return server.server().counters().timed_out != 0; }));
  EXPECT_EQ(server.server().counters().accepted, 1U);
}

TEST(Limits, HoldASlowPeerWhileOthersAreServed) {
  EchoServer server;
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 100; ++i) {
    slow.push_back(std::make_unique<RawClient>(server.port()));
    slow.back()->send("GET / HTTP/1.1\r\nHost: h\r\nX-Slow: ");
  }
  EXPECT_EQ(exchange(server.port(), kGet)->status(), 200);
}

}  // namespace
}  // namespace batchai::server::test
