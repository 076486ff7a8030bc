#pragma once

#include "contract/engine_lab.hpp"

namespace batchai::server::test {

/// Two nodes with a folder and an account each, and a process `p0`, `p1` on each.
class EngineOnNodes : public EngineContract {
 protected:
  RunPlan plan_on_two(const std::string& run_id, const std::string& first, const std::string& second) const {
    auto result = plan(run_id, {first, second});
    result.nodes = {node("node-1", "127.0.0.1"), node("node-2", "127.0.0.2")};
    result.processes[1].node = 1;
    for (const auto& each : result.nodes) {
      result.directories.push_back(each.working_directory);
    }
    return result;
  }

 private:
  RunNode node(const std::string& id, const std::string& address) const {
    return {.id = id,
            .address = address,
            .working_directory = scratch / id,
            .execution_log = scratch / ("execution-" + id + ".log")};
  }
};

TEST_P(EngineOnNodes, StartsEveryProcessOnItsNode) {
  EXPECT_EQ(service.run(plan_on_two(kRunId, "pwd", "pwd; exit 0")).exit_code, 0);
  EXPECT_EQ(text("p0.out"), (scratch / "node-1").string() + "\n");
  EXPECT_EQ(text("p1.out"), (scratch / "node-2").string() + "\n");
  EXPECT_THAT(text("execution-node-1.log"), ::testing::HasSubstr("p0 ended"));
  EXPECT_THAT(text("execution-node-1.log"), ::testing::Not(::testing::HasSubstr("p1 ended")));
  EXPECT_THAT(text("execution-node-2.log"), ::testing::HasSubstr("p1 ended"));
}

TEST_P(EngineOnNodes, LosesTheWholeRunWithOneOfItsNodes) {
  service.engine->start(plan_on_two(kRunId, "echo $$ > ../one; sleep 1000", "echo $$ > ../two; sleep 1000"));
  const auto one = pid_in("one");
  const auto two = pid_in("two");
  lab->lose_node(kRunId, 1);
  EXPECT_EQ(service.wait(kRunId).kind, Kind::Lost);
  EXPECT_TRUE(is_gone(one)) << "it would go on while the job runs elsewhere";
  EXPECT_TRUE(is_gone(two));
}

TEST_P(EngineOnNodes, LosesNoRunOnOtherNodes) {
  const Gate gate(scratch / "gate");
  auto other = plan("other", {});
  other.processes = {process("other", "echo up; " + gate.wait_command() + "; exit 4")};
  service.engine->start(plan_on_two("losing", "echo $$ > ../one; sleep 1000", "sleep 1000"));
  service.engine->start(other);
  pid_in("one");
  wait_for_line(scratch / "other.out");
  lab->lose_node("losing", 0);
  EXPECT_EQ(service.wait("losing").kind, Kind::Lost);
  gate.open();
  EXPECT_EQ(service.wait("other").exit_code, 4);
}

TEST_P(EngineOnNodes, RunsAgainElsewhereUnderANewNameAfterALoss) {
  service.engine->start(plan_on_two("first", "echo $$ > ../one; sleep 1000", "sleep 1000"));
  pid_in("one");
  lab->lose_node("first", 0);
  service.wait("first");
  service.engine->release("first");
  EXPECT_EQ(service.run(plan_on_two("second", "echo again", "true")).exit_code, 0);
  EXPECT_EQ(text("p0.out"), "again\n");
}

TEST_P(EngineOnNodes, AreTakenUpByALaterEngineWithAllTheirProcesses) {
  const Gate gate(scratch / "gate");
  service.engine->start(plan_on_two(kRunId, "echo $$ > ../one; " + gate.wait_command(),
                                    "echo $$ > ../two; while kill -0 $(cat ../one); do sleep 0.01; done; exit 6"));
  pid_in("one");
  pid_in("two");
  service.engine.reset();
  Service later(lab->make());
  EXPECT_FALSE(later.engine->outcome(kRunId));
  gate.open();
  EXPECT_EQ(later.wait(kRunId).exit_code, 6);
}

}  // namespace batchai::server::test
