#include "server/faults/fault.hpp"
#include "server/records/removal.hpp"
#include "support/service_fixture.hpp"

#include <atomic>
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using State = OperationRecord::State;
using Kind = RunOutcome::Kind;

class ReconcilerTest : public ::testing::Test, protected ServiceFixture {
 protected:
  void run_one_job(const std::string& name = "j") {
    create_cluster("c", manual(1));
    create_job(name, job_body());
    settle();
    ASSERT_EQ(state(name), "running");
  }
};

TEST_F(ReconcilerTest, RunsOneJobOnAClusterOfOneNode) {
  const auto made = create_cluster("c", manual(1));
  EXPECT_EQ(cluster("c")["allocationState"], "resizing");
  EXPECT_EQ(cluster("c")["currentNodeCount"], 0);
  settle();
  EXPECT_EQ(operation(made.operation->id), State::Succeeded);
  EXPECT_EQ(cluster("c")["provisioningState"], "succeeded");
  EXPECT_EQ(cluster("c")["allocationState"], "steady");
  EXPECT_EQ(cluster("c")["nodeStateCounts"]["idleNodeCount"], 1);

  const auto job_made = create_job("j", job_body());
  EXPECT_EQ(state("j"), "queued");
  EXPECT_FALSE(job("j").contains("executionInfo"));
  settle();
  EXPECT_EQ(operation(job_made.operation->id), State::Succeeded);
  EXPECT_EQ(state("j"), "running");
  EXPECT_EQ(cluster("c")["nodeStateCounts"]["runningNodeCount"], 1);
  EXPECT_TRUE(job("j")["executionInfo"].contains("startTime"));
  EXPECT_FALSE(job("j")["executionInfo"].contains("exitCode"));

  clock.advance(90s);
  end_job("j", 0);
  settle();
  EXPECT_EQ(state("j"), "succeeded");
  EXPECT_EQ(job("j")["executionInfo"]["exitCode"], 0);
  EXPECT_EQ(job("j")["executionInfo"]["endTime"], job("j")["executionStateTransitionTime"]);
  EXPECT_FALSE(job("j")["executionInfo"].contains("errors"));
  EXPECT_EQ(cluster("c")["nodeStateCounts"]["idleNodeCount"], 1);
  EXPECT_EQ(engine.released.size(), 1U);

  const auto removed = clusters.remove({ws, "c"});
  settle();
  EXPECT_EQ(operation(removed->id), State::Succeeded);
  EXPECT_THROW(clusters.get({ws, "c"}), ServiceFault);
  EXPECT_EQ(state("j"), "succeeded");
}

struct Ending {
  const char* name;
  RunOutcome outcome;
  const char* state;
  const char* error;
  const char* message;
  std::optional<int> exit_code;
};

class EndingTest : public ReconcilerTest, public ::testing::WithParamInterface<Ending> {};

TEST_P(EndingTest, BecomesTheStateOfTheJob) {
  run_one_job();
  engine.end(run_of("j"), GetParam().outcome);
  settle();
  EXPECT_EQ(state("j"), GetParam().state);
  const auto info = job("j")["executionInfo"];
  EXPECT_EQ(info["errors"].size(), 1U);
  EXPECT_EQ(info["errors"][0]["code"], GetParam().error);
  EXPECT_EQ(info["errors"][0]["message"], GetParam().message);
  EXPECT_EQ(info.contains("exitCode"), GetParam().exit_code.has_value());
  EXPECT_EQ(info.value("exitCode", 0), GetParam().exit_code.value_or(0));
  EXPECT_TRUE(info.contains("endTime"));
}

INSTANTIATE_TEST_SUITE_P(
    Runs, EndingTest,
    ::testing::Values(
        Ending{"Failing",
               {.kind = Kind::Exited, .exit_code = 3},
               "failed",
               "JobFailed",
               "Job failed with non-zero exit code",
               3},
        Ending{"FailingPreparation",
               {.kind = Kind::PreparationFailed, .exit_code = 1},
               "failed",
               "JobPreparationFailed",
               "Job preparation task failed with non-zero exit code",
               1},
        Ending{"NotStarted", {.kind = Kind::NotStarted}, "failed", "JobStartFailed", "The job could not be started", 1},
        Ending{"TooLong",
               {.kind = Kind::TimedOut, .exit_code = 137},
               "failed",
               "JobTimeout",
               "The job was stopped because it ran longer than its maxWallClockTime",
               137}),
    [](const auto& ending) { return ending.param.name; });

