#include "server/engine/local_node_provider.hpp"

#include "contract/scratch.hpp"
#include "core/descriptor.hpp"

#include <fstream>
#include <map>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace batchai::server::test {
namespace {

TEST(LocalNodeProvider, GivesEachNodeALoopbackAddress) {
  const LocalNodeProvider nodes("/data", 0);
  EXPECT_EQ(nodes.node_address(0), "127.64.0.1");
  EXPECT_EQ(nodes.node_address(253), "127.64.0.254");
  EXPECT_EQ(nodes.node_address(254), "127.64.1.1");
  EXPECT_EQ(nodes.node_address(256LL * 254), "127.65.0.1");
  EXPECT_EQ(nodes.node_address(64LL * 256 * 254 - 1), "127.127.255.254");
  EXPECT_EQ(nodes.node_address(64LL * 256 * 254), "127.64.0.1") << "around again";
  EXPECT_EQ(nodes.file_server_address(), "127.0.0.1");
}

TEST(LocalNodeProvider, KnowsTheNumberOfAnAddress) {
  const LocalNodeProvider nodes("/data", 0);
  for (const std::int64_t number : {0LL, 253LL, 254LL, 70'000LL, 64LL * 256 * 254 - 1}) {
    EXPECT_EQ(LocalNodeProvider::number_of_address(nodes.node_address(number)), number);
  }
  EXPECT_EQ(LocalNodeProvider::number_of_address("127.0.0.1"), 0);
  EXPECT_EQ(LocalNodeProvider::number_of_address("n1"), 0);
}

TEST(LocalNodeProvider, KeepsFoldersInTheDataFolder) {
  const LocalNodeProvider nodes("/data", 0);
  EXPECT_EQ(nodes.node_folder("uuid", "tvm-1"), "/data/nodes/uuid/tvm-1");
  EXPECT_EQ(nodes.file_server_folder("uuid"), "/data/fileservers/uuid");
}

TEST(LocalNodeProvider, ShowsTheGpusOfANodeWhereThereAreAny) {
  EXPECT_EQ(LocalNodeProvider("/data", 4).visible_gpus({0, 3}), "0,3");
  EXPECT_EQ(LocalNodeProvider("/data", 4).visible_gpus({}), "") << "hides all";
  EXPECT_EQ(LocalNodeProvider("/data", 0).visible_gpus({}), std::nullopt);
}

TEST(LocalNodeProvider, CountsGpusByTheirDevices) {
  const Scratch scratch;
  EXPECT_EQ(count_gpus(scratch.path()), 0);
  for (const char* device : {"nvidia0", "nvidia1", "nvidiactl", "nvidia3"}) {
    std::ofstream(scratch.path() / device) << "";
  }
  EXPECT_EQ(count_gpus(scratch.path()), 2);
}

TEST(LocalNodeProvider, FindsPortsThatAreTaken) {
  const LocalNodeProvider nodes("/data", 0);
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in endpoint{};
  endpoint.sin_family = AF_INET;
  ASSERT_EQ(::inet_pton(AF_INET, "127.64.0.1", &endpoint.sin_addr), 1);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&endpoint), sizeof endpoint), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  socklen_t size = sizeof endpoint;
  ASSERT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&endpoint), &size), 0);
  const int port = ntohs(endpoint.sin_port);
  EXPECT_FALSE(nodes.is_free_port("127.64.0.1", port));
  EXPECT_TRUE(nodes.is_free_port("127.64.0.2", port)) << "another node's";
  EXPECT_TRUE(nodes.is_free_port("not an address", port)) << "cannot be told";
}

TEST(LocalNodeProvider, WritesDownForSshOnlyWhatDiffersBetweenNodes) {
  const LocalNodeProvider nodes("/data", 0);
  const auto files = nodes.programs("/job/bin",
                                    {{"127.64.0.1", {{"HOME", "/it's/1"}, {"TOKEN", "hush-hush"}}},
                                     {"127.64.0.2", {{"HOME", "/2"}, {"TOKEN", "hush-hush"}}}},
                                    false);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].path, "/job/bin/ssh");
  EXPECT_TRUE(files[0].executable);
  EXPECT_THAT(files[0].content, ::testing::HasSubstr("\n'127.64.0.1')\nexport HOME='/it'\\''s/1'\n;;\n"
                                                     "'127.64.0.2')\nexport HOME='/2'\n;;\n*) return 1 ;;\n"));
  EXPECT_THAT(files[0].content, ::testing::Not(::testing::HasSubstr("hush-hush")));
}

TEST(LocalNodeProvider, MakesTheProgramsOfMpiForWhatUsesIt) {
  const auto files = LocalNodeProvider("/data", 0).programs("/job/bin", {{"127.64.0.1", {}}}, true);
  EXPECT_THAT(files, ::testing::ElementsAre(::testing::Field(&RunFile::path, "/job/bin/ssh"),
                                            ::testing::Field(&RunFile::path, "/job/bin/mpi-launch"),
                                            ::testing::Field(&RunFile::path, "/job/bin/mpi-rank")));
}

TEST(LocalNodeProvider, LaunchesRanksByItsOwnProgram) {
  EXPECT_EQ(LocalNodeProvider("/data", 0).mpi_command(2, "echo 'a'", "/job/bin"),
            R"('/job/bin/mpi-launch' 2 'echo '\''a'\''')");
}

}  // namespace
}  // namespace batchai::server::test
