#include "server/faults/fault.hpp"
#include "server/records/file_server_lookup.hpp"
#include "server/records/removal.hpp"
#include "support/service_fixture.hpp"
#include "support/unprivileged.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using nlohmann::json;
using State = OperationRecord::State;
namespace fs = std::filesystem;

class FileServersTest : public ::testing::Test, protected ServiceFixture {
 protected:
  using Fault = std::pair<int, std::string>;

  template <class Work>
  static Fault fault_of(const Work& work) {
    try {
      work();
    } catch (const ServiceFault& fault) {
      return {fault.status(), fault.code()};
    }
    return {0, "accepted"};
  }

  fs::path folder_of(const std::string& name) { return file_server_folder(file_servers.get({ws, name}), provider); }
  static json mount_of(const std::string& name, const std::string& workspace = "ws") {
    const FileServerName server{{"sub", "rg", workspace}, name};
    return {{"fileServers", {{{"fileServer", {{"id", server.id()}}}, {"relativeMountPath", "nfs"}}}}};
  }
  static json cluster_that_mounts(const std::string& name) {
    auto body = cluster_body(manual(1));
    body["properties"]["nodeSetup"]["mountVolumes"] = mount_of(name);
    return body;
  }
  Change create_cluster_of(const json& body) {
    return clusters.create({ws, "c"}, read_body<ClusterCreateParameters>(body.dump()));
  }
  json job_that_mounts(const std::string& name) {
    auto body = job_body();
    body["properties"]["mountVolumes"] = mount_of(name);
    return body;
  }
};

TEST_F(FileServersTest, AreFoldersOfThisMachine) {
  const auto made = create_file_server("f");
  EXPECT_EQ(file_server("f")["provisioningState"], "creating");
  EXPECT_FALSE(file_server("f").contains("mountSettings"));
  EXPECT_EQ(operation(made.operation->id), State::Running);
  settle();
  EXPECT_EQ(operation(made.operation->id), State::Succeeded);
  EXPECT_EQ(file_server("f")["provisioningState"], "succeeded");
  EXPECT_EQ(file_server("f")["mountSettings"]["mountPoint"], "/data");
  EXPECT_EQ(file_server("f")["mountSettings"]["fileServerPublicIP"], "127.0.0.1");
  EXPECT_EQ(file_server("f")["mountSettings"]["fileServerInternalIP"], "10.0.255.1");
  EXPECT_EQ(folder_of("f").parent_path(), folder.path() / "fileservers");
  EXPECT_TRUE(fs::is_directory(folder_of("f")));
}

TEST_F(FileServersTest, ShowWhatWasAskedForWithDefaultsAndWithoutSecrets) {
  auto body = file_server_body();
  body["properties"]["subnet"] = {
      {"id", "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"}};
  create_file_server("f", body);
  const auto document = file_servers.get({ws, "F"}).body;
  EXPECT_EQ(document["id"],
            "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.BatchAI/workspaces/ws/fileservers/f");
  EXPECT_EQ(document["type"], "Microsoft.BatchAI/workspaces/fileservers");
  const auto shown = document["properties"];
  EXPECT_EQ(shown["vmSize"], "STANDARD_DS2_V2");
  EXPECT_EQ(
      shown["dataDisks"],
      json({{"diskSizeInGB", 10}, {"diskCount", 2}, {"storageAccountType", "Premium_LRS"}, {"cachingType", "none"}}));
  EXPECT_EQ(shown["sshConfiguration"], json({{"userAccountSettings", {{"adminUserName", "admin"}}}}))
      << "no addresses unless given";
  EXPECT_EQ(shown["subnet"], body["properties"]["subnet"]);
  EXPECT_TRUE(shown.contains("creationTime"));
}