TEST_F(ReconcilerTest, FailsAJobThatCannotBePlanned) {
  planner = [](const JobPlanInput&) -> RunPlan {
    throw JobPlanError("AZFMountError", "Unable to mount Azure File", {{"Info", "no such share"}});
  };
  restart();
  create_cluster("c", manual(1));
  create_job("j", job_body());
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(job("j")["executionInfo"]["exitCode"], 1);
  EXPECT_EQ(job("j")["executionInfo"]["errors"][0],
            nlohmann::json::parse(R"({"code":"AZFMountError","message":"Unable to mount Azure File",
                                      "details":[{"name":"Info","value":"no such share"}]})"));
  EXPECT_EQ(cluster("c")["nodeStateCounts"]["idleNodeCount"], 1);
}

TEST_F(ReconcilerTest, FailsAJobThatTheEngineDoesNotTake) {
  engine.fail_next_start = true;
  create_cluster("c", manual(1));
  create_job("j", job_body());
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_THAT(job("j")["executionInfo"]["errors"][0]["message"].get<std::string>(), HasSubstr("no more processes"));
}

TEST_F(ReconcilerTest, LeavesJobsQueuedWhileTheMachineHasNoProcessForThem) {
  engine.busy = true;
  create_cluster("c", manual(2));
  create_job("j", job_body());
  create_job("k", job_body());
  settle();
  EXPECT_EQ(state("j"), "queued");
  EXPECT_EQ(state("k"), "queued");
  EXPECT_FALSE(job("j").contains("executionInfo"));
  EXPECT_EQ(cluster("c")["nodeStateCounts"]["idleNodeCount"], 2);
  EXPECT_EQ(engine.refused, 1) << "the other one is not even tried";
  engine.busy = false;
  clock.advance(4999ms);
  settle();
  EXPECT_EQ(state("j"), "queued");
  EXPECT_EQ(engine.started, 0);
  clock.advance(1ms);
  settle();
  EXPECT_EQ(state("j"), "running");
  EXPECT_EQ(state("k"), "running");
  EXPECT_EQ(engine.started, 2);
}

TEST_F(ReconcilerTest, TriesAJobAsOftenAsItTakesOnAMachineThatIsBusy) {
  engine.busy = true;
  create_cluster("c", manual(1));
  create_job("j", job_body());
  for (int tries = 1; tries <= 20; ++tries) {
    settle();
    ASSERT_EQ(state("j"), "queued");
    ASSERT_EQ(engine.refused, tries);
    clock.advance(5s);
  }
  engine.busy = false;
  settle();
  EXPECT_EQ(state("j"), "running");
  EXPECT_EQ(engine.released.size(), 20U) << "nothing is left of the runs that did not begin";
}

TEST_F(ReconcilerTest, TerminatesAJobThatWaitsForAProcess) {
  engine.busy = true;
  create_cluster("c", manual(1));
  create_job("j", job_body());
  settle();
  const auto operation_id = jobs.terminate({exp, "j"}).value().id;
  engine.busy = false;
  clock.advance(5s);
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(job("j")["executionInfo"]["errors"][0]["code"], "JobTerminated");
  EXPECT_EQ(operation(operation_id), State::Succeeded);
  EXPECT_EQ(engine.started, 0);
}

TEST_F(ReconcilerTest, DoesNotStartAJobAgainThatIsTerminatedWhileItIsBeingTried) {
  planner = [&](const JobPlanInput& input) {
    jobs.terminate({exp, "j"});
    return RunPlan{.run_id = input.run_id};
  };
  restart();
  engine.busy = true;
  create_cluster("c", manual(1));
  create_job("j", job_body());
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(job("j")["executionInfo"]["errors"][0]["code"], "JobTerminated");
  EXPECT_EQ(engine.refused, 1);
}

