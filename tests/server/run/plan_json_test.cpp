#include "server/run/plan_json.hpp"

#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

RunPlan full_plan() {
  return {.run_id = "run-1",
          .name = "j",
          .node_kind = "STANDARD_NC6",
          .rank = 2,
          .nodes = {{.id = "n1",
                     .address = "127.0.0.2",
                     .gpus = 4,
                     .working_directory = "/w",
                     .execution_log = "/l",
                     .temporary = "/t",
                     .devices = {"/dev/x"}},
                    {.id = "n2", .address = "127.0.0.3"}},
          .cleared = {"/temp"},
          .node_mounts = {{"/mounts/n", "/files/n"}},
          .mounts = {{"/mounts/a", "/files/a"}},
          .directories = {"/out/one", "/out/two"},
          .files = {{"/hostfile", "127.0.0.2 slots=1\n"}, {"/ssh", "#!", true}},
          .programs = "/bin",
          .setup = {{.name = "setup", .node = 1, .command = "true"}},
          .preparation = {{.name = "job_prep", .node = 1, .command = "pip install x"}},
          .processes = {{.name = "wk-0",
                         .command = "echo \"ü\"\n",
                         .environment = {{"A", "b=c"}},
                         .stdout_file = "/o",
                         .stderr_file = "/e",
                         .determines_exit = false}},
          .ends_on_failure = true,
          .environment = {{"SECRET", "value"}},
          .limit = std::chrono::seconds(90),
          .grace = std::chrono::milliseconds(1'500),
          .sandbox = RunSandbox{.writable = {"/w"}, .readable = {"/r"}, .hidden = {"/h"}},
          .limits = {.memory_bytes = 1, .processes = 2, .open_files = 3, .file_bytes = 4, .disk_bytes = 5, .cpus = 6},
          .container = RunContainer{.image = "i",
                                    .credentials = "c",
                                    .shm_size = "1g",
                                    .view = {.writable = {"/w"}, .readable = {"/r"}, .hidden = {"/h"}},
                                    .configuration = "/c",
                                    .storage = "/s",
                                    .run = "/t"},
          .remark = "a remark"};
}

TEST(PlanJson, KeepsEveryMemberOfAPlan) {
  const auto text = plan_to_json(full_plan());
  const auto plan = plan_from_json(text);
  EXPECT_EQ(plan.run_id, "run-1");
  EXPECT_EQ(plan.name, "j");
  EXPECT_EQ(plan.node_kind, "STANDARD_NC6");
  EXPECT_EQ(plan.rank, 2);
  ASSERT_EQ(plan.setup.size(), 1U);
  EXPECT_EQ(plan.setup[0].node, 1U);
  ASSERT_EQ(plan.nodes.size(), 2U);
  EXPECT_EQ(plan.nodes[0].id, "n1");
  EXPECT_EQ(plan.nodes[0].address, "127.0.0.2");
  EXPECT_EQ(plan.nodes[0].gpus, 4);
  EXPECT_EQ(plan.nodes[0].working_directory, "/w");
  EXPECT_EQ(plan.nodes[0].execution_log, "/l");
  EXPECT_EQ(plan.cleared, std::vector<std::filesystem::path>{"/temp"});
  ASSERT_EQ(plan.mounts.size(), 1U);
  EXPECT_EQ(plan.mounts[0].first, "/mounts/a");
  EXPECT_EQ(plan.mounts[0].second, "/files/a");
  EXPECT_EQ(plan.directories.size(), 2U);
  ASSERT_EQ(plan.node_mounts.size(), 1U);
  EXPECT_EQ(plan.node_mounts[0].second, "/files/n");
  ASSERT_EQ(plan.files.size(), 2U);
  EXPECT_EQ(plan.files[0].content, "127.0.0.2 slots=1\n");
  EXPECT_FALSE(plan.files[0].executable);
  EXPECT_TRUE(plan.files[1].executable);
  EXPECT_EQ(plan.programs, "/bin");
  EXPECT_TRUE(plan.ends_on_failure);
  ASSERT_EQ(plan.preparation.size(), 1U);
  EXPECT_EQ(plan.preparation[0].node, 1U);
  EXPECT_TRUE(plan.preparation[0].determines_exit);
  ASSERT_EQ(plan.processes.size(), 1U);
  EXPECT_EQ(plan.processes[0].command, "echo \"ü\"\n");
  EXPECT_EQ(plan.processes[0].environment.at("A"), "b=c");
  EXPECT_EQ(plan.processes[0].stdout_file, "/o");
  EXPECT_FALSE(plan.processes[0].determines_exit);
  EXPECT_EQ(plan.environment.at("SECRET"), "value");
  EXPECT_EQ(plan.limit, std::chrono::seconds(90));
  EXPECT_EQ(plan.grace, std::chrono::milliseconds(1'500));
  EXPECT_EQ(plan.nodes[0].temporary, "/t");
  EXPECT_EQ(plan.nodes[0].devices, std::vector<std::filesystem::path>{"/dev/x"});
  EXPECT_EQ(plan.sandbox, full_plan().sandbox);
  EXPECT_EQ(plan.limits, full_plan().limits);
  EXPECT_EQ(plan.container, full_plan().container);
  EXPECT_EQ(plan.remark, "a remark");
  EXPECT_EQ(plan_to_json(plan), text);
}

TEST(PlanJson, ReadsThePlanOfAnOlderService) {
  auto text = plan_to_json({.run_id = "r"});
  for (const std::string member : {R"("name":"",)", R"("nodeKind":"",)", R"("rank":1,)", R"(,"setup":[])"}) {
    const auto found = text.find(member);
    ASSERT_NE(found, std::string::npos) << member;
    text.erase(found, member.size());
  }
  EXPECT_EQ(plan_from_json(text).rank, 1);
}

TEST(PlanJson, KeepsTheAbsenceOfALimit) { EXPECT_FALSE(plan_from_json(plan_to_json({.run_id = "r"})).limit); }

TEST(PlanJson, RefusesEveryTextThatWasCutOff) {
  const auto text = plan_to_json(full_plan());
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_ANY_THROW(plan_from_json(text.substr(0, length))) << length;
  }
}

}  // namespace

}  // namespace batchai::server::test
