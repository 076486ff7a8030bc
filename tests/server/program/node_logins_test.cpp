#include "server/program/node_logins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;

ServerOptions options(NodeSshMode mode, const std::string& host = "127.0.0.1") {
  ServerOptions result;
  result.node_ssh = mode;
  result.host = host;
  return result;
}

const Isolation kSandbox{.sandbox = RunSandbox{}};

TEST(NodeSshChoice, IsOffWithoutAWordWhereTheOperatorWantsThat) {
  for (const auto& given : {options(NodeSshMode::Off), options(NodeSshMode::Auto, "0.0.0.0")}) {
    const auto choice = choose_node_ssh(given, kSandbox);
    EXPECT_FALSE(choice.on);
    EXPECT_EQ(choice.trouble, "");
  }
}

TEST(NodeSshChoice, NeedsASandbox) {
  for (const auto mode : {NodeSshMode::Auto, NodeSshMode::On}) {
    EXPECT_FALSE(choose_node_ssh(options(mode), {}).on);
    EXPECT_THAT(choose_node_ssh(options(mode), {}).trouble, HasSubstr("--isolation none"));
    EXPECT_THAT(choose_node_ssh(options(mode), {.trouble = "there is no bwrap"}).trouble,
                HasSubstr("there is no bwrap"));
  }
}

TEST(NodeSshChoice, LeavesTheNodesOfASlurmClusterAlone) {
  auto given = options(NodeSshMode::Auto);
  given.engine = "slurm";
  EXPECT_FALSE(choose_node_ssh(given, kSandbox).on);
  EXPECT_EQ(choose_node_ssh(given, kSandbox).trouble, "");
  given.node_ssh = NodeSshMode::On;
  EXPECT_FALSE(choose_node_ssh(given, kSandbox).on);
  EXPECT_THAT(choose_node_ssh(given, kSandbox).trouble, HasSubstr("Slurm"));
}

TEST(NodeSshChoice, IsOnOrSaysThatThereIsNoServer) {
  for (const auto& given : {options(NodeSshMode::Auto), options(NodeSshMode::On, "0.0.0.0")}) {
    const auto choice = choose_node_ssh(given, kSandbox);
    EXPECT_NE(choice.on, !choice.trouble.empty()) << choice.trouble;
    EXPECT_TRUE(choice.on || choice.trouble.starts_with("openssh-server is not installed")) << choice.trouble;
  }
}

}  // namespace
}  // namespace batchai::server::test