TEST_F(FileServersTest, MayReachTheirBounds) {
  auto body = file_server_body();
  auto& shown = body["properties"];
  shown["dataDisks"].update({{"diskCount", 64}, {"diskSizeInGB", 32767}});
  shown["sshConfiguration"]["publicIPsToAllow"] = std::vector<std::string>(400, "10.0.0.1/32");
  shown["sshConfiguration"]["publicIPsToAllow"][0] = "::1/128";
  EXPECT_EQ(fault_of([&] { create_file_server("f", body); }), Fault(0, "accepted"));
  shown["sshConfiguration"]["publicIPsToAllow"].push_back("*");
  EXPECT_EQ(fault_of([&] { create_file_server("g", body); }), Fault(400, "InvalidRequestContent"));
}

TEST_F(FileServersTest, AnswerASecondCreateByItsContent) {
  create_file_server("f");
  EXPECT_FALSE(create_file_server("F").operation);
  auto other = file_server_body();
  other["properties"]["dataDisks"]["diskCount"] = 3;
  EXPECT_EQ(fault_of([&] { create_file_server("f", other); }), Fault(409, "Conflict"));
  file_servers.remove({ws, "f"});
  EXPECT_EQ(fault_of([&] { create_file_server("f"); }), Fault(409, "Conflict"));
}

TEST_F(FileServersTest, NameWhatIsMissing) {
  const WorkspaceName none{"sub", "rg", "none"};
  EXPECT_EQ(fault_of([&] { file_servers.get({ws, "f"}); }), Fault(404, "FileServerNotFound"));
  EXPECT_EQ(fault_of([&] { file_servers.get({none, "f"}); }), Fault(404, "WorkspaceNotFound"));
  EXPECT_EQ(fault_of([&] { file_servers.list(none, {}); }), Fault(404, "WorkspaceNotFound"));
  EXPECT_EQ(fault_of([&] {
              file_servers.create({none, "f"}, read_body<FileServerCreateParameters>(file_server_body().dump()));
            }),
            Fault(404, "ParentResourceNotFound"));
  EXPECT_EQ(fault_of([&] { create_file_server("f.g"); }), Fault(400, "InvalidResourceName"));
  EXPECT_FALSE(file_servers.remove({ws, "f"}));
}

TEST_F(FileServersTest, GoWithTheirData) {
  create_file_server("f");
  settle();
  const auto folder_of_first = folder_of("f");
  std::ofstream(folder_of_first / "data") << "data";
  const auto removed = file_servers.remove({ws, "f"});
  EXPECT_EQ(file_server("f")["provisioningState"], "deleting");
  EXPECT_EQ(operation(removed->id), State::Running);
  settle();
  EXPECT_EQ(operation(removed->id), State::Succeeded);
  EXPECT_EQ(fault_of([&] { file_servers.get({ws, "f"}); }), Fault(404, "FileServerNotFound"));
  EXPECT_FALSE(fs::exists(folder_of_first));
  create_file_server("f");
  settle();
  EXPECT_TRUE(fs::is_empty(folder_of("f")));
}

TEST_F(FileServersTest, GoWithFoldersThatJobsHaveLeftUnchangeable) {
  create_file_server("f");
  settle();
  const auto shared = folder_of("f");
  fs::create_directories(fs::path(shared) / "cache");
  std::ofstream(fs::path(shared) / "cache/module") << "x";
  fs::permissions(fs::path(shared) / "cache", fs::perms(0555));
  const batchai::test::Unprivileged user(folder.path());
  const auto removed = file_servers.remove({ws, "f"});
  settle();
  EXPECT_EQ(operation(removed->id), State::Succeeded);
  EXPECT_FALSE(fs::exists(shared));
}

TEST_F(FileServersTest, DeletedWhileBeingMadeCancelsTheCreate) {
  const auto made = create_file_server("f");
  const auto removed = file_servers.remove({ws, "f"});
  EXPECT_EQ(operation(made.operation->id), State::Canceled);
  settle();
  EXPECT_EQ(operation(removed->id), State::Succeeded);
  EXPECT_EQ(file_servers.list(ws, {}).documents.size(), 0U);
}

TEST_F(FileServersTest, AreMadeByTheNextServiceWhenThisOneDies) {
  const auto made = create_file_server("f");
  restart();
  settle();
  EXPECT_EQ(operation(made.operation->id), State::Succeeded);
}

