#include "server/run/node_binding.hpp"

#include "server/run/plan_json.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

TEST(NodeBinding, PutsMachinesInAllPlaces) {
  const auto first = address_to_come(1);
  const auto other = address_to_come(17);
  RunPlan plan{.run_id = "r", .nodes = {{.id = "a", .address = first}, {.id = "b", .address = other}}};
  plan.files = {{"/bin/nodes/" + first, host_to_come(first) + " slots=1\n" + host_to_come(other) + " slots=1\n"}};
  plan.environment = {{"HOSTS", first + "," + other}};
  const auto bound = plan_from_json(bind_nodes(plan_to_json(plan), {{"n1", "10.0.0.1"}, {"n2", "10.0.0.2"}}));
  EXPECT_EQ(bound.nodes[0].address, "10.0.0.1");
  EXPECT_EQ(bound.nodes[1].address, "10.0.0.2");
  EXPECT_EQ(bound.files[0].path, "/bin/nodes/10.0.0.1");
  EXPECT_EQ(bound.files[0].content, "n1 slots=1\nn2 slots=1\n");
  EXPECT_EQ(bound.environment.at("HOSTS"), "10.0.0.1,10.0.0.2");
}

TEST(NodeBinding, LeavesAddressesThatAreKnown) {
  const RunPlan plan{.run_id = "r", .nodes = {{.id = "a", .address = "127.0.0.1"}}};
  EXPECT_EQ(bind_nodes(plan_to_json(plan), {{"n1", "10.0.0.1"}}), plan_to_json(plan));
}

TEST(NodeBinding, NeedsAMachineForEachNode) {
  const RunPlan plan{.run_id = "r", .nodes = {{.id = "a"}, {.id = "b"}}};
  EXPECT_THROW(bind_nodes(plan_to_json(plan), {{"n1", "10.0.0.1"}}), std::runtime_error);
}

}  // namespace

}  // namespace batchai::server::test
