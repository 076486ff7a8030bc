#include "server/resources/usages.hpp"

#include "server/faults/fault.hpp"
#include "server/records/vm_size.hpp"
#include "support/service_fixture.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

class UsagesTest : public ::testing::Test, protected ServiceFixture {
 protected:
  std::map<std::string, Usage> in(const std::string& location) {
    std::map<std::string, Usage> result;
    for (auto& usage : Usages(limited_).list("SUB", location)) {
      result.emplace(usage.name.value, usage);
    }
    return result;
  }

  RulesContext limited_{store, clock, [] {}, {.clusters = 20, .dedicated_cores = 28, .low_priority_cores = 50}};

  Change create_cluster_of_size(const std::string& name, const std::string& size, int nodes,
                                const std::string& priority) {
    auto body = cluster_body(manual(nodes));
    body["properties"]["vmSize"] = size;
    body["properties"]["vmPriority"] = priority;
    return create_cluster_from(name, body);
  }
};

TEST_F(UsagesTest, CountWhatRuns) {
  create_cluster_of_size("c", "Standard_NC12", 2, "dedicated");
  create_cluster_of_size("d", "Standard_D13_v2", 1, "lowpriority");
  create_cluster_of_size("e", "Standard_F4", 1, "dedicated");
  create_job("j", job_body(2));
  create_job("waits", job_body(2));
  settle();
  auto usages = in("East US");
  EXPECT_EQ(usages["Clusters"].current_value, 3);
  EXPECT_EQ(usages["Clusters"].limit, 20);
  EXPECT_EQ(usages["Standard NC Family Cluster Dedicated vCPUs"].current_value, 24);
  EXPECT_EQ(usages["Total Cluster Dedicated Regional vCPUs"].current_value, 28);
  EXPECT_EQ(usages["Total Cluster Dedicated Regional vCPUs"].limit, 28);
  EXPECT_EQ(usages["Standard Dv2 Family Cluster LowPriority vCPUs"].current_value, 8);
  EXPECT_EQ(usages["Total Cluster LowPriority Regional vCPUs"].current_value, 8);
  EXPECT_EQ(usages["Total Cluster LowPriority Regional vCPUs"].limit, 50);
  EXPECT_EQ(usages["ActiveJobs"].current_value, 2);
  EXPECT_EQ(usages["ActiveJobs"].unit, UsageUnit::kCount);
  end_job("j", 0);
  settle();
  EXPECT_EQ(in("eastus")["ActiveJobs"].current_value, 1);
}

TEST_F(UsagesTest, AreOfOneLocation) {
  create_cluster("c", manual(1));
  settle();
  for (const auto& [name, usage] : in("westus")) {
    EXPECT_EQ(usage.current_value, 0) << name;
  }
  EXPECT_THROW(in("nowhere?"), ServiceFault);
  EXPECT_THROW(in("mars"), ServiceFault);
}

TEST_F(UsagesTest, AClusterAboveTheLimitIsRefused) {
  Clusters limited(RulesContext{store, clock, [] {}, {.clusters = 1}}, "127.0.0.1");
  const auto body = read_body<ClusterCreateParameters>(cluster_body(manual(0)).dump());
  limited.create({ws, "c"}, body);
  EXPECT_FALSE(limited.create({ws, "c"}, body).operation) << "it is there already";
  try {
    limited.create({ws, "d"}, body);
    FAIL() << "accepted";
  } catch (const ServiceFault& fault) {
    EXPECT_EQ(fault.status(), 409);
    EXPECT_EQ(fault.code(), "ClusterQuotaReached");
    EXPECT_THAT(fault.message(), ::testing::HasSubstr("its limit is 1"));
  }
  workspaces.create({"sub", "rg", "west"}, {.location = "westus"});
  EXPECT_TRUE(limited.create({{"sub", "rg", "west"}, "d"}, body).operation) << "limits are those of a location";
}

TEST_F(UsagesTest, AClusterWithoutCoresEnoughStaysSmallAndSaysWhy) {
  limits.dedicated_cores = 20;
  restart();
  create_cluster("c", manual(2));
  settle();
  EXPECT_FALSE(cluster("c").contains("errors"));
  create_cluster("d", manual(2));
  settle();
  EXPECT_EQ(cluster("d")["currentNodeCount"], 1);
  EXPECT_EQ(cluster("d")["allocationState"], "steady");
  ASSERT_EQ(cluster("d")["errors"].size(), 1U);
  EXPECT_EQ(cluster("d")["errors"][0]["code"], "CoreQuotaReached");
  EXPECT_THAT(cluster("d")["errors"][0]["message"].get<std::string>(),
              ::testing::HasSubstr("limit of 20 dedicated cores allows 1 of the 2 nodes"));
  resize("c", manual(1));
  settle();
  EXPECT_EQ(cluster("d")["currentNodeCount"], 2) << "cores that became free are used";
  EXPECT_FALSE(cluster("d").contains("errors"));
}