TEST_F(FileServersTest, FailWhereNoFolderCanBeMade) {
  std::ofstream(folder / "fileservers") << "a file stands here";
  const auto made = create_file_server("f");
  settle();
  EXPECT_EQ(operation(made.operation->id), State::Failed);
  EXPECT_EQ(file_server("f")["provisioningState"], "failed");
  EXPECT_EQ(fault_of([&] { create_cluster_of(cluster_that_mounts("f")); }), Fault(409, "Conflict"));
  fs::remove(folder / "fileservers");
  file_servers.remove({ws, "f"});
  settle();
  EXPECT_EQ(file_servers.list(ws, {}).documents.size(), 0U);
}

TEST_F(FileServersTest, GoWithTheirWorkspace) {
  create_file_server("f");
  settle();
  const auto mounted = folder_of("f");
  const auto removed = workspaces.remove(ws);
  settle();
  EXPECT_EQ(operation(removed->id), State::Succeeded);
  EXPECT_FALSE(fs::exists(mounted));
}

TEST_F(FileServersTest, GoWithTheirGroup) {
  create_file_server("f");
  settle();
  const auto mounted = folder_of("f");
  const auto remove_group = [&] {
    bool gone = false;
    store.write(
        [&](Transaction& transaction) { gone = remove_workspaces_of(transaction, ws.group_key(), clock.now()); });
    return gone;
  };
  EXPECT_FALSE(remove_group());
  settle();
  EXPECT_TRUE(remove_group());
  EXPECT_FALSE(fs::exists(mounted));
}

TEST_F(FileServersTest, MustBeThereToBeMounted) {
  EXPECT_EQ(fault_of([&] { create_cluster_of(cluster_that_mounts("f")); }), Fault(404, "FileServerNotFound"));
  create_file_server("f");
  EXPECT_EQ(fault_of([&] { create_cluster_of(cluster_that_mounts("f")); }), Fault(0, "accepted"));
  EXPECT_EQ(fault_of([&] { create_job("j", job_that_mounts("absent")); }), Fault(404, "FileServerNotFound"));
  EXPECT_EQ(fault_of([&] { create_job("j", job_that_mounts("f")); }), Fault(0, "accepted"));
  settle();
  file_servers.remove({ws, "f"});
  EXPECT_EQ(fault_of([&] { create_job("j2", job_that_mounts("f")); }), Fault(409, "Conflict"));
}

TEST_F(FileServersTest, AreFoundByTheIdInAVolumeWhenTheyAreReady) {
  const auto resolve = hosted_file_servers(store, provider);
  const std::string id = FileServerName{ws, "F"}.id();
  EXPECT_FALSE(resolve(id));
  create_file_server("f");
  EXPECT_FALSE(resolve(id));
  settle();
  EXPECT_EQ(resolve(id), folder_of("f"));
  file_servers.remove({ws, "f"});
  EXPECT_FALSE(resolve(id));
}

TEST_F(FileServersTest, ReachThePlannerOfJobs) {
  FileServerResolver given;
  planner = [&](const JobPlanInput& input) {
    given = input.file_servers;
    return RunPlan{.run_id = input.run_id};
  };
  restart();
  create_file_server("f");
  create_cluster("c", manual(1));
  create_job("j", job_that_mounts("f"));
  settle();
  ASSERT_TRUE(given);
  EXPECT_EQ(given(FileServerName{ws, "f"}.id()), folder_of("f"));
}

TEST_F(FileServersTest, BringTheirSubnetToClusters) {
  const std::string network = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v";
  auto body = file_server_body();
  body["properties"]["subnet"] = {{"id", network + "/subnets/s"}};
  create_file_server("f", body);
  auto other = cluster_that_mounts("f");
  other["properties"]["subnet"] = {{"id", network + "/subnets/other"}};
  EXPECT_EQ(fault_of([&] { create_cluster_of(other); }), Fault(400, "InvalidRequestContent"));
  create_cluster_of(cluster_that_mounts("f"));
  EXPECT_EQ(cluster("c")["subnet"]["id"], network + "/subnets/s");
  EXPECT_FALSE(create_cluster_of(cluster_that_mounts("f")).operation) << "the same request again";
}

