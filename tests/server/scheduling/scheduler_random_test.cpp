#include "server/records/active_jobs.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/job_record.hpp"
#include "server/scheduling/scheduler.hpp"
#include "support/service_fixture.hpp"

#include <array>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace batchai::server::test {
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

  MemoryStore memory;
  KillingStore store{memory};
  ServiceFixture fixture;
};

/// All clusters and jobs at one moment.
struct Snapshot {
  std::vector<ClusterRecord> clusters;
  std::map<std::string, JobRecord> jobs;
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
    return chance(50) ? ServiceFixture::manual(pick(0, 5), options.at(static_cast<std::size_t>(pick(0, 2))))
                      : ServiceFixture::auto_scale(pick(0, 1), pick(1, 5));
  }

  Snapshot look() {
    Snapshot seen;
    service_.store.read([&](Transaction& transaction) {
      for (auto& document : transaction.list("cluster")) {
        seen.clusters.emplace_back(std::move(document));
      }
      for (auto& document : transaction.list("job")) {
        const std::string key = document.key;
        seen.jobs.emplace(key, std::move(document));
      }
    });
    return seen;
  }

  bool takes_requests(const std::string& cluster) {
    const auto seen = look();
    return std::any_of(seen.clusters.begin(), seen.clusters.end(), [&](const ClusterRecord& record) {
      return record.key() == ClusterName{service_.ws, cluster}.key() && !record.deleting();
    });
  }

  // Nodes of `b` have a setup task.
  void create_cluster(const std::string& name) {
    const auto scale = any_scale();
    service_.create_cluster_from(
        name, name == "a" ? ServiceFixture::cluster_body(scale) : ServiceFixture::cluster_body_with_setup(scale));
  }

  void change_cluster(const std::string& name) {
    const auto seen = look();
    const bool gone = std::none_of(seen.clusters.begin(), seen.clusters.end(), [&](const ClusterRecord& record) {
      return record.key() == ClusterName{service_.ws, name}.key();
    });
    if (gone) {
      create_cluster(name);
    } else if (chance(10)) {
      service_.clusters.remove({service_.ws, name});
    } else if (takes_requests(name)) {
      service_.resize(name, any_scale());
    }
  }

  void create_job() {
    static const std::array<std::string, 3> priorities = {"low", "normal", "high"};
    const std::string cluster = chance(50) ? "a" : "b";
    if (takes_requests(cluster)) {
      const std::string name = "j" + std::to_string(++last_job_);
      service_.create_job(name,
                          service_.job_body(pick(1, 3), priorities.at(static_cast<std::size_t>(pick(0, 2))), cluster));
      alive_[name] = "";
    }
  }

  // A job or a setup task: it ends, fails or gets lost.
  void end_a_run() {
    const auto going = service_.engine.going();
    if (going.empty()) {
      return;
    }
    const auto& run = going.at(static_cast<std::size_t>(pick(0, static_cast<int>(going.size()) - 1)));
    const auto kind = chance(80) ? RunOutcome::Kind::Exited : RunOutcome::Kind::Lost;
    service_.engine.end(run, {.kind = kind, .exit_code = chance(75) ? 0 : 1, .ended = service_.clock.now()});
  }

  void step_and_maybe_die() {
    const bool may_die = chance(25);
    if (may_die) {
      world_.store.writes_to_live = pick(1, 6);
      world_.store.before = chance(50);
    }
    const auto before = look();
    try {
      service_.reconciler->reconcile_once();
      check_decisions(before, look());
    } catch (const Killed&) {
      service_.restart();
    }
    world_.store.writes_to_live = 0;
  }

  void terminate(const std::string& name) {
    service_.jobs.terminate({service_.exp, name});
    terminated_.emplace(name, service_.run_of(name));
  }

  void act() {
    const int choice = pick(1, 100);
    if (choice <= 25 && alive_.size() < 12) {
      create_job();
    } else if (choice <= 30) {
      change_cluster(chance(50) ? "a" : "b");
    } else if (choice <= 33 && !alive_.empty()) {
      terminate(any_of(alive_));
    } else if (choice <= 42 && !alive_.empty()) {
      const auto name = any_of(alive_);
      service_.jobs.remove({service_.exp, name});
      alive_.erase(name);
    } else if (choice <= 57) {
      end_a_run();
    } else if (choice <= 62) {
      service_.end_stopped();
    } else if (choice <= 66) {
      // Also by days, after which the records of operations are forgotten.
      service_.clock.advance(std::chrono::seconds(chance(30) ? 300'000 : pick(1, 90)));
    } else {
      step_and_maybe_die();
    }
  }

  // What a round of the scheduler may decide.
  static void check_decisions(const Snapshot& before, const Snapshot& after) {
    for (const auto& cluster : after.clusters) {
      if (cluster.deleting()) {
        continue;
      }
      check_size(cluster);
      check_order(cluster, before, after);
    }
  }

  // The size is what was asked for; autoscale stays in its bounds and takes no node from a job for that.
  static void check_size(const ClusterRecord& cluster) {
    const auto settings = cluster.scale();
    const auto staying = std::count_if(cluster.nodes.begin(), cluster.nodes.end(),
                                       [](const Node& node) { return node.state != Node::State::Leaving; });
    const auto with_job = std::count_if(cluster.nodes.begin(), cluster.nodes.end(), [](const Node& node) {
      return node.state != Node::State::Leaving && !node.job.empty();
    });
    if (settings.manual) {
      EXPECT_EQ(staying, settings.manual->target_node_count) << cluster.key();
    } else {
      EXPECT_GE(staying, settings.auto_scale->minimum_node_count) << cluster.key();
      EXPECT_LE(staying, std::max<std::int64_t>(settings.auto_scale->maximum_node_count, with_job)) << cluster.key();
    }
  }

  // Whatever was started was not before its turn.
  static void check_order(const ClusterRecord& cluster, const Snapshot& before, const Snapshot& after) {
    const auto order = [](const JobRecord& job) {
      return std::pair(priority_rank(text_at(properties(job.document()), "schedulingPriority")),
                       job.document().sequence);
    };
    for (const auto& [started_key, started] : after.jobs) {
      const auto earlier = before.jobs.find(started_key);
      const bool started_now = started.cluster() == cluster.key() && started.on_nodes() &&
                               earlier != before.jobs.end() && earlier->second.run_id() != started.run_id();
      if (!started_now) {
        continue;
      }
      for (const auto& [key, job] : after.jobs) {
        const bool waits = job.cluster() == cluster.key() && job.queued() &&
                           properties(job.document()).at("nodeCount").get<int>() <= scale_limit(cluster.scale());
        EXPECT_FALSE(waits && order(job) < order(started)) << started_key << " before " << key;
      }
    }
  }

  // What nobody may ever see, whatever happened before.
  void check() {
    const auto seen = look();
    const auto busy = check_runs();
    check_nodes(seen);
    check_stopped(seen);
    for (auto& [name, end] : alive_) {
      const auto found = seen.jobs.find(JobName{service_.exp, name}.key());
      ASSERT_NE(found, seen.jobs.end()) << name << " is lost";
      const auto& job = found->second;
      EXPECT_TRUE(job.queued() || job.on_nodes() || job.state() == "succeeded" || job.state() == "failed");
      EXPECT_FALSE(!job.on_nodes() && busy.contains(name)) << name << " is " << job.state() << " and still runs";
      EXPECT_TRUE(end.empty() || end == job.state()) << name << " was " << end << " and is " << job.state();
      end = job.ended() ? job.state() : "";
    }
  }

  // Nobody's job begins again after he has terminated or deleted it.
  void check_stopped(const Snapshot& seen) {
    for (const auto& [name, run] : terminated_) {
      const auto found = seen.jobs.find(JobName{service_.exp, name}.key());
      if (found != seen.jobs.end()) {
        EXPECT_FALSE(found->second.queued()) << name << " was terminated and waits for another run";
        EXPECT_EQ(found->second.run_id(), run) << name << " was terminated and has another run";
      }
    }
    for (const auto& [key, job] : seen.jobs) {
      EXPECT_TRUE(!job.deleting() || job.stop_reason() == StopReason::Terminated) << key << " outlives its deletion";
    }
  }

  // No job runs twice, no node has two runs. Names of the jobs that run.
  std::set<std::string> check_runs() {
    std::map<std::string, std::string> run_on_node;
    std::set<std::string> busy_jobs;
    for (const auto& run_id : service_.engine.going()) {
      const auto& plan = service_.engine.runs.at(run_id).plan;
      const auto job = plan.environment.find("JOB");
      if (job != plan.environment.end()) {
        EXPECT_TRUE(busy_jobs.insert(job->second).second) << job->second << " runs twice";
      }
      for (const auto& node : plan.nodes) {
        EXPECT_TRUE(run_on_node.emplace(node.id, run_id).second) << node.id << " has two runs";
      }
    }
    return busy_jobs;
  }

  // Nodes have jobs when they say so, setup tasks only before that, addresses of their own, and are counted once.
  static void check_nodes(const Snapshot& seen) {
    std::set<std::string> addresses;
    for (const auto& cluster : seen.clusters) {
      const auto& shown = properties(cluster.document());
      int counted = 0;
      for (const auto& [state, count] : shown.at("nodeStateCounts").items()) {
        counted += count.get<int>();
      }
      EXPECT_EQ(counted, shown.at("currentNodeCount").get<int>());
      EXPECT_EQ(counted, static_cast<int>(cluster.nodes.size()));
      for (const auto& node : cluster.nodes) {
        EXPECT_TRUE(addresses.insert(node.address).second);
        EXPECT_TRUE(node.job.empty() || node.setup_run.empty()) << node.id;
        EXPECT_EQ(node.is_busy() && node.setup_run.empty(),
                  node.state == Node::State::Running || (node.state == Node::State::Leaving && !node.job.empty()))
            << node.id;
        EXPECT_TRUE(node.state != Node::State::Leaving || node.is_busy()) << node.id << " waits for nothing";
        EXPECT_EQ(node.state == Node::State::Unusable, node.error.has_value()) << node.id;
      }
    }
  }

  // With nodes enough and every run ending, everything comes to its end.
  void finish() {
    for (const std::string name : {"a", "b"}) {
      service_.settle();
      service_.end_stopped();
      service_.settle();
      if (takes_requests(name)) {
        service_.resize(name, ServiceFixture::manual(0));
      } else {
        create_cluster(name);
      }
    }
    for (const int target : {0, 5}) {
      for (const std::string name : {"a", "b"}) {
        service_.resize(name, ServiceFixture::manual(target));
      }
      end_all_runs();
    }
  }

  void end_all_runs() {
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
  }

  World world_;
  ServiceFixture& service_ = world_.fixture;
  std::mt19937 random_{static_cast<std::mt19937::result_type>(GetParam())};
  /// Names of jobs that were not deleted, and how they ended; empty while they have not.
  std::map<std::string, std::string> alive_;
  /// Names of jobs that were terminated, and the run that they had then.
  std::map<std::string, std::string> terminated_;
  int last_job_ = 0;
};

TEST_P(RandomSteps, NeverDoubleLoseOrMixJobs) {
  create_cluster("a");
  create_cluster("b");
  for (int i = 0; i < 500; ++i) {
    act();
    check();
    if (HasFailure()) {
      FAIL() << "after step " << i;
    }
  }
  finish();
  check();
  for (const auto& [name, end] : alive_) {
    EXPECT_FALSE(end.empty()) << name << " is " << service_.state(name);
  }
  EXPECT_TRUE(service_.engine.runs.empty()) << "runs that were never released";
  service_.store.write([](Transaction& transaction) {
    EXPECT_EQ(transaction.active_jobs().count(), 0U);
    EXPECT_TRUE(transaction.list("release").empty());
    EXPECT_TRUE(transaction.list("retiredNode").empty());
    for (const auto& operation : transaction.list("operation")) {
      EXPECT_NE(operation.body.at("status"), "InProgress");
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomSteps, ::testing::Range(1, 9));

}  // namespace
}  // namespace batchai::server::test
