#include "server/http/echo_server.hpp"
#include "server/http/raw_client.hpp"

#include <condition_variable>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

struct Told {
  std::string method;
  std::string path;
  std::string id;
  int status;
  std::string principal;
  std::uint64_t received;
  std::uint64_t sent;
  bool complete;
};

/// Remembers what a listener tells about its requests.
class Exchanges {
 public:
  std::function<void(const Exchange&)> sink() {
    return [this](const Exchange& exchange) {
      const std::lock_guard lock(mutex_);
      told_.push_back({exchange.request.method, exchange.request.path, exchange.request.request_id, exchange.status,
                       exchange.principal, exchange.received_bytes, exchange.sent_bytes, exchange.complete});
      EXPECT_GE(exchange.total_time, exchange.handling_time);
      more_.notify_all();
    };
  }

  /// The one of that number (from 0), when it has been told.
  Told get(std::size_t number) {
    std::unique_lock lock(mutex_);
    if (!more_.wait_for(lock, std::chrono::seconds(20), [&] { return told_.size() > number; })) {
      ADD_FAILURE() << "nothing was told";
      return {};
    }
    return told_[number];
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<Told> told_;
};

TEST(Exchanges, TellWhatWasAskedAndAnswered) {
  Exchanges exchanges;
  EchoServer server({.on_exchange = exchanges.sink()}, [](const Request& request) {
    Response response = echo(request);
    response.principal = "somebody";
    return response;
  });
  const std::string request = "PUT /a?secret=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  RawClient client(server.port());
  client.send(request);
  client.finish_sending();
  const std::string answer = client.receive_all();
  const Told told = exchanges.get(0);
  EXPECT_EQ(told.method, "PUT");
  EXPECT_EQ(told.path, "/a");
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.principal, "somebody");
  EXPECT_EQ(told.received, request.size());
  EXPECT_EQ(told.sent, answer.size());
  EXPECT_EQ(told.id.size(), 36U);
  EXPECT_TRUE(told.complete);
}

TEST(Exchanges, TellAboutPipelinedRequestsOneByOne) {
  Exchanges exchanges;
  EchoServer server({.on_exchange = exchanges.sink()});
  const std::string one = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string two = "GET /22 HTTP/1.1\r\nHost: h\r\n\r\n";
  RawClient client(server.port());
  client.send(one + two);
  ASSERT_TRUE(client.receive());
  ASSERT_TRUE(client.receive());
  EXPECT_EQ(exchanges.get(0).received, one.size());
  EXPECT_EQ(exchanges.get(1).received, two.size());
  EXPECT_NE(exchanges.get(0).id, exchanges.get(1).id);
}

TEST(Exchanges, TellAboutRequestsThatTheListenerRefuses) {
  Exchanges exchanges;
  EchoServer server({.limits = {.body_bytes = 10}, .on_exchange = exchanges.sink()});
  exchange(server.port(), "PUT /big HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n");
  EXPECT_EQ(exchanges.get(0).status, 413);
  EXPECT_EQ(exchanges.get(0).path, "/big");
  exchange(server.port(), "rubbish\r\n\r\n");
  EXPECT_EQ(exchanges.get(1).status, 400);
  EXPECT_EQ(exchanges.get(1).path, "");
  EXPECT_EQ(exchanges.get(1).id.size(), 36U);
}

TEST(Exchanges, TellWhenThePeerWentAwayBeforeTheEndOfItsAnswer) {
  Exchanges exchanges;
  EchoServer server({.on_exchange = exchanges.sink()},
                    [](const Request&) { return Response{.body = std::string(64 * 1024 * 1024, 'x')}; });
  {
    RawClient client(server.port());
    client.send("GET /long HTTP/1.1\r\nHost: h\r\n\r\n");
  }
  const Told told = exchanges.get(0);
  EXPECT_FALSE(told.complete);
  EXPECT_LT(told.sent, 64U * 1024 * 1024);
}

TEST(Exchanges, TellAboutAHandlerThatThrew) {
  Exchanges exchanges;
  EchoServer server({.on_exchange = exchanges.sink()},
                    [](const Request&) -> Response { throw std::runtime_error("no"); });
  exchange(server.port(), "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(exchanges.get(0).status, 500);
}

}  // namespace
}  // namespace batchai::server::test