TEST_F(ReconcilerTest, DoesNotStartAJobThatIsTerminatedWhileAnotherIsBeingStarted) {
  planner = [&](const JobPlanInput& input) {
    if (input.job_name == "j") {
      jobs.terminate({exp, "k"});
    }
    return RunPlan{.run_id = input.run_id};
  };
  restart();
  create_cluster("c", manual(2));
  create_job("j", job_body());
  create_job("k", job_body());
  settle();
  EXPECT_EQ(state("j"), "running");
  EXPECT_EQ(state("k"), "failed");
  EXPECT_EQ(job("k")["executionInfo"]["errors"][0]["code"], "JobTerminated");
  EXPECT_EQ(engine.started, 1);
  EXPECT_EQ(cluster("c")["nodeStateCounts"]["idleNodeCount"], 1);
}

TEST_F(ReconcilerTest, PutsAJobBackWhoseSupervisorHadNoProcessForIt) {
  run_one_job();
  for (int tries = 1; tries <= 20; ++tries) {
    engine.end(run_of("j"), {.kind = Kind::Busy, .ended = clock.now(), .message = "no process for now"});
    settle();
    ASSERT_EQ(state("j"), "queued");
    ASSERT_EQ(cluster("c")["nodeStateCounts"]["idleNodeCount"], 1);
    ASSERT_EQ(engine.started, tries) << "it is not tried without a pause";
    clock.advance(5s);
    settle();
    ASSERT_EQ(state("j"), "running") << "however often, this is no loss of the job";
  }
}

TEST_F(ReconcilerTest, PlansWithSecretsAndShowsNone) {
  std::string seen;
  planner = [&](const JobPlanInput& input) {
    seen = input.job.secrets.at(0).value->reveal();
    return RunPlan{.run_id = input.run_id};
  };
  restart();
  create_cluster("c", manual(1));
  create_job("j", job_body());
  settle();
  EXPECT_EQ(seen, "hush-hush");
  EXPECT_EQ(jobs.get({exp, "j"}).body.dump().find("hush-hush"), std::string::npos);
  EXPECT_EQ(clusters.get({ws, "c"}).body.dump().find("hush-hush"), std::string::npos);
}

TEST_F(ReconcilerTest, TerminatesARunningJob) {
  run_one_job();
  const auto operation_id = jobs.terminate({exp, "j"}).value().id;
  EXPECT_EQ(state("j"), "terminating");
  settle();
  EXPECT_EQ(operation(operation_id), State::Running);
  end_stopped(143);
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_FALSE(job("j")["executionInfo"].contains("exitCode"));
  EXPECT_EQ(job("j")["executionInfo"]["errors"], nlohmann::json::parse(R"([{"code":"JobTerminated",
                                       "message":"The specified job has been terminated by the user"}])"));
  EXPECT_EQ(operation(operation_id), State::Succeeded);
}

TEST_F(ReconcilerTest, DoesNotRunATerminatedJobAgainWhereItsNodeIsTakenAwayToo) {
  run_one_job();
  jobs.terminate({exp, "j"});
  resize("c", manual(0));
  settle();
  end_stopped();
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(job("j")["executionInfo"]["errors"][0]["message"], "The specified job has been terminated by the user");
  resize("c", manual(1));
  settle();
  EXPECT_EQ(engine.started, 1);
}

TEST_F(ReconcilerTest, DoesNotRunADisplacedJobAgainThatIsTerminatedBeforeItHasStopped) {
  run_one_job();
  resize("c", manual(0));
  settle();
  jobs.terminate({exp, "j"});
  end_stopped();
  settle();
  resize("c", manual(1));
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(engine.started, 1);
}

TEST_F(ReconcilerTest, DoesNotRunATerminatedJobAgainThatIsLostBeforeItHasStopped) {
  run_one_job();
  jobs.terminate({exp, "j"});
  engine.end(run_of("j"), {.kind = Kind::Lost});
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(job("j")["executionInfo"]["errors"][0]["code"], "JobTerminated");
  EXPECT_EQ(engine.started, 1);
}

TEST_F(ReconcilerTest, SaysWhyAJobWasStoppedByTheStrongestReason) {
  run_one_job();
  resize("c", manual(0, "terminate"));
  settle();
  clusters.remove({ws, "c"});
  end_stopped();
  settle();
  EXPECT_EQ(job("j")["executionInfo"]["errors"][0]["message"],
            "The job was terminated because its cluster was deleted");
}

