#include "server/monitoring/observed_store.hpp"

#include "server/monitoring/health.hpp"
#include "server/monitoring/metrics.hpp"
#include "server/monitoring/resource_counts.hpp"
#include "server/monitoring/state_events.hpp"
#include "server/records/store_error.hpp"
#include "support/exposition.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_store.hpp"

#include <functional>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::SizeIs;

/// A store that fails when told to.
class BrittleStore final : public Store {
 public:
  void write(const std::function<void(Transaction&)>& work) override {
    memory_.write(work);
    std::exchange(before_return, [] {})();
    fail_if_broken();
  }
  void read(const std::function<void(Transaction&)>& work) override {
    fail_if_broken();
    memory_.read(work);
  }
  /// Once: what others do after a write and before its caller is answered.
  std::function<void()> before_return = [] {};
  bool broken = false;
  int writes = 0;

 private:
  void fail_if_broken() {
    ++writes;
    if (broken) {
      throw StoreError("The service database cannot grow.");
    }
  }
  MemoryStore memory_;
};

class ObservedStoreTest : public ::testing::Test {
 protected:
  static Document job(const std::string& state, std::optional<int> exit_code = {}) {
    json execution = json::object();
    if (exit_code) {
      execution["exitCode"] = *exit_code;
    }
    return {.key = "job/j",
            .kind = "job",
            .body = {{"properties", {{"executionState", state}, {"executionInfo", execution}}}},
            .hidden = {{"secrets", "SECRET"}}};
  }

  static Document cluster(const std::string& allocation,
                          const std::vector<std::pair<std::string, std::string>>& nodes) {
    Document document{.key = "cluster/c",
                      .kind = "cluster",
                      .body = {{"properties", {{"allocationState", allocation}}}},
                      .hidden = {{"nodes", json::array()}}};
    for (const auto& [id, state] : nodes) {
      document.hidden["nodes"].push_back({{"id", id}, {"state", state}});
    }
    return document;
  }

  void put(const Document& document) {
    store_.write([&](Transaction& transaction) { transaction.put(document); });
  }

  std::optional<double> figure(const std::string& name, const batchai::test::Exposition::Labels& labels = {}) {
    return batchai::test::Exposition(Metrics().text(resource_counts_.metrics())).value(name, labels);
  }

  BrittleStore inner_;
  ResourceCounts resource_counts_;
  std::vector<StoreChange> changes_;
  std::string order_;
  int failures_ = 0;
  ObservedStore store_{inner_,
                       {.written =
                            [this](const std::vector<StoreChange>& changes, auto) {
                              resource_counts_.apply(changes);
                              changes_ = changes;
                              order_ += changes.empty() || !changes[0].after ? "-" : changes[0].after->state + " ";
                            },
                        .failed = [this](const std::exception&) { ++failures_; }}};
};

/// Name, state and what it was.
std::vector<std::string> shown(const StoreChange& change) {
  std::vector<std::string> result;
  for (const auto& event : state_events(change)) {
    std::string text = event.subject + " " + std::get<std::string>(event.fields[0].value) + ": " +
                       std::get<std::string>(event.fields[2].value) + "->" + event.state;
    for (const auto& field : event.fields) {
      if (field.name == "exit_code") {
        text += " exit " + std::to_string(std::get<std::int64_t>(field.value));
      }
    }
    result.push_back(text);
  }
  return result;
}

TEST_F(ObservedStoreTest, TellsWhatAWriteChangedAsAWhole) {
  put(job("queued"));
  store_.write([](Transaction& transaction) {
    transaction.put(job("running"));
    transaction.put(job("succeeded", 0));
    transaction.put({.key = "gone", .kind = "thing"});
    EXPECT_TRUE(transaction.erase("gone"));
    EXPECT_FALSE(transaction.erase("unknown"));
  });
  ASSERT_THAT(changes_, SizeIs(1));
  EXPECT_THAT(shown(changes_[0]), ElementsAre("job job/j: queued->succeeded exit 0"));
}

TEST_F(ObservedStoreTest, TellsOfADeletedJobOnlyItsState) {
  put(job("failed", 3));
  store_.write([](Transaction& transaction) { transaction.erase("job/j"); });
  ASSERT_THAT(changes_, SizeIs(1));
  EXPECT_THAT(shown(changes_[0]), ElementsAre("job job/j: failed->deleted"));
}

