#include "support/service_fixture.hpp"

#include <mutex>

#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

/// Lets one thread at a time use another engine.
class LockedEngine final : public Engine {
 public:
  explicit LockedEngine(Engine& inner) : inner_(inner) {}
  void start(const RunPlan& plan) override {
    const std::scoped_lock lock(mutex_);
    inner_.start(plan);
  }
  void stop(const std::string& run_id) override {
    const std::scoped_lock lock(mutex_);
    inner_.stop(run_id);
  }
  std::optional<RunOutcome> outcome(const std::string& run_id) override {
    const std::scoped_lock lock(mutex_);
    return inner_.outcome(run_id);
  }
  void release(const std::string& run_id) override {
    const std::scoped_lock lock(mutex_);
    inner_.release(run_id);
  }
  void on_ended(std::function<void(const std::string&)> listener) override { inner_.on_ended(std::move(listener)); }

 private:
  Engine& inner_;
  std::mutex mutex_;
};

class SeveralStarts : public ::testing::Test, protected ServiceFixture {
 protected:
  SeveralStarts() {
    create_cluster("c", manual(kJobs));
    settle();
    reconciler.reset();
    reconciler = std::make_unique<Reconciler>(
        store, locked_, provider, clock,
        ReconcilerOptions{.data_folder = folder.path(), .planner = planner, .starts_at_once = 4});
    for (int i = 0; i < kJobs; ++i) {
      create_job("j" + std::to_string(i), job_body());
    }
  }
  ~SeveralStarts() override { reconciler.reset(); }

  int count_jobs(const std::string& wanted) {
    int found = 0;
    for (int i = 0; i < kJobs; ++i) {
      found += state("j" + std::to_string(i)) == wanted ? 1 : 0;
    }
    return found;
  }

  static constexpr int kJobs = 20;
  LockedEngine locked_{engine};
};

TEST_F(SeveralStarts, StartEachJobOnce) {
  settle();
  EXPECT_EQ(engine.started, kJobs);
  EXPECT_EQ(count_jobs("running"), kJobs);
}

TEST_F(SeveralStarts, PutJobsBackWhileThereAreNoProcesses) {
  engine.busy = true;
  settle();
  EXPECT_EQ(count_jobs("queued"), kJobs);
  EXPECT_LT(engine.refused, kJobs) << "the first refusal holds back the others";
  engine.busy = false;
  clock.advance(std::chrono::seconds(5));
  settle();
  EXPECT_EQ(count_jobs("running"), kJobs);
}

}  // namespace
}  // namespace batchai::server::test
