#include "batchai/job_fixture.hpp"
#include "batchai/models/resource_id.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace batchai::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class JobWaiting : public JobWorkTest {};

TEST_F(JobWaiting, AJobIsOverWhenItsStateIsFinal) {
  for (const char* state : {"queued", "running", "terminating"}) {
    EXPECT_FALSE(is_over({.execution_state = ExecutionState(std::string(state))})) << state;
  }
  EXPECT_TRUE(is_over({.execution_state = ExecutionState(std::string("succeeded"))}));
  EXPECT_TRUE(is_over({.execution_state = ExecutionState(std::string("Failed"))}));
}

TEST_F(JobWaiting, TheNamesOfAJobAreInItsId) {
  EXPECT_EQ(JobRef::of({.id = make_job_id(kSubscription, "g", "w", "e", "j")}), job_);
  EXPECT_THROW(JobRef::of({.id = make_experiment_id(kSubscription, "g", "w", "e")}), InvalidArgument);
  EXPECT_THROW(JobRef::of({.id = ""}), InvalidArgument);
}

TEST_F(JobWaiting, ShowsEachAnswerAndReturnsTheLastOne) {
  on_job("queued");
  on_job("running");
  on_job("failed");
  std::vector<std::string> states;
  const Job job =
      client_.jobs().wait(job_, {.on_look = [&](const Job& seen) { states.push_back(seen.execution_state.value()); },
                                 .interval = std::chrono::seconds(3)});
  EXPECT_EQ(job.execution_state, ExecutionState::kFailed);
  EXPECT_THAT(states, ElementsAre("queued", "running", "failed"));
  EXPECT_EQ(clock_->sleeps(), std::vector<Duration>(2, std::chrono::seconds(3)));
}

TEST_F(JobWaiting, AsksAgainAtOnceWhereTheServiceHasWaitedWithAJobThatStays) {
  const auto on_answer = [&](const std::string& state, const std::string& etag, Duration after) {
    network_->on_call("GET", job_url() + kVersion, [=, this](const HttpRequest&, const CallContext&) {
      clock_->advance(after);
      return json_response(200, job(state), {{"ETag", etag}, {"Preference-Applied", "wait=20"}});
    });
  };
  on_answer("queued", "1", Duration(0));
  for (int looks = 0; looks < 3; ++looks) {
    on_answer("queued", "1", std::chrono::seconds(10));
  }
  on_answer("succeeded", "2", std::chrono::seconds(7));
  EXPECT_TRUE(is_over(client_.jobs().wait(job_)));
  EXPECT_THAT(clock_->sleeps(), IsEmpty());
  // Something on the way takes the condition off.
  on_answer("queued", "1", Duration(0));
  on_answer("queued", "1", Duration(0));
  on_answer("succeeded", "2", Duration(0));
  EXPECT_TRUE(is_over(client_.jobs().wait(job_)));
  EXPECT_EQ(clock_->sleeps().size(), 1U);
}

TEST_F(JobWaiting, OutlivesAnOutageAndTellsOfItOnce) {
  on_job("running");
  on_outage("GET", job_url() + kVersion);
  on_outage("GET", job_url() + kVersion);
  on_job("succeeded");
  std::vector<std::string> told;
  const OutageOptions outage{.on_outage = [&](const Error& error) { told.emplace_back(error.what()); },
                             .on_recovery = [&] { told.emplace_back("back"); }};
  EXPECT_TRUE(is_over(client_.jobs().wait(job_, {.outage = outage})));
  EXPECT_THAT(told, ElementsAre("no answer from https://service: connection refused", "back"));
}

TEST_F(JobWaiting, AServiceThatStaysAwayOrHasNeverAnsweredIsAnError) {
  on_outage("GET", job_url() + kVersion);
  EXPECT_THROW(client_.jobs().wait(job_), TransportError);
  on_job("running");
  for (int tries = 0; tries < 3; ++tries) {
    on_outage("GET", job_url() + kVersion);
  }
  EXPECT_THROW(client_.jobs().wait(job_, {.outage = {.patience = std::chrono::seconds(2)}}), TransportError);
}

