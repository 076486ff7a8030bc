#include "support/service_fixture.hpp"

#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using State = OperationRecord::State;

class ManyJobs : public ::testing::Test, protected ServiceFixture {
 protected:
  std::size_t jobs_left() {
    std::size_t left = 0;
    store.read([&](Transaction& transaction) { left = transaction.list_texts("job").size(); });
    return left;
  }
};

TEST_F(ManyJobs, RemovesAnExperimentOfManyJobsInStepsAndStartsNoneOfThem) {
  create_cluster("c", manual(0));
  for (int i = 0; i < 1'100; ++i) {
    create_job("j" + std::to_string(i), job_body());
  }
  settle();
  const auto removed = experiments.remove(exp);
  EXPECT_EQ(operation(removed->id), State::Running);
  EXPECT_EQ(jobs_left(), 100U) << "one transaction is not to last for long";
  resize("c", manual(1));
  settle();
  EXPECT_EQ(operation(removed->id), State::Succeeded);
  EXPECT_EQ(jobs_left(), 0U);
  EXPECT_EQ(engine.started, 0);
}

TEST_F(ManyJobs, StartsTheJobBehindThoseOfARemovedExperiment) {
  create_cluster("c", manual(0));
  for (int i = 0; i < 1'100; ++i) {
    create_job("j" + std::to_string(i), job_body());
  }
  const ExperimentName other{ws, "other"};
  experiments.create(other);
  jobs.create({other, "next"}, read_body<JobCreateParameters>(job_body().dump()));
  settle();
  resize("c", manual(1));
  experiments.remove(exp);
  settle();
  EXPECT_EQ(jobs.get({other, "next"}).body["properties"]["executionState"], "running");
  EXPECT_EQ(engine.started, 1);
}

TEST_F(ManyJobs, RemovesTheJobsOfAllExperimentsOfAWorkspaceInSteps) {
  create_cluster("c", manual(0));
  const ExperimentName other{ws, "other"};
  experiments.create(other);
  for (int i = 0; i < 700; ++i) {
    create_job("j" + std::to_string(i), job_body());
    jobs.create({other, "j" + std::to_string(i)}, read_body<JobCreateParameters>(job_body().dump()));
  }
  settle();
  const auto removed = workspaces.remove(ws);
  EXPECT_EQ(jobs_left(), 400U);
  settle();
  EXPECT_EQ(jobs_left(), 0U);
  EXPECT_EQ(operation(removed->id), State::Succeeded);
}

TEST_F(ManyJobs, FailsTheManyJobsOfADeletedClusterInSteps) {
  create_cluster("c", manual(0));
  for (int i = 0; i < 1'100; ++i) {
    create_job("j" + std::to_string(i), job_body());
  }
  settle();
  const auto removed = clusters.remove({ws, "c"});
  EXPECT_EQ(state("j0"), "failed");
  EXPECT_EQ(state("j1099"), "queued");
  settle();
  EXPECT_EQ(state("j1099"), "failed");
  EXPECT_EQ(operation(removed->id), State::Succeeded);
}

}  // namespace
}  // namespace batchai::server::test
