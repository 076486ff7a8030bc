#include "server/http/echo_server.hpp"
#include "server/http/raw_client.hpp"
#include "support/eventually.hpp"

#include <array>
#include <atomic>
#include <future>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr milliseconds kLong{60'000};

/// A handler that says when it has begun, and waits until it is let go.
struct Gate {
  std::promise<void> entered;
  std::promise<void> open;
  Handler handler() {
    return [this, opened = open.get_future().share()](const Request& request) {
      if (request.path == "/wait") {
        entered.set_value();
        opened.wait();
      }
      return echo(request);
    };
  }
};

TEST(Stop, ClosesIdleConnectionsAtOnce) {
  EchoServer server;
  RawClient client(server.port());
  client.send(kGet);
  ASSERT_TRUE(client.receive());
  server.server().stop(kLong);
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Stop, LetsARunningRequestFinishAndThenCloses) {
  Gate gate;
  EchoServer server({}, gate.handler());
  RawClient idle(server.port());
  idle.send(kGet);
  ASSERT_TRUE(idle.receive());
  RawClient client(server.port());
  client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  gate.entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&server] { server.server().stop(kLong); });
  EXPECT_TRUE(idle.is_closed_by_peer());
  gate.open.set_value();
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status(), 200);
  EXPECT_TRUE(client.is_closed_by_peer());
  EXPECT_EQ(stopped.wait_for(seconds(20)), std::future_status::ready);
}

TEST(Stop, LetsARequestWhoseBodyIsOnItsWayFinish) {
  EchoServer server;
  RawClient client(server.port());
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  ASSERT_EQ(client.receive()->status(), 100);
  auto stopped = std::async(std::launch::async, [&server] { server.server().stop(kLong); });
  client.send("body");
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "PUT /x [body]");
  EXPECT_EQ(stopped.wait_for(seconds(20)), std::future_status::ready);
}

TEST(Stop, CutsOffWhatOutlastsTheGrace) {
  EchoServer server;
  RawClient client(server.port());
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n");
  client.send("bo");
  server.server().stop(milliseconds(50));
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Stop, WaitsForTheHandlerThatRunsEvenWithoutGrace) {
  Gate gate;
  EchoServer server({}, gate.handler());
  RawClient client(server.port());
  client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  gate.entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&server] { server.server().stop(milliseconds(0)); });
  EXPECT_TRUE(client.is_closed_by_peer());
  EXPECT_EQ(stopped.wait_for(milliseconds(0)), std::future_status::timeout);
  gate.open.set_value();
  EXPECT_EQ(stopped.wait_for(seconds(20)), std::future_status::ready);
}

TEST(Stop, CanBeHurried) {
  EchoServer server;
  RawClient client(server.port());
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(client.receive()->status(), 100) << "the request has begun";
  client.send("bo");
  auto stopped = std::async(std::launch::async, [&server] { server.server().stop(kLong); });
  EXPECT_EQ(stopped.wait_for(milliseconds(50)), std::future_status::timeout);
  server.server().cut();
  EXPECT_TRUE(client.is_closed_by_peer());
  EXPECT_EQ(stopped.wait_for(seconds(20)), std::future_status::ready);
}

TEST(Stop, UnderLoadLosesNoAnswerToARequestThatWasTaken) {
  std::atomic<int> handled = 0;
  std::atomic<int> answered = 0;
  EchoServer server({}, [&handled](const Request& request) {
    ++handled;
    return echo(request);
  });
  // All connect before the listener may be closed.
  std::array<std::unique_ptr<RawClient>, 8> clients;
  for (auto& client : clients) {
    client = std::make_unique<RawClient>(server.port());
  }
  std::vector<std::thread> peers;
  for (const auto& client : clients) {
    peers.emplace_back([&answered, peer = client.get()] {
      while (peer->send(kGet) && peer->receive()) {
        ++answered;
      }
    });
  }
  ASSERT_TRUE(batchai::test::eventually([&] { return answered >= 100; }));
  server.server().stop(kLong);
  for (std::thread& peer : peers) {
    peer.join();
  }
  EXPECT_EQ(handled, answered);
}

TEST(Stop, MayBeCalledTwiceAndBeforeTheFirstConnection) {
  EchoServer server;
  server.server().stop(kLong);
  server.server().stop(kLong);
}

TEST(Start, FailsWithTheAddressWhenThePortIsTaken) {
  EchoServer first;
  HttpServer second({.port = first.port()}, echo);
  try {
    second.start();
    FAIL();
  } catch (const ListenError& error) {
    EXPECT_EQ(std::string(error.what()),
              "cannot listen on 127.0.0.1:" + std::to_string(first.port()) + ": Address already in use");
  }
}

TEST(Start, FailsWithTheNamesOfUnusableTlsFiles) {
  HttpServer server({.tls = TlsFiles{"/nowhere/cert.pem", "/nowhere/key.pem"}}, echo);
  try {
    server.start();
    FAIL();
  } catch (const ListenError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("/nowhere/cert.pem"));
  }
}

}  // namespace
}  // namespace batchai::server::test
