#include "batchai/core/error.hpp"
#include "batchai/core/transport.hpp"
#include "support/socket_server.hpp"

#include <filesystem>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;
using test::Peer;
using test::SocketServer;
using ::testing::HasSubstr;
using ::testing::Not;

std::string answer(const std::string& body, const std::string& extra = {}) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + extra + "\r\n" + body;
}

HttpRequest request_to(const SocketServer& server, const std::string& method, const std::string& target = "/") {
  return {.method = method, .url = Url::parse(server.url() + target)};
}

std::shared_ptr<Transport> transport(std::chrono::milliseconds timeout = 30s) {
  return make_network_transport({.request_timeout = timeout});
}

std::size_t threads_of_this_process() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

TEST(NetworkTransport, SendsTargetHeadersAndBodyAsTheyAre) {
  std::promise<std::string> seen;
  SocketServer server([&](Peer& peer) {
    seen.set_value(peer.read_request());
    peer.write(answer("hello", "X-Odd: 1\r\n"));
  });
  HttpRequest request = request_to(server, "PUT", "/a%2Fb%20c/d?x=%2B&empty=");
  request.headers.set("x-ms-type", "file");
  request.body = std::string("a\0b", 3);
  const HttpResponse response = transport()->send(request, {});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.headers.get("x-odd"), "1");
  const std::string got = seen.get_future().get();
  EXPECT_THAT(got, HasSubstr("PUT /a%2Fb%20c/d?x=%2B&empty= HTTP/1.1\r\n"));
  EXPECT_THAT(got, HasSubstr("x-ms-type:file\r\n"));
  EXPECT_THAT(got, HasSubstr("Content-Length:3\r\n"));
  EXPECT_THAT(got, Not(HasSubstr("Content-Type")));
  EXPECT_TRUE(got.ends_with(std::string("a\0b", 3)));
}

TEST(NetworkTransport, SaysThatAnEmptyPutIsEmpty) {
  std::promise<std::string> seen;
  SocketServer server([&](Peer& peer) {
    seen.set_value(peer.read_request());
    peer.write(answer(""));
  });
  transport()->send(request_to(server, "PUT"), {});
  const std::string got = seen.get_future().get();
  EXPECT_THAT(got, HasSubstr("Content-Length:0\r\n"));
  EXPECT_THAT(got, Not(HasSubstr("Transfer-Encoding")));
}

TEST(NetworkTransport, ReadsHeadAnswersWithALength) {
  SocketServer server([](Peer& peer) {
    while (!peer.read_request().empty()) {
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 123\r\nETag: \"x\"\r\n\r\n");
    }
  });
  const HttpResponse response = transport()->send(request_to(server, "HEAD"), {});
  EXPECT_EQ(response.headers.get("Content-Length"), "123");
  EXPECT_TRUE(response.body.empty());
}

TEST(NetworkTransport, ReturnsErrorStatusesWithTheirBody) {
  SocketServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 404 The job is not there\r\nContent-Length: 2\r\n\r\n{}");
  });
  const HttpResponse response = transport()->send(request_to(server, "GET"), {});
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.reason, "The job is not there");
  EXPECT_EQ(response.body, "{}");
}

TEST(NetworkTransport, DoesNotFollowRedirects) {
  SocketServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(transport()->send(request_to(server, "GET"), {}).status, 307);
}

TEST(NetworkTransport, ReusesAConnection) {
  SocketServer server([](Peer& peer) {
    while (!peer.read_request().empty()) {
      peer.write(answer("x"));
    }
  });
  const auto network = transport();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(network->send(request_to(server, "GET"), {}).body, "x");
  }
  // cpprestsdk gives a connection back a moment after the answer is there, so that a quick caller may need a second
  // one.
  EXPECT_LE(server.connections(), 5);
}

TEST(NetworkTransport, NeverShowsThatThePeerClosedAnIdleConnection) {
  SocketServer server([](Peer& peer) {
    peer.read_request();
    peer.write(answer("x"));  // and hangs up without saying so
  });
  const auto network = transport();
  for (int i = 0; i < 50; ++i) {
    HttpRequest request = request_to(server, i % 2 == 0 ? "GET" : "PUT");
    request.body = i % 2 == 0 ? "" : std::string(100'000, 'b');
    EXPECT_EQ(network->send(request, {}).body, "x") << i;
  }
}

TEST(NetworkTransport, SendsAPostOnFreshConnectionsOnly) {
  SocketServer server([](Peer& peer) {
    while (!peer.read_request().empty()) {
      peer.write(answer("x"));
    }
  });
  const auto network = transport();
  network->send(request_to(server, "GET"), {});
  network->send(request_to(server, "POST"), {});
  EXPECT_EQ(server.connections(), 2);
}

TEST(NetworkTransport, NamesTheEndpointThatRefuses) {
  std::string url;
  {
    const SocketServer gone([](Peer&) {});
    url = gone.url();
  }
  try {
    transport()->send({.url = Url::parse(url + "/secret-path")}, {});
    FAIL();
  } catch (const TransportError& error) {
    EXPECT_EQ(error.endpoint(), url);
    EXPECT_THAT(error.what(), HasSubstr(url));
  }
}

TEST(NetworkTransport, ReportsATruncatedAnswer) {
  SocketServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  });
  EXPECT_THROW(transport()->send(request_to(server, "GET"), {}), TransportError);
}

TEST(NetworkTransport, GivesUpOnASilentPeer) {
  SocketServer server([](Peer& peer) { peer.wait_until_closed(); });
  EXPECT_THROW(transport(50ms)->send(request_to(server, "GET"), {}), TransportError);
  EXPECT_THROW(transport()->send(request_to(server, "GET"), {.deadline = std::chrono::steady_clock::now() + 50ms}),
               DeadlineExceeded);
}

TEST(NetworkTransport, StopsWaitingWhenCancelled) {
  CancellationSource source;
  SocketServer server([&](Peer& peer) {
    peer.read_request();
    source.cancel();
    peer.wait_until_closed();
  });
  EXPECT_THROW(transport()->send(request_to(server, "GET"), {.cancellation = source.token()}), Cancelled);
}

TEST(NetworkTransport, KeepsToItsFewThreads) {
  SocketServer server([](Peer& peer) {
    while (!peer.read_request().empty()) {
      peer.write(answer("x"));
    }
  });
  const auto network = transport();
  network->send(request_to(server, "GET"), {});
  EXPECT_LE(threads_of_this_process(), 8U);  // ours, the server's two, and the pool's two
}

TEST(NetworkTransport, ServesManyThreadsAtOnce) {
  SocketServer server([](Peer& peer) {
    while (!peer.read_request().empty()) {
      peer.write(answer("x"));
    }
  });
  const auto network = transport();
  std::vector<std::future<int>> calls;
  for (int i = 0; i < 8; ++i) {
    calls.push_back(std::async(std::launch::async, [&] {
      int good = 0;
      for (int n = 0; n < 20; ++n) {
        good += network->send(request_to(server, "GET"), {}).body == "x" ? 1 : 0;
      }
      return good;
    }));
  }
  for (auto& call : calls) {
    EXPECT_EQ(call.get(), 20);
  }
}

}  // namespace
}  // namespace batchai::test
