#include "server/records/active_jobs.hpp"

#include <algorithm>
#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ActiveJob waiting(std::int64_t sequence, int rank, int node_count) {
  return {.sequence = sequence, .cluster = "c", .rank = rank, .node_count = node_count};
}

ActiveJob running(std::int64_t sequence, bool handed_over = true, bool stopping = false) {
  return {.sequence = sequence,
          .cluster = "c",
          .only_waits = false,
          .key = "j" + std::to_string(sequence),
          .on_nodes = true,
          .run_id = "run-" + std::to_string(sequence),
          .handed_over = handed_over,
          .stopping = stopping};
}

std::vector<std::int64_t> sequences(const std::vector<WaitingJob>& jobs) {
  std::vector<std::int64_t> result;
  for (const auto& job : jobs) {
    result.push_back(job.sequence);
  }
  return result;
}

std::vector<std::int64_t> sequences(const std::vector<const ActiveJob*>& jobs) {
  std::vector<std::int64_t> result;
  for (const auto* job : jobs) {
    result.push_back(job->sequence);
  }
  return result;
}

TEST(ActiveJobs, GivesTheFirstThatWaitAndTheOneAfterWhatFits) {
  ActiveJobs jobs;
  for (const auto& job : {waiting(1, 2, 1), waiting(2, 1, 2), waiting(3, 1, 9), waiting(4, 0, 1), waiting(5, 1, 1)}) {
    jobs.put(job);
  }
  EXPECT_THAT(sequences(jobs.first_waiting("c", 4, 3)), ElementsAre(4, 2, 5)) << "the third does not fit any more";
  EXPECT_THAT(sequences(jobs.first_waiting("c", 4, 0)), ElementsAre(4));
  EXPECT_THAT(sequences(jobs.first_waiting("c", 9, 99)), ElementsAre(4, 2, 3, 5, 1));
  EXPECT_THAT(jobs.first_waiting("another", 9, 99), IsEmpty());
  EXPECT_THAT(jobs.all("c"), ElementsAre(1, 2, 3, 4, 5));
}

TEST(ActiveJobs, KnowsWhatIsToBeActedOn) {
  ActiveJobs jobs;
  jobs.put(running(1));
  jobs.put(running(2, false));
  jobs.put(running(3, true, true));
  EXPECT_THAT(sequences(jobs.to_act_on()), ElementsAre(2, 3));
  EXPECT_THAT(sequences(jobs.on_nodes()), ElementsAre(1, 2, 3));
  EXPECT_EQ(jobs.of_run("run-3")->key, "j3");
  jobs.put(running(2));
  EXPECT_THAT(sequences(jobs.to_act_on()), ElementsAre(3));
  jobs.erase(running(3));
  EXPECT_EQ(jobs.of_run("run-3"), nullptr);
  EXPECT_THAT(sequences(jobs.to_act_on()), IsEmpty());
  EXPECT_EQ(jobs.count(), 2U);
}

TEST(ActiveJobs, TellsOnceInWhichClustersSomethingHasChanged) {
  ActiveJobs jobs;
  jobs.put(waiting(1, 1, 1));
  jobs.mark_changed("d");
  EXPECT_THAT(jobs.take_changed_clusters(), ElementsAre("c", "d"));
  EXPECT_THAT(jobs.take_changed_clusters(), IsEmpty());
  jobs.erase(waiting(1, 1, 1));
  EXPECT_THAT(jobs.take_changed_clusters(), ElementsAre("c"));
}

/// What it holds after any history, and after taking any part of it back, is what a plain list of jobs holds.
class ActiveJobsHistory : public ::testing::TestWithParam<int> {
 protected:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  void step() {
    const std::int64_t sequence = pick(1, 30);
    // Rank and number of nodes follow from the sequence: they never change.
    const auto place = waiting(sequence, static_cast<int>(sequence % 3), static_cast<int>(1 + sequence % 4));
    if (pick(1, 4) == 1) {
      jobs_.erase(place);
      expected_.erase(sequence);
      return;
    }
    ActiveJob job = pick(0, 1) == 0 ? place : running(sequence, pick(0, 1) == 0, pick(0, 1) == 0);
    job.rank = place.rank;
    job.node_count = place.node_count;
    jobs_.put(job);
    expected_[sequence] = job;
  }

  void check() {
    ActiveJobs anew;
    std::vector<WaitingJob> waits;
    for (const auto& [sequence, job] : expected_) {
      anew.put(job);
      if (job.only_waits) {
        waits.push_back({job.rank, job.sequence, job.node_count});
      }
    }
    ASSERT_TRUE(jobs_.same_jobs(anew));
    ASSERT_EQ(jobs_.count(), expected_.size());
    ASSERT_EQ(sequences(jobs_.to_act_on()), sequences(anew.to_act_on()));
    std::sort(waits.begin(), waits.end(), [](const auto& a, const auto& b) {
      return std::pair(a.rank, a.sequence) < std::pair(b.rank, b.sequence);
    });
    ASSERT_EQ(sequences(jobs_.first_waiting("c", 4, 1000)), sequences(waits));
  }

  std::mt19937 random_{static_cast<std::mt19937::result_type>(GetParam())};
  ActiveJobs jobs_;
  std::map<std::int64_t, ActiveJob> expected_;
};

TEST_P(ActiveJobsHistory, HoldsWhatAPlainListHolds) {
  for (int round = 0; round < 300; ++round) {
    const auto before = expected_;
    const auto mark = jobs_.mark();
    for (int i = pick(1, 10); i > 0; --i) {
      step();
    }
    const int end = pick(0, 2);
    if (end == 0) {
      jobs_.undo_to(mark);
      expected_ = before;
    } else if (end == 1) {
      jobs_.keep();
    }
    check();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ActiveJobsHistory, ::testing::Range(1, 5));

}  // namespace
}  // namespace batchai::server::test
