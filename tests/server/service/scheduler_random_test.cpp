#include "server/service/cluster_record.hpp"
#include "support/service_fixture.hpp"

#include <array>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace batchai::server {
namespace {

/// The service dies here.
struct Killed {};

/// A store in which the service is killed just before or just after a write becomes durable.
class KillingStore final : public Store {
 public:
  explicit KillingStore(Store& inner) : inner_(inner) {}
  void write(const std::function<void(Transaction&)>& work) override {
    const bool dies = writes_to_live > 0 && --writes_to_live == 0;
    if (dies && before) {
      throw Killed();
    }
    inner_.write(work);
    if (dies) {
      throw Killed();
    }
  }
  void read(const std::function<void(Transaction&)>& work) override { inner_.read(work); }

  /// 0: lives for ever.
  int writes_to_live = 0;
  bool before = false;

 private:
  Store& inner_;
};

struct World {
  World() : fixture(&store) {}

  testing::MemoryStore memory;
  KillingStore store{memory};
  testing::ServiceFixture fixture;
};

class RandomSteps : public ::testing::TestWithParam<int> {
 protected:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(int percent) { return pick(1, 100) <= percent; }
  template <class Map>
  std::string any_of(const Map& map) {
    return std::next(map.begin(), pick(0, static_cast<int>(map.size()) - 1))->first;
  }

  nlohmann::json any_scale() {
    static const std::array<std::string, 3> options = {"requeue", "terminate", "waitforjobcompletion"};
    return chance(50) ? testing::ServiceFixture::manual(pick(0, 5), options.at(static_cast<std::size_t>(pick(0, 2))))
                      : testing::ServiceFixture::auto_scale(pick(0, 1), pick(1, 5));
  }

  void create_job() {
    static const std::array<std::string, 3> priorities = {"low", "normal", "high"};
    const std::string name = "j" + std::to_string(++last_job_);
    service_.create_job(name, service_.job_body(pick(1, 3), priorities.at(static_cast<std::size_t>(pick(0, 2))),
                                                chance(50) ? "a" : "b"));
    alive_[name] = true;
  }

  void end_a_run() {
    const auto going = service_.engine.going();
    if (going.empty()) {
      return;
    }
    const auto& run = going.at(static_cast<std::size_t>(pick(0, static_cast<int>(going.size()) - 1)));
    const auto kind = chance(80) ? RunOutcome::Kind::Exited : RunOutcome::Kind::Lost;
    service_.engine.end(run, {.kind = kind, .exit_code = pick(0, 1), .ended = service_.clock.now()});
  }

  void step_and_maybe_die() {
    if (chance(25)) {
      world_.store.writes_to_live = pick(1, 6);
      world_.store.before = chance(50);
    }
    try {
      service_.conductor->step();
    } catch (const Killed&) {
      service_.restart();
    }
    world_.store.writes_to_live = 0;
  }

  void act() {
    const int choice = pick(1, 100);
    if (choice <= 20 && alive_.size() < 10) {
      create_job();
    } else if (choice <= 25) {
      service_.resize(chance(50) ? "a" : "b", any_scale());
    } else if (choice <= 30 && !alive_.empty()) {
      service_.jobs.terminate({service_.exp, any_of(alive_)});
    } else if (choice <= 40 && !alive_.empty()) {
      const auto name = any_of(alive_);
      service_.jobs.remove({service_.exp, name});
      alive_.erase(name);
    } else if (choice <= 55) {
      end_a_run();
    } else if (choice <= 60) {
      service_.end_stopped();
    } else if (choice <= 65) {
      // Also by days, after which the records of operations are forgotten.
      service_.clock.advance(std::chrono::seconds(chance(30) ? 300'000 : pick(1, 90)));
    } else {
      step_and_maybe_die();
    }
  }

  // What nobody may ever see, whatever happened before.
  void check() {
    std::map<std::string, std::string> job_on_node;
    std::set<std::string> busy_jobs;
    for (const auto& run_id : service_.engine.going()) {
      const auto& plan = service_.engine.runs.at(run_id).plan;
      const auto& job = plan.environment.at("JOB");
      EXPECT_TRUE(busy_jobs.insert(job).second) << job << " runs twice";
      for (const auto& node : plan.nodes) {
        EXPECT_TRUE(job_on_node.emplace(node.id, job).second) << node.id << " has two jobs";
      }
    }
    for (const auto& [name, present] : alive_) {
      const auto state = service_.state(name);
      EXPECT_TRUE(state == "queued" || state == "running" || state == "terminating" || state == "succeeded" ||
                  state == "failed");
      if (state == "queued" || state == "succeeded" || state == "failed") {
        EXPECT_FALSE(busy_jobs.contains(name)) << name << " is " << state << " and still runs";
      }
    }
    check_nodes();
  }

  // Nodes have jobs when they say so, and addresses of their own.
  void check_nodes() {
    service_.store.read([&](Transaction& transaction) {
      for (auto& document : transaction.list("cluster")) {
        const ClusterRecord cluster(std::move(document));
        std::set<std::string> addresses;
        for (const auto& node : cluster.nodes) {
          EXPECT_TRUE(addresses.insert(node.address).second);
          EXPECT_EQ(node.job.empty(), node.state != Node::State::Running && node.state != Node::State::Leaving)
              << node.id;
        }
      }
    });
  }

  World world_;
  testing::ServiceFixture& service_ = world_.fixture;
  std::mt19937 random_{static_cast<std::mt19937::result_type>(GetParam())};
  std::map<std::string, bool> alive_;
  int last_job_ = 0;
};

TEST_P(RandomSteps, NeverDoubleLoseOrMixJobs) {
  service_.create_cluster("a", any_scale());
  service_.create_cluster("b", any_scale());
  for (int i = 0; i < 350; ++i) {
    act();
    check();
    if (HasFailure()) {
      FAIL() << "after step " << i;
    }
  }
  // With nodes enough and every run ending, everything comes to its end.
  service_.resize("a", testing::ServiceFixture::manual(5));
  service_.resize("b", testing::ServiceFixture::manual(5));
  for (int i = 0; i < 3000; ++i) {
    service_.settle();
    service_.end_stopped();
    const auto going = service_.engine.going();
    if (going.empty()) {
      break;
    }
    service_.engine.end(going.front(), {.exit_code = 0, .ended = service_.clock.now()});
  }
  service_.settle();
  for (const auto& [name, present] : alive_) {
    EXPECT_TRUE(service_.state(name) == "succeeded" || service_.state(name) == "failed") << name;
  }
  EXPECT_TRUE(service_.engine.runs.empty()) << "runs that were never released";
  service_.store.read([](Transaction& transaction) {
    EXPECT_TRUE(transaction.list("activeJob").empty());
    EXPECT_TRUE(transaction.list("release").empty());
    for (const auto& operation : transaction.list("operation")) {
      EXPECT_NE(operation.body.at("status"), "InProgress");
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomSteps, ::testing::Range(1, 11));

}  // namespace
}  // namespace batchai::server
