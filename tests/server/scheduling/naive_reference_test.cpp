#include "server/records/active_jobs.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/job_record.hpp"
#include "server/scheduling/scheduler.hpp"
#include "support/service_fixture.hpp"

#include <array>
#include <map>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

/// Two services with the same history. One goes on from what it has in memory. The other one, the naive reference,
/// begins anew before each step: its scheduler knows nothing, reads all jobs and asks for the outcomes of all runs.
class SameHistory : public ::testing::TestWithParam<int> {
 protected:
  using Services = std::array<ServiceFixture, 2>;

  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(int percent) { return pick(1, 100) <= percent; }

  void in_both(const std::function<void(ServiceFixture&)>& act) {
    for (auto& service : services_) {
      try {
        act(service);
      } catch (const ServiceFault&) {
        // In both, or check() will tell.
      }
    }
  }

  void step() {
    ServiceFixture& naive = services_[1];
    naive.memory.reread_active_jobs();
    naive.restart();
    for (auto& service : services_) {
      service.settle();
    }
  }

  nlohmann::json any_scale() {
    static const std::array<std::string, 3> options = {"requeue", "terminate", "waitforjobcompletion"};
    return chance(50) ? ServiceFixture::manual(pick(0, 5), options.at(static_cast<std::size_t>(pick(0, 2))))
                      : ServiceFixture::auto_scale(pick(0, 1), pick(1, 5));
  }

  std::string any_job() { return "j" + std::to_string(pick(1, std::max(1, last_job_))); }

  void create_job() {
    static const std::array<std::string, 3> priorities = {"low", "normal", "high"};
    const std::string name = "j" + std::to_string(++last_job_);
    const std::string cluster = chance(50) ? "a" : "b";
    const int nodes = pick(1, 6);
    const auto& priority = priorities.at(static_cast<std::size_t>(pick(0, 2)));
    in_both([&](ServiceFixture& service) { service.create_job(name, service.job_body(nodes, priority, cluster)); });
  }

  void end_job() {
    const auto name = any_job();
    const auto kind = chance(80) ? RunOutcome::Kind::Exited : RunOutcome::Kind::Lost;
    const int code = pick(0, 1);
    in_both([&](ServiceFixture& service) {
      const auto run = service.run_of(name);
      if (service.engine.runs.contains(run) && !service.engine.runs.at(run).outcome) {
        service.engine.end(run, {.kind = kind, .exit_code = code, .ended = service.clock.now()});
      }
    });
  }

  void act() {
    const int choice = pick(1, 100);
    if (choice <= 35) {
      create_job();
    } else if (choice <= 45) {
      const auto scale = any_scale();
      const std::string name = chance(50) ? "a" : "b";
      in_both([&](ServiceFixture& service) { service.resize(name, scale); });
    } else if (choice <= 50) {
      const auto name = any_job();
      in_both([&](ServiceFixture& service) { service.jobs.terminate({service.exp, name}); });
    } else if (choice <= 55) {
      const auto name = any_job();
      in_both([&](ServiceFixture& service) { service.jobs.remove({service.exp, name}); });
    } else if (choice <= 75) {
      end_job();
    } else if (choice <= 85) {
      in_both([](ServiceFixture& service) { service.end_stopped(); });
    } else if (choice <= 93) {
      const auto time = std::chrono::seconds(pick(1, 90));
      in_both([&](ServiceFixture& service) { service.clock.advance(time); });
    } else {
      const int code = pick(0, 1);
      in_both(
          [&](ServiceFixture& service) { service.end_setups("b", {.exit_code = code, .ended = service.clock.now()}); });
    }
  }

  /// What the scheduler has decided so far, in words: the nodes of each cluster in their order, and the jobs.
  static std::string decisions(ServiceFixture& service) {
    std::ostringstream text;
    service.store.read([&](Transaction& transaction) {
      for (auto& document : transaction.list("cluster")) {
        const ClusterRecord cluster(std::move(document));
        text << cluster.key() << "\n";
        for (const auto& node : cluster.nodes) {
          text << "  " << static_cast<int>(node.state) << " " << node.job << "\n";
        }
      }
      for (const auto& document : transaction.list("job")) {
        const JobRecord job(document);
        text << job.key() << " " << job.state() << " on " << job.node_ids().size() << "\n";
      }
    });
    return text.str();
  }

  Services services_;
  std::mt19937 random_{static_cast<std::mt19937::result_type>(GetParam())};
  int last_job_ = 0;
};

TEST_P(SameHistory, LeadsToTheSameDecisions) {
  in_both([](ServiceFixture& service) {
    service.create_cluster_from("a", ServiceFixture::cluster_body(ServiceFixture::manual(3)));
    service.create_cluster_from("b", ServiceFixture::cluster_body_with_setup(ServiceFixture::auto_scale(0, 4)));
  });
  for (int i = 0; i < 120; ++i) {
    for (int actions = pick(1, 3); actions > 0; --actions) {
      act();
    }
    step();
    ASSERT_EQ(decisions(services_[0]), decisions(services_[1])) << "after step " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SameHistory, ::testing::Range(1, 5));

/// The decisions over the first waiting jobs are those over all of them.
TEST(FirstWaiting, IsEnoughForEveryDecision) {
  std::mt19937 random(11);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 5'000; ++round) {
    std::vector<Node> nodes;
    for (int i = pick(0, 6); i > 0; --i) {
      nodes.push_back({.id = "n" + std::to_string(i), .state = static_cast<Node::State>(pick(0, 4))});
    }
    ActiveJobs jobs;
    std::vector<WaitingJob> all;
    for (int i = pick(0, 12); i > 0; --i) {
      const WaitingJob job{pick(0, 2), i, pick(1, 7)};
      all.push_back(job);
      jobs.put({.sequence = job.sequence, .cluster = "c", .rank = job.rank, .node_count = job.node_count});
    }
    const int limit = pick(0, 6);
    const auto free = std::count_if(nodes.begin(), nodes.end(), [](const Node& node) { return node.is_free(); });
    const auto some = assign_jobs(nodes, jobs.first_waiting("c", limit, free), limit);
    const auto expected = assign_jobs(nodes, all, limit);
    ASSERT_EQ(some.size(), expected.size());
    for (std::size_t i = 0; i < some.size(); ++i) {
      ASSERT_EQ(some[i].job, expected[i].job);
      ASSERT_EQ(some[i].nodes, expected[i].nodes);
    }
    const ScaleSettings settings{.auto_scale = AutoScaleSettings{.minimum_node_count = 0, .maximum_node_count = limit}};
    const auto decide = [&](const std::vector<WaitingJob>& waiting) {
      return decide_scale(nodes, settings, waiting, {}, Timestamp{}, std::chrono::seconds(60));
    };
    const auto decision = decide(jobs.first_waiting("c", limit, limit));
    ASSERT_EQ(decision.add, decide(all).add);
    ASSERT_EQ(decision.remove, decide(all).remove);
  }
}

}  // namespace
}  // namespace batchai::server::test