TEST_F(ReconcilerTest, TerminatesAQueuedJobWithoutRunningIt) {
  create_cluster("c", manual(0));
  create_job("j", job_body());
  settle();
  const auto operation_id = jobs.terminate({exp, "j"}).value().id;
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(operation(operation_id), State::Succeeded);
  const auto info = job("j")["executionInfo"];
  EXPECT_EQ(info["startTime"], format_iso8601(clock.now()));
  EXPECT_EQ(info["endTime"], info["startTime"]);
  EXPECT_FALSE(info.contains("exitCode"));
  resize("c", manual(1));
  settle();
  EXPECT_EQ(engine.started, 0);
}

TEST_F(ReconcilerTest, LeavesAFinishedJobAsItIsWhenTerminated) {
  run_one_job();
  end_job("j", 0);
  settle();
  const auto before = jobs.get({exp, "j"});
  EXPECT_FALSE(jobs.terminate({exp, "j"}));
  EXPECT_EQ(jobs.get({exp, "j"}).changed, before.changed);
  EXPECT_EQ(state("j"), "succeeded");
}

TEST_F(ReconcilerTest, DeletesARunningJobAfterStoppingIt) {
  run_one_job();
  const auto removed = jobs.remove({exp, "j"});
  settle();
  EXPECT_EQ(job("j")["provisioningState"], "deleting");
  EXPECT_EQ(operation(removed->id), State::Running);
  end_stopped();
  settle();
  EXPECT_THROW(job("j"), ServiceFault);
  EXPECT_EQ(operation(removed->id), State::Succeeded);
  EXPECT_TRUE(engine.runs.empty());
  EXPECT_FALSE(jobs.remove({exp, "j"}));
}

TEST_F(ReconcilerTest, FailsTheJobsOfADeletedCluster) {
  run_one_job();
  create_job("waiting", job_body());
  const auto removed = clusters.remove({ws, "c"});
  EXPECT_EQ(state("waiting"), "failed");
  settle();
  EXPECT_EQ(operation(removed->id), State::Running);
  EXPECT_EQ(cluster("c")["provisioningState"], "deleting");
  EXPECT_THROW(create_job("late", job_body()), ServiceFault);
  end_stopped();
  settle();
  EXPECT_EQ(operation(removed->id), State::Succeeded);
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(job("j")["executionInfo"]["errors"][0]["code"], "JobTerminated");
}

TEST_F(ReconcilerTest, DeletesAWorkspaceWithAllThatRunsInIt) {
  run_one_job();
  const auto removed = workspaces.remove(ws);
  settle();
  EXPECT_EQ(workspaces.get(ws).body["properties"]["provisioningState"], "deleting");
  end_stopped();
  settle();
  EXPECT_EQ(operation(removed->id), State::Succeeded);
  store.read([](Transaction& transaction) {
    for (const char* kind : {"workspace", "experiment", "cluster", "job", "removal", "release"}) {
      EXPECT_TRUE(transaction.list(kind).empty()) << kind;
    }
  });
}

TEST_F(ReconcilerTest, ReleasesTheOtherRunsWhereOneCannotBeReleased) {
  create_cluster("c", manual(2));
  create_job("stuck", job_body());
  create_job("fine", job_body());
  settle();
  engine.unreleasable = run_of("stuck");
  const auto fine = run_of("fine");
  end_job("stuck", 0);
  end_job("fine", 0);
  EXPECT_THROW(settle(), std::runtime_error);
  EXPECT_THAT(engine.released, ::testing::ElementsAre(fine));
  store.read([](Transaction& transaction) { EXPECT_EQ(transaction.list("release").size(), 1U); });
  engine.unreleasable.clear();
  settle();
  EXPECT_EQ(engine.released.size(), 2U);
}

TEST_F(ReconcilerTest, EmptiesAGroupInSteps) {
  run_one_job();
  const auto ask = [&] {
    bool gone = false;
    store.write([&](Transaction& transaction) {
      gone = remove_workspaces_of(transaction, "/subscriptions/sub/resourcegroups/rg", clock.now());
    });
    return gone;
  };
  EXPECT_FALSE(ask());
  settle();
  EXPECT_FALSE(ask());
  end_stopped();
  settle();
  EXPECT_TRUE(ask());
}