TEST_F(UsagesTest, ClustersMayUseTheCoresToTheLastOne) {
  limits.dedicated_cores = 12;
  restart();
  create_cluster("c", manual(2));
  settle();
  EXPECT_EQ(cluster("c")["currentNodeCount"], 2);
  EXPECT_FALSE(cluster("c").contains("errors"));
}

TEST_F(UsagesTest, LowPriorityCoresAreCountedByThemselves) {
  limits.dedicated_cores = 6;
  limits.low_priority_cores = 11;
  restart();
  create_cluster_of_size("c", "Standard_NC6", 1, "dedicated");
  create_cluster_of_size("d", "Standard_NC6", 2, "lowpriority");
  settle();
  EXPECT_EQ(cluster("c")["currentNodeCount"], 1);
  EXPECT_EQ(cluster("d")["currentNodeCount"], 1);
  EXPECT_THAT(cluster("d")["errors"][0]["message"].get<std::string>(),
              ::testing::HasSubstr("limit of 11 low-priority cores allows 1 of the 2 nodes"));
}

TEST_F(UsagesTest, AJobAboveTheLimitIsRefusedUntilAnotherHasEnded) {
  Jobs limited(RulesContext{store, clock, [] {}, {.active_jobs = 2}}, "127.0.0.1");
  const auto body = read_body<JobCreateParameters>(job_body().dump());
  create_cluster("c", manual(1));
  limited.create({exp, "j"}, body);
  limited.create({exp, "k"}, body);
  EXPECT_FALSE(limited.create({exp, "k"}, body).operation) << "it is there already";
  try {
    limited.create({exp, "l"}, body);
    FAIL() << "accepted";
  } catch (const ServiceFault& fault) {
    EXPECT_EQ(fault.status(), 409);
    EXPECT_EQ(fault.code(), "ActiveJobQuotaReached");
    EXPECT_THAT(fault.message(), ::testing::HasSubstr("its limit is 2"));
  }
  settle();
  end_job("j", 0);
  settle();
  EXPECT_TRUE(limited.create({exp, "l"}, body).operation);
}

TEST_F(UsagesTest, HaveTheNamesOfTheService) {
  std::vector<std::string> names;
  for (const auto& usage : Usages(context).list("sub", "eastus")) {
    names.push_back(usage.name.localized_value);
  }
  std::vector<std::string> expected = {"Clusters"};
  for (const std::string priority : {"Dedicated", "Low Priority"}) {
    expected.push_back("Total Cluster " + priority + " Regional vCPUs");
    for (const std::string family : {"D", "Dv2", "NC", "NCv2", "NCv3", "ND", "NV"}) {
      expected.push_back("Standard " + family + " Family Cluster " + priority + " vCPUs");
    }
  }
  expected.push_back("Active Jobs");
  EXPECT_EQ(names, expected);
}

TEST_F(UsagesTest, CountGpuSizesByTheirSeries) {
  create_cluster_of_size("a", "Standard_NC6s_v2", 1, "dedicated");
  create_cluster_of_size("b", "Standard_NC6s_v3", 1, "dedicated");
  create_cluster_of_size("c", "Standard_ND6s", 1, "dedicated");
  settle();
  auto usages = in("eastus");
  for (const std::string family : {"NCv2", "NCv3", "ND"}) {
    EXPECT_EQ(usages["Standard " + family + " Family Cluster Dedicated vCPUs"].current_value, 6) << family;
  }
}

TEST(VmSizes, TellCoresFamilyAndDisks) {
  EXPECT_EQ(cores_of_vm_size("STANDARD_NC24r"), 24);
  EXPECT_EQ(cores_of_vm_size("Standard_D1"), 1);
  EXPECT_EQ(cores_of_vm_size("standard_d14_v2"), 16);
  EXPECT_EQ(cores_of_vm_size("Standard_D4_v3"), 4);
  EXPECT_EQ(cores_of_vm_size("Standard_A7"), 8);
  EXPECT_EQ(cores_of_vm_size("Standard_A2_v2"), 2);
  EXPECT_EQ(cores_of_vm_size("Basic_A3"), 1);
  EXPECT_EQ(family_of_vm_size("standard_d14_v2"), "Dv2");
  EXPECT_EQ(family_of_vm_size("STANDARD_NC6s_v2"), "NCv2");
  EXPECT_EQ(family_of_vm_size("Standard_ND24rs"), "ND");
  EXPECT_EQ(family_of_vm_size("Standard_D2s_v3"), "DSv3");
  EXPECT_EQ(family_of_vm_size("something"), "");
  EXPECT_TRUE(vm_size_takes_premium_disks("Standard_DS1"));
  EXPECT_TRUE(vm_size_takes_premium_disks("STANDARD_D2S_V3"));
  EXPECT_FALSE(vm_size_takes_premium_disks("Standard_D2_v3"));
}

}  // namespace
}  // namespace batchai::server::test