TEST_F(JobWaiting, EndsAtTheDeadlineAndOnCancellation) {
  on_job("running");
  on_job("running");
  EXPECT_THROW(client_.jobs().wait(job_, {.interval = std::chrono::seconds(60)},
                                   {.deadline = clock_->steady_now() + std::chrono::seconds(5)}),
               DeadlineExceeded);
  CancellationSource source;
  on_job("running");
  EXPECT_THROW(
      client_.jobs().wait(job_, {.on_look = [&](const Job&) { source.cancel(); }}, {.cancellation = source.token()}),
      Cancelled);
}

TEST_F(JobWaiting, WaitsForManyAndTellsOfEachAsItEnds) {
  on_job("running", "a");
  on_job("queued", "b");
  network_->on("GET", job_url("c") + kVersion,
               json_response(404, R"({"error":{"code":"JobNotFound","message":"c was not found"}})"));
  on_job("running", "a");
  on_job("succeeded", "b");
  on_job("failed", "a");
  const std::vector<JobRef> refs{{"g", "w", "e", "a"}, {"g", "w", "e", "b"}, {"g", "w", "e", "c"}};
  std::vector<std::string> ended;
  const auto results = client_.jobs().wait_all(refs, [&](const JobResult& result) { ended.push_back(result.ref.job); });
  EXPECT_THAT(ended, ElementsAre("c", "b", "a"));
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].value().execution_state, ExecutionState::kFailed);
  EXPECT_EQ(results[1].value().name, "b");
  EXPECT_THROW(results[2].value(), ServiceError);
  EXPECT_TRUE(client_.jobs().wait_all({}).empty());
}

/// Many jobs `j0`, `j1` … of the workspace `w`.
class ManyJobs : public JobWorkTest {
 protected:
  void SetUp() override {
    for (int i = 0; i < 32; ++i) {
      names_.push_back("j" + std::to_string(i));
      refs_.push_back({"G", "w", "e", names_.back()});
    }
  }
  void on_active(const std::vector<std::string>& names) {
    std::string jobs;
    for (const std::string& name : names) {
      jobs += (jobs.empty() ? R"({"id":")" : R"(,{"id":")") + make_job_id(kSubscription, "g", "w", "e", name) +
              R"(","name":")" + name + R"(","properties":{"executionState":"running"}})";
    }
    network_->on("GET", kActive, json_response(200, R"({"value":[)" + jobs + "]}"));
  }
  void on_look_at(const std::string& name, const std::string& state) {
    network_->on("GET", url_of(name), json_response(200, job(state, name)));
  }
  static std::string url_of(const std::string& name) { return kWorkspace + "/experiments/e/jobs/" + name + kVersion; }

  static inline const std::string kWorkspace = std::string(kEndpoint) + "/subscriptions/" + kSubscription +
                                               "/resourceGroups/G/providers/Microsoft.BatchAI/workspaces/w";
  static inline const std::string kActive =
      kWorkspace + "/jobs" + kVersion + "&executionState=queued%2Crunning%2Cterminating&maxresults=1000";
  std::vector<std::string> names_;
  std::vector<JobRef> refs_;
};

TEST_F(ManyJobs, AreListedWhileTheyAreNotOver) {
  on_active(names_);
  on_active({names_.begin() + 2, names_.end()});
  on_look_at("j0", "succeeded");
  network_->on("GET", url_of("j1"), json_response(404, R"({"error":{"code":"JobNotFound","message":"gone"}})"));
  for (std::size_t i = 2; i < names_.size(); ++i) {  // few
    on_look_at(names_[i], "failed");
  }
  std::size_t looks = 0;
  const auto results = client_.jobs().wait_all(refs_, {}, {.on_look = [&](const Job&) { ++looks; }});
  EXPECT_EQ(looks, 32U + 30U + 1U + 30U);
  EXPECT_EQ(results[0].value().execution_state, ExecutionState::kSucceeded);
  EXPECT_THROW(results[1].value(), NotFound);
  EXPECT_EQ(results[31].value().name, "j31");
}