TEST_F(ReconcilerTest, RequeuesAJobWhoseNodeIsTakenAway) {
  run_one_job();
  const std::string first_run = run_of("j");
  resize("c", manual(0));
  settle();
  EXPECT_EQ(cluster("c")["nodeStateCounts"]["leavingNodeCount"], 1);
  EXPECT_EQ(cluster("c")["allocationState"], "resizing");
  end_stopped();
  settle();
  EXPECT_EQ(state("j"), "queued");
  EXPECT_FALSE(job("j").contains("executionInfo"));
  EXPECT_EQ(cluster("c")["currentNodeCount"], 0);
  EXPECT_EQ(cluster("c")["allocationState"], "steady");
  resize("c", manual(1));
  settle();
  EXPECT_EQ(state("j"), "running");
  EXPECT_NE(run_of("j"), first_run);
}

TEST_F(ReconcilerTest, TerminatesOrWaitsWhenAskedTo) {
  run_one_job();
  resize("c", manual(0, "waitforjobcompletion"));
  settle();
  EXPECT_EQ(state("j"), "running");
  EXPECT_FALSE(engine.runs.begin()->second.stop_requested);
  create_job("behind", job_body());
  end_job("j", 0);
  settle();
  EXPECT_EQ(state("j"), "succeeded");
  EXPECT_EQ(cluster("c")["currentNodeCount"], 0);

  resize("c", manual(1));
  settle();
  EXPECT_EQ(state("behind"), "running");
  resize("c", manual(0, "terminate"));
  settle();
  end_stopped();
  settle();
  EXPECT_EQ(state("behind"), "failed");
}

TEST_F(ReconcilerTest, GrowsAtOnceAndShrinksAfterTheIdlePeriod) {
  create_cluster("c", auto_scale(0, 2));
  settle();
  EXPECT_EQ(cluster("c")["currentNodeCount"], 0);
  create_job("j", job_body(2));
  settle();
  EXPECT_EQ(state("j"), "running");
  EXPECT_EQ(cluster("c")["currentNodeCount"], 2);
  end_job("j", 0);
  settle();
  clock.advance(59s);
  settle();
  EXPECT_EQ(cluster("c")["currentNodeCount"], 2);
  clock.advance(1s);
  settle();
  EXPECT_EQ(cluster("c")["currentNodeCount"], 0);
}

TEST_F(ReconcilerTest, RunsALostJobAgainAFewTimes) {
  run_one_job();
  for (int loss = 1; loss <= 5; ++loss) {
    engine.end(run_of("j"), {.kind = Kind::Lost});
    settle();
    ASSERT_EQ(state("j"), "running") << loss;
  }
  engine.end(run_of("j"), {.kind = Kind::Lost});
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(engine.started, 6) << "once, and again five times";
  EXPECT_EQ(job("j")["executionInfo"]["errors"][0]["code"], "JobLost");
}

TEST_F(ReconcilerTest, RunsAgainWhatNobodyHereHasStopped) {
  // As when the machine is shut down in good order.
  run_one_job();
  const auto first = run_of("j");
  engine.end(first, {.kind = Kind::Stopped, .exit_code = 143});
  settle();
  EXPECT_EQ(state("j"), "running");
  EXPECT_NE(run_of("j"), first);
  EXPECT_FALSE(job("j")["executionInfo"].contains("exitCode"));
}

TEST_F(ReconcilerTest, TakesUpRunningJobsAfterARestart) {
  run_one_job();
  restart();
  settle();
  EXPECT_EQ(state("j"), "running");
  EXPECT_EQ(engine.started, 1);
}

TEST_F(ReconcilerTest, FindsTheOutcomeOfARunThatEndedMeanwhile) {
  run_one_job();
  reconciler.reset();
  const auto ended = clock.now() + 10s;
  clock.advance(1h);
  engine.runs.at(run_of("j")).outcome = RunOutcome{.kind = Kind::Exited, .exit_code = 7, .ended = ended};
  restart();
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(job("j")["executionInfo"]["exitCode"], 7);
  EXPECT_EQ(job("j")["executionInfo"]["endTime"], format_iso8601(ended));
}