struct Wrong {
  const char* name;
  const char* patch;
  const char* target;
};

class WrongFileServer : public FileServersTest, public ::testing::WithParamInterface<Wrong> {};

TEST_P(WrongFileServer, IsRefusedWithItsMember) {
  auto body = file_server_body();
  body.merge_patch({{"properties", json::parse(GetParam().patch)}});
  try {
    create_file_server("f", body);
    FAIL() << "accepted";
  } catch (const ServiceFault& fault) {
    EXPECT_EQ(fault.status(), 400);
    EXPECT_EQ(fault.code(), "InvalidRequestContent");
    EXPECT_EQ(fault.target(), GetParam().target);
  }
}

INSTANTIATE_TEST_SUITE_P(
    FileServers, WrongFileServer,
    ::testing::Values(
        Wrong{"NoSize", R"({"vmSize": null})", "properties.vmSize"},
        Wrong{"EmptySize", R"({"vmSize": ""})", "properties.vmSize"},
        Wrong{"NoDisks", R"({"dataDisks": null})", "properties.dataDisks"},
        Wrong{"NoDiskCount", R"({"dataDisks": {"diskCount": null}})", "properties.dataDisks.diskCount"},
        Wrong{"ZeroDisks", R"({"dataDisks": {"diskCount": 0}})", "properties.dataDisks.diskCount"},
        Wrong{"TooManyDisks", R"({"dataDisks": {"diskCount": 65}})", "properties.dataDisks.diskCount"},
        Wrong{"DiskTooSmall", R"({"dataDisks": {"diskSizeInGB": 0}})", "properties.dataDisks.diskSizeInGB"},
        Wrong{"RangeTooLong", R"({"sshConfiguration": {"publicIPsToAllow": ["::/129"]}})",
              "properties.sshConfiguration.publicIPsToAllow[0]"},
        Wrong{"RangeWithoutLength", R"({"sshConfiguration": {"publicIPsToAllow": ["10.0.0.0/"]}})",
              "properties.sshConfiguration.publicIPsToAllow[0]"},
        Wrong{"DiskTooLarge", R"({"dataDisks": {"diskSizeInGB": 32768}})", "properties.dataDisks.diskSizeInGB"},
        Wrong{"UnknownSku", R"({"dataDisks": {"storageAccountType": "Ultra"}})",
              "properties.dataDisks.storageAccountType"},
        Wrong{"EmptySku", R"({"dataDisks": {"storageAccountType": ""}})", "properties.dataDisks.storageAccountType"},
        Wrong{"PremiumOnAStandardSize", R"({"vmSize": "Standard_D2_v2"})", "properties.dataDisks.storageAccountType"},
        Wrong{"CachingOnAStandardSize",
              R"({"vmSize": "Standard_D2", "dataDisks": {"storageAccountType": "Standard_LRS",
                                                         "cachingType": "readonly"}})",
              "properties.dataDisks.cachingType"},
        Wrong{"UnknownCaching", R"({"dataDisks": {"cachingType": "writeonly"}})", "properties.dataDisks.cachingType"},
        Wrong{"NoSsh", R"({"sshConfiguration": null})", "properties.sshConfiguration"},
        Wrong{"NoWayIn", R"({"sshConfiguration": {"userAccountSettings": {"adminUserPassword": null}}})",
              "properties.sshConfiguration.userAccountSettings"},
        Wrong{"NotAnAddress", R"({"sshConfiguration": {"publicIPsToAllow": ["10.0.0.0/8", "::1", "10.0.0.0/33"]}})",
              "properties.sshConfiguration.publicIPsToAllow[2]"},
        Wrong{"NotASubnet", R"({"subnet": {"id": "/subscriptions/s/resourceGroups/g"}})", "properties.subnet.id"}),
    [](const auto& wrong) { return wrong.param.name; });

}  // namespace
}  // namespace batchai::server::test