TEST_F(ManyJobs, AreLookedAtOneByOneWhereAServiceHasNoSuchList) {
  network_->on("GET", kActive, json_response(404, R"({"error":{"code":"InvalidResourceType","message":"none"}})"));
  for (const char* state : {"running", "succeeded"}) {
    for (const std::string& name : names_) {
      on_look_at(name, state);
    }
  }
  EXPECT_EQ(client_.jobs().wait_all(refs_).back().value().execution_state, ExecutionState::kSucceeded);
}

TEST_F(ManyJobs, AreNotAskedForWithoutABreakWhileSomeEnd) {
  std::vector<std::string> left = names_;
  network_->on("GET", kActive, json_response(403, R"({"error":{"code":"AuthorizationFailed","message":"no"}})"));
  for (; !left.empty(); left.pop_back()) {
    for (const std::string& name : left) {
      network_->on_call("GET", url_of(name), [this, name, over = name == left.back()](const auto&, const auto&) {
        clock_->advance(std::chrono::milliseconds(100));
        return json_response(200, job(over ? "succeeded" : "running", name));
      });
    }
  }
  client_.jobs().wait_all(refs_);
  EXPECT_EQ(clock_->sleeps().size(), 31U);
  EXPECT_EQ(clock_->sleeps()[10], std::chrono::seconds(5)) << "as long as a round takes more than a second";
  EXPECT_EQ(clock_->sleeps().back(), std::chrono::milliseconds(25));
}

/// Accepts jobs, each only when as many requests are under way as may be.
class BusyTransport final : public Transport {
 public:
  BusyTransport(int at_once, std::string refused) : at_once_(at_once), refused_(std::move(refused)) {}

  HttpResponse send(const HttpRequest& request, const CallContext&) override {
    std::unique_lock lock(mutex_);
    most_ = std::max(most_, ++under_way_);
    ++seen_;
    arrived_.notify_all();
    arrived_.wait(lock, [this] { return seen_ >= at_once_; });
    --under_way_;
    const std::string path = request.url.path();
    const std::string name = path.substr(path.rfind('/') + 1);
    return name == refused_
               ? json_response(409, R"({"error":{"code":"JobAlreadyExists","message":"no"}})")
               : json_response(200, R"({"name":")" + name + R"(","properties":{"provisioningState":"succeeded"}})");
  }

  int most() const { return most_; }

 private:
  const int at_once_;
  const std::string refused_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  int under_way_ = 0;
  int most_ = 0;
  int seen_ = 0;
};

TEST_F(JobWaiting, SubmitsManyOverAFewConnections) {
  const auto network = std::make_shared<BusyTransport>(3, "job-4");
  const Client client(std::make_shared<FakeCredential>(), kSubscription,
                      {.endpoint = kEndpoint, .client = {.transport = network, .retry = {.max_retries = 0}}});
  std::vector<JobSubmission> jobs;
  for (int i = 0; i < 8; ++i) {
    jobs.push_back({.ref = {"g", "w", "e", "job-" + std::to_string(i)},
                    .parameters = {.node_count = 1, .std_out_err_path_prefix = "p"}});
  }
  std::vector<std::string> told;
  const auto results = client.jobs().submit_all(
      jobs, {.max_connections = 3, .on_submitted = [&](const JobResult& result) { told.push_back(result.ref.job); }});
  EXPECT_EQ(network->most(), 3);
  EXPECT_EQ(told.size(), 8U);
  ASSERT_EQ(results.size(), 8U);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (i == 4) {
      EXPECT_THROW(results[i].value(), ServiceError);
    } else {
      EXPECT_EQ(results[i].value().name, "job-" + std::to_string(i));
    }
  }
}

TEST_F(JobWaiting, SubmissionRefusesAnOddNumberOfConnectionsAndEndsWhenCancelled) {
  const std::vector<JobSubmission> jobs{{.ref = job_, .parameters = {.node_count = 1, .std_out_err_path_prefix = "p"}}};
  EXPECT_THROW(client_.jobs().submit_all(jobs, {.max_connections = 0}), InvalidArgument);
  EXPECT_THROW(client_.jobs().submit_all(jobs, {.max_connections = 65}), InvalidArgument);
  CancellationSource source;
  source.cancel();
  EXPECT_THROW(client_.jobs().submit_all(jobs, {}, {.cancellation = source.token()}), Cancelled);
}

}  // namespace
}  // namespace batchai::test
