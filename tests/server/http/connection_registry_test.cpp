#include "server/http/connection_registry.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using Time = ConnectionHandle::Time;
using std::chrono::minutes;
using std::chrono::steady_clock;

class FakeConnection final : public ConnectionHandle {
 public:
  void drain() override {}
  void cut() override {}
  void evict(Time since) override { evicted = since; }
  std::optional<Time> idle_since() const override { return idle; }
  std::optional<Time> owing_since() const override { return owing; }

  std::optional<Time> idle;
  std::optional<Time> owing;
  std::optional<Time> evicted;
};

class ConnectionRegistryTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kAll = 32;

  std::shared_ptr<FakeConnection> add(const Peer& peer) {
    connections_.push_back(std::make_shared<FakeConnection>());
    registry_.add(connections_.back().get(), connections_.back(), peer);
    return connections_.back();
  }
  std::shared_ptr<FakeConnection> add_idle(const Peer& peer, Time since) {
    auto connection = add(peer);
    connection->idle = since;
    return connection;
  }
  std::shared_ptr<FakeConnection> add_owing(const Peer& peer, Time since) {
    auto connection = add(peer);
    connection->owing = since;
    return connection;
  }
  void add_busy(std::size_t number, const Peer& peer) {
    for (std::size_t i = 0; i < number; ++i) {
      add(peer);
    }
  }

  const Peer here_{.network = "127.0.0.1", .near = true};
  const Peer one_{.network = "192.0.2.1"};
  const Peer other_{.network = "192.0.2.2"};
  const Time now_ = steady_clock::now();
  std::atomic<std::uint64_t> evicted_ = 0;
  ConnectionRegistry registry_{ConnectionQuota::of(kAll), evicted_, [] {}};
  std::vector<std::shared_ptr<FakeConnection>> connections_;
};

TEST_F(ConnectionRegistryTest, KeepsPlacesForThisMachine) {
  add_busy(kAll - 2 - 10, one_);
  add_busy(9, other_);
  EXPECT_TRUE(registry_.has_place_for(other_));
  add_busy(1, other_);
  EXPECT_FALSE(registry_.has_place_for(other_));
  EXPECT_TRUE(registry_.has_place_for(here_));
  EXPECT_FALSE(registry_.is_full());
}

TEST_F(ConnectionRegistryTest, GivesOneNetworkThreeQuartersAtMost) {
  add_busy(23, one_);
  EXPECT_TRUE(registry_.has_place_for(one_));
  add_busy(1, one_);
  EXPECT_FALSE(registry_.has_place_for(one_));
  EXPECT_TRUE(registry_.has_place_for(other_));
}

TEST_F(ConnectionRegistryTest, GivesThisMachineAllThatIsLeft) {
  add_busy(kAll - 1, here_);
  EXPECT_TRUE(registry_.has_place_for(here_));
  EXPECT_FALSE(registry_.is_full());
  add_busy(1, here_);
  EXPECT_TRUE(registry_.is_full());
}

TEST_F(ConnectionRegistryTest, GivesAPlaceBackWhenAConnectionEnds) {
  add_busy(24, one_);
  registry_.remove(connections_.front().get());
  EXPECT_TRUE(registry_.has_place_for(one_));
}

TEST_F(ConnectionRegistryTest, EndsTheLongestIdleBeforeThoseThatOwe) {
  const auto owing = add_owing(one_, now_ - minutes(9));
  const auto shorter = add_idle(one_, now_ - minutes(1));
  const auto longest = add_idle(other_, now_ - minutes(2));
  EXPECT_TRUE(registry_.make_room());
  EXPECT_EQ(longest->evicted, now_ - minutes(2));
  EXPECT_FALSE(shorter->evicted);
  EXPECT_FALSE(owing->evicted);
}

TEST_F(ConnectionRegistryTest, EndsTheLongestOwingOfTheNetworkThatHasMost) {
  const auto rare = add_owing(one_, now_ - minutes(9));
  const auto shorter = add_owing(other_, now_ - minutes(1));
  const auto longest = add_owing(other_, now_ - minutes(2));
  EXPECT_TRUE(registry_.make_room());
  EXPECT_TRUE(longest->evicted);
  EXPECT_FALSE(shorter->evicted);
  EXPECT_FALSE(rare->evicted);
}

TEST_F(ConnectionRegistryTest, LeavesPeersAMomentToSendTheirRequest) {
  const auto fresh = add_owing(one_, steady_clock::now() + minutes(1));
  EXPECT_FALSE(registry_.make_room());
  EXPECT_FALSE(fresh->evicted);
}

TEST_F(ConnectionRegistryTest, EndsNobodyWhoOwesNothing) {
  add_busy(3, one_);
  EXPECT_FALSE(registry_.make_room());
}

TEST_F(ConnectionRegistryTest, MakesRoomForANetworkAmongItsOwnWhereItsShareIsUsed) {
  const auto of_other = add_idle(other_, now_ - minutes(9));
  const auto of_here = add_idle(here_, now_ - minutes(9));
  add_busy(23, one_);
  const auto own = add_owing(one_, now_ - minutes(1));
  EXPECT_TRUE(registry_.make_room_for(one_));
  EXPECT_TRUE(own->evicted);
  EXPECT_FALSE(of_other->evicted);
  EXPECT_FALSE(of_here->evicted);
}

TEST_F(ConnectionRegistryTest, MakesNoRoomForOtherMachinesAmongConnectionsOfThisOne) {
  const auto of_here = add_idle(here_, now_ - minutes(9));
  add_busy(1, one_);
  EXPECT_FALSE(registry_.make_room_for(other_));
  EXPECT_FALSE(of_here->evicted);
}

}  // namespace
}  // namespace batchai::server::test