TEST_F(ObservedStoreTest, TellsNothingOfWhatWasTakenBack) {
  EXPECT_THROW(store_.write([](Transaction& transaction) {
    transaction.put(job("queued"));
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_THAT(changes_, SizeIs(0));
  EXPECT_EQ(failures_, 0) << "a refusal is no failure of the store";
}

TEST_F(ObservedStoreTest, TellsOfWritesInTheirOrderAlsoIfALaterOneIsAnsweredFirst) {
  inner_.before_return = [this] {
    put(job("running"));
    put(job("succeeded"));
    EXPECT_EQ(order_, "") << "the first is not ended";
  };
  put(job("queued"));
  EXPECT_EQ(order_, "queued running succeeded ");
}

TEST_F(ObservedStoreTest, DoesNotHoldUpOthersForAWriteThatFails) {
  inner_.before_return = [this] {
    put(job("running"));
    inner_.broken = true;
  };
  EXPECT_THROW(put(job("queued")), StoreError);
  EXPECT_EQ(order_, "running ");
  inner_.broken = false;
  EXPECT_THROW(store_.write([](Transaction&) { throw 7; }), int);
  put(job("succeeded"));
  EXPECT_EQ(order_, "running succeeded ");
}

TEST_F(ObservedStoreTest, TellsFailuresOfTheStore) {
  inner_.broken = true;
  EXPECT_THROW(put(job("queued")), StoreError);
  EXPECT_THROW(store_.read([](Transaction&) {}), StoreError);
  EXPECT_EQ(failures_, 2);
  EXPECT_EQ(figure("batchai_jobs", {{"state", "queued"}}), 0);
}

TEST_F(ObservedStoreTest, TellsWhatBecomesOfNodes) {
  put(cluster("resizing", {{"n1", "preparing"}, {"n2", "preparing"}}));
  EXPECT_THAT(shown(changes_[0]),
              ElementsAre("cluster cluster/c: ->resizing", "node n1: ->preparing", "node n2: ->preparing"));
  put(cluster("resizing", {{"n1", "idle"}, {"n3", "preparing"}}));
  EXPECT_THAT(shown(changes_[0]),
              ElementsAre("node n1: preparing->idle", "node n3: ->preparing", "node n2: preparing->deleted"));
  store_.write([](Transaction& transaction) { transaction.erase("cluster/c"); });
  EXPECT_THAT(shown(changes_[0]), ElementsAre("cluster cluster/c: resizing->deleted", "node n1: idle->deleted",
                                              "node n3: preparing->deleted"));
}

TEST_F(ObservedStoreTest, FeedsTheResourceCounts) {
  put(job("queued"));
  put({.key = "workspace/w", .kind = "workspace"});
  put(cluster("steady", {{"n1", "idle"}, {"n2", "running"}}));
  EXPECT_EQ(figure("batchai_jobs", {{"state", "queued"}}), 1);
  EXPECT_EQ(figure("batchai_queue_length"), 1);
  EXPECT_EQ(figure("batchai_nodes", {{"state", "idle"}}), 1);
  EXPECT_EQ(figure("batchai_clusters", {{"state", "steady"}}), 1);
  EXPECT_EQ(figure("batchai_resources", {{"kind", "workspace"}}), 1);
  put(job("running"));
  EXPECT_EQ(figure("batchai_jobs", {{"state", "queued"}}), 0);
  EXPECT_EQ(figure("batchai_jobs", {{"state", "running"}}), 1);
  store_.write([](Transaction& transaction) { transaction.erase("job/j"); });
  EXPECT_EQ(figure("batchai_jobs", {{"state", "running"}}), 0);
  EXPECT_EQ(figure("batchai_queue_length"), 0);
}

TEST_F(ObservedStoreTest, IsCountedTheSameAfterARestart) {
  put(job("failed", 1));
  put(cluster("steady", {{"n1", "leaving"}}));
  put({.key = "operation/1", .kind = "operation", .body = {{"status", "InProgress"}}});
  ResourceCounts again;
  again.load(inner_);
  EXPECT_EQ(Metrics().text(again.metrics()), Metrics().text(resource_counts_.metrics()));
  EXPECT_EQ(figure("batchai_operations", {{"status", "InProgress"}}), 1);
}

TEST_F(ObservedStoreTest, IsProbedByWritesThatAreNotTooMany) {
  batchai::test::FakeClock clock;
  StoreProbe probe(store_, clock);
  EXPECT_EQ(probe.failure(), std::nullopt);
  inner_.broken = true;
  EXPECT_EQ(probe.failure(), std::nullopt) << "not tried again so soon";
  EXPECT_EQ(inner_.writes, 1);
  clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(probe.failure(), "The service database cannot grow.");
  inner_.broken = false;
  clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(probe.failure(), std::nullopt);
}

TEST(Heartbeat, IsMissedAfterAWhile) {
  batchai::test::FakeClock clock;
  Heartbeat heart(clock, std::chrono::seconds(180));
  clock.advance(std::chrono::seconds(180));
  EXPECT_EQ(heart.silent_for(), std::nullopt);
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(heart.silent_for(), std::chrono::seconds(181));
  heart.beat();
  EXPECT_EQ(heart.silent_for(), std::nullopt);
}

}  // namespace
}  // namespace batchai::server::test