TEST_F(ReconcilerTest, StartsARunThatWasNeverHandedOver) {
  create_cluster("c", manual(1));
  create_job("j", job_body());
  settle();
  engine.runs.clear();
  store.write([&](Transaction& transaction) {
    auto document = *transaction.get(JobName{exp, "j"}.key());
    document.hidden["handedOver"] = false;
    transaction.put(document);
  });
  restart();
  settle();
  EXPECT_EQ(engine.going(), std::vector<std::string>{run_of("j")});
  EXPECT_EQ(engine.started, 2);
}

TEST_F(ReconcilerTest, EndsTheCreationOfAClusterThatIsDeletedFirst) {
  const auto made = create_cluster("c", manual(1));
  clusters.remove({ws, "c"});
  EXPECT_EQ(operation(made.operation->id), State::Canceled);
}

TEST_F(ReconcilerTest, HasCreatedAJobWhenTheRequestIsAnswered) {
  create_cluster("c", manual(1));
  const auto made = create_job("j", job_body());
  EXPECT_EQ(operation(made.operation->id), State::Succeeded);
  EXPECT_EQ(job("j")["provisioningState"], "succeeded");
}

TEST_F(ReconcilerTest, EndsTheCreationOfAJobThatAnOlderVersionWasCreating) {
  create_cluster("c", manual(0));
  create_job("j", job_body());
  std::string creation;
  store.write([&](Transaction& transaction) {
    creation = create_operation(transaction, clock.now(), "sub", "eastus", "j").id;
    auto document = transaction.get(JobName{exp, "j"}.key()).value();
    document.body["properties"]["provisioningState"] = "creating";
    document.hidden["createOperation"] = creation;
    transaction.put(document);
  });
  settle();
  EXPECT_EQ(operation(creation), State::Succeeded);
  EXPECT_EQ(job("j")["provisioningState"], "succeeded");
}

TEST_F(ReconcilerTest, HoldsBackSmallJobsBehindALargeOne) {
  create_cluster("c", manual(2));
  create_job("first", job_body(1));
  settle();
  create_job("large", job_body(2));
  create_job("small", job_body(1));
  create_job("impossible", job_body(3, "high"));
  settle();
  EXPECT_EQ(state("large"), "queued");
  EXPECT_EQ(state("small"), "queued");
  end_job("first", 0);
  settle();
  EXPECT_EQ(state("large"), "running");
  EXPECT_EQ(state("small"), "queued");
}

TEST_F(ReconcilerTest, TellsWhereToLogOn) {
  create_cluster("c", manual(2));
  create_job("j", job_body());
  settle();
  const auto all = clusters.remote_login({ws, "c"});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].port, 50000);
  EXPECT_EQ(all[1].port, 50001);
  EXPECT_THAT(all[0].node_id, ::testing::MatchesRegex("tvm-[0-9]{10}_1-20180607t211621z"));
  ASSERT_EQ(jobs.remote_login({exp, "j"}).size(), 1U);
  EXPECT_EQ(jobs.remote_login({exp, "j"})[0].node_id, all[0].node_id);
  clusters.remove({ws, "c"});
  settle();
  end_stopped();
  settle();
  EXPECT_TRUE(jobs.remote_login({exp, "j"}).empty());
}

TEST_F(ReconcilerTest, WorksInItsOwnThread) {
  create_cluster("c", manual(1));
  std::atomic<int> rounds{0};
  reconciler.reset();
  reconciler = std::make_unique<Reconciler>(
      store, engine, provider, clock,
      ReconcilerOptions{.data_folder = "/nonexistent", .planner = planner, .after_pass = [&] {
                          ++rounds;
                          rounds.notify_all();
                        }});
  reconciler->start();
  for (int seen = rounds; cluster("c")["nodeStateCounts"]["idleNodeCount"] != 1; seen = rounds) {
    rounds.wait(seen);
  }
  const int seen = rounds;
  reconciler->wake();
  rounds.wait(seen);
  reconciler->stop();
  EXPECT_GT(rounds, seen);
}

}  // namespace
}  // namespace batchai::server::test
