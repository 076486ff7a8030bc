#include "server/http/awaited_changes.hpp"
#include "server/http/echo_server.hpp"
#include "server/http/raw_client.hpp"
#include "support/eventually.hpp"

#include <atomic>
#include <future>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using batchai::test::eventually;
using std::chrono::milliseconds;

constexpr const char* kKey = "k";
constexpr const char* kWait = "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr milliseconds kLong{600'000};

/// A server whose answers to `/wait` await a change; they tell whether it has come.
class Waiting : public ::testing::Test {
 protected:
  /// One thread only, so that a request that held it would stop the others.
  void serve(milliseconds wait_time, std::size_t most = 8) {
    changes_ = std::make_unique<AwaitedChanges>(most);
    ListenOptions options;
    options.workers = 1;
    server_ = std::make_unique<EchoServer>(options, [this, wait_time](const Request& request) {
      if (request.path != "/wait") {
        return echo(request);
      }
      ++calls_;
      auto change = request.may_wait ? changes_->next(kKey) : nullptr;
      if (change_while_reading_) {
        change_something();
      }
      return change && !changed_ ? Response{.awaits = change, .wait_time = wait_time}
                                 : Response{.body = changed_ ? "new" : "old"};
    });
  }

  void change_something() {
    changed_ = true;
    changes_->note(kKey);
  }
  bool is_waiting(std::size_t number = 1) {
    return eventually([&] { return changes_->size() == number; });
  }
  std::uint16_t port() const { return server_->port(); }

  std::unique_ptr<AwaitedChanges> changes_;
  std::atomic<bool> changed_ = false;
  std::atomic<bool> change_while_reading_ = false;
  std::atomic<int> calls_ = 0;
  std::unique_ptr<EchoServer> server_;
};

TEST_F(Waiting, EndsWithTheChange) {
  serve(kLong);
  RawClient client(port());
  client.send(kWait);
  ASSERT_TRUE(is_waiting());
  change_something();
  EXPECT_EQ(client.receive().value().body, "new");
  EXPECT_EQ(changes_->size(), 0u);
  EXPECT_EQ(calls_, 2);
  client.send(kGet);
  EXPECT_EQ(client.receive().value().status(), 200);
}

TEST_F(Waiting, HoldsNoThread) {
  serve(kLong);
  RawClient first(port());
  RawClient second(port());
  first.send(kWait);
  second.send(kWait);
  ASSERT_TRUE(is_waiting(2));
  EXPECT_EQ(exchange(port(), kGet).value().status(), 200);
  change_something();
  EXPECT_EQ(first.receive().value().body, "new");
  EXPECT_EQ(second.receive().value().body, "new");
}

TEST_F(Waiting, EndsWithItsTime) {
  serve(milliseconds(1));
  RawClient client(port());
  client.send(kWait);
  EXPECT_EQ(client.receive().value().body, "old");
  EXPECT_EQ(changes_->size(), 0u);
}

TEST_F(Waiting, GoesOnUntilItsTimeAfterOtherChanges) {
  serve(kLong);
  RawClient client(port());
  client.send(kWait);
  ASSERT_TRUE(is_waiting());
  changes_->note(kKey);
  ASSERT_TRUE(eventually([this] { return calls_ == 2; }));
  ASSERT_TRUE(is_waiting());
  change_something();
  EXPECT_EQ(client.receive().value().body, "new");
}

TEST_F(Waiting, MissesNoChangeThatComesWhileTheHandlerReads) {
  change_while_reading_ = true;
  serve(kLong);
  RawClient client(port());
  client.send(kWait);
  EXPECT_EQ(client.receive().value().body, "new");
}

TEST_F(Waiting, EndsWhenItsPeerGoes) {
  serve(kLong);
  {
    RawClient client(port());
    client.send(kWait);
    ASSERT_TRUE(is_waiting());
  }
  EXPECT_TRUE(is_waiting(0));
  EXPECT_TRUE(eventually([this] { return server_->server().connections() == 0; }));
  EXPECT_EQ(calls_, 1);
}

TEST_F(Waiting, EndsAtOnceWhenTheServerStops) {
  serve(kLong);
  RawClient client(port());
  client.send(kWait);
  ASSERT_TRUE(is_waiting());
  server_->server().stop(kLong);
  EXPECT_EQ(client.receive().value().body, "old");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST_F(Waiting, EndsWithoutAnAnswerWhenConnectionsAreCut) {
  serve(kLong);
  RawClient client(port());
  client.send(kWait);
  ASSERT_TRUE(is_waiting());
  server_->server().cut();
  EXPECT_TRUE(client.is_closed_by_peer());
  EXPECT_TRUE(is_waiting(0));
}

TEST_F(Waiting, KeepsTheOrderOfRequestsThatCameMeanwhile) {
  serve(kLong);
  RawClient client(port());
  client.send(kWait);
  ASSERT_TRUE(is_waiting());
  client.send(std::string(kGet) + kWait);
  ASSERT_EQ(exchange(port(), kGet).value().status(), 200);
  change_something();
  EXPECT_EQ(client.receive().value().body, "new");
  EXPECT_EQ(client.receive().value().body, "GET / []");
  EXPECT_EQ(client.receive().value().body, "new");
}

TEST_F(Waiting, IsForAsManyAsAreAllowed) {
  serve(kLong, 1);
  RawClient client(port());
  client.send(kWait);
  ASSERT_TRUE(is_waiting());
  EXPECT_EQ(exchange(port(), kWait).value().body, "old");
  change_something();
  EXPECT_EQ(client.receive().value().body, "new");
}

TEST(AwaitedChanges, WakeOnlyThoseOfTheKeyAndOnce) {
  AwaitedChanges changes(8);
  int woken = 0;
  const auto mine = changes.next("a");
  const auto other = changes.next("b");
  mine->on_change([&woken] { ++woken; });
  other->on_change([&woken] { woken += 100; });
  changes.note("a");
  changes.note("a");
  EXPECT_EQ(woken, 1);
}

TEST(AwaitedChanges, MayEndInTheCallThatTheyMake) {
  AwaitedChanges changes(8);
  auto change = changes.next("a");
  change->on_change([&change] { change.reset(); });
  changes.note("a");
  EXPECT_EQ(changes.size(), 0u);
}

}  // namespace
}  // namespace batchai::server::test
