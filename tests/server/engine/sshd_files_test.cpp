#include "server/engine/sshd_files.hpp"

#include "contract/scratch.hpp"
#include "support/process.hpp"

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

NodeLogin login_of(const std::string& user) {
  return {.user = user,
          .public_key = "ssh-rsa AAAA me",
          .plan = {.nodes = {{.id = "tvm-1", .address = "127.64.0.1"}, {.id = "tvm-2", .address = "127.64.0.2"}},
                   .processes = {{.name = "ssh", .node = 1, .command = ""}}}};
}

std::string content_of(const std::vector<SandboxFile>& files, const std::string& path) {
  const auto found = std::ranges::find(files, path, &SandboxFile::path);
  return found == files.end() ? "there is no " + path : found->content;
}

TEST(SshdFiles, LetOnlyTheUserInAndOnlyWithTheKey) {
  const auto text = sshd_configuration("demo", "127.64.0.2");
  for (const char* line : {"AllowUsers demo\n", "AuthenticationMethods publickey\n", "PasswordAuthentication no\n",
                           "KbdInteractiveAuthentication no\n", "UsePAM no\n",
                           "AuthorizedKeysFile /run/batchai/authorized_keys\n", "HostKey /run/batchai/host_key\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(SshdFiles, ForwardPortsOfTheNodeAndOfThisMachineAndNothingElse) {
  const auto text = sshd_configuration("demo", "127.64.0.2");
  for (const char* line :
       {"AllowTcpForwarding local\n", "PermitOpen localhost:* 127.0.0.1:* [::1]:* 127.64.0.2:*\n",
        "AllowAgentForwarding no\n", "X11Forwarding no\n", "AllowStreamLocalForwarding no\n", "PermitTunnel no\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(SshdFiles, AreThoseOfTheNodeThatThePlanNames) {
  const auto files = sshd_files(login_of("demo"), {"HOME=/node/home"}, "the private key", "umask 027");
  EXPECT_THAT(content_of(files, "/run/batchai/sshd_config"), HasSubstr("127.64.0.2:*"));
  EXPECT_EQ(content_of(files, "/run/batchai/authorized_keys"), "ssh-rsa AAAA me\n");
  EXPECT_EQ(content_of(files, "/run/batchai/host_key"), "the private key");
  EXPECT_THAT(content_of(files, "/etc/passwd"),
              StartsWith("demo:x:1000:1000::/node/home:/run/batchai/shell\nroot:x:0:0:"));
  EXPECT_EQ(content_of(files, "/etc/profile"), "umask 027\n. /run/batchai/variables\n");
  EXPECT_THAT(content_of(sshd_files(login_of("demo"), {}, "", ""), "/etc/profile"), StartsWith("there is no"));
}

TEST(SshdFiles, RemoveTheHostKeyBeforeAnythingOfTheUsersRuns) {
  const auto shell = content_of(sshd_files(login_of("demo"), {}, "", ""), "/run/batchai/shell");
  EXPECT_THAT(shell, StartsWith("#!/bin/bash -p\nrm -f /run/batchai/host_key\n"));
}

TEST(SshdFiles, KeepAHomeThatCannotBeInTheListOfUsersOutOfIt) {
  const auto users = content_of(sshd_files(login_of("demo"), {"HOME=/a:b"}, "", ""), "/etc/passwd");
  EXPECT_THAT(users, StartsWith("demo:x:1000:1000::/:/run/batchai/shell\n"));
}

TEST(SshdFiles, GiveVariablesAsTheyAre) {
  const Scratch scratch;
  const std::string value = "it's $HOME `id` \"x\" \\ a\nsecond line ";
  std::ofstream(scratch / "variables") << login_variables({"ODD=" + value, "EMPTY="});
  const auto shown = batchai::test::run_process(
      {"bash", "-c", ". '" + (scratch / "variables").string() + "'; printf '%s|%s' \"$ODD\" \"${EMPTY-unset}\""});
  EXPECT_EQ(shown.out, value + "|");
}

TEST(SshdFiles, SetTheLimitsThatTheKernelKeeps) {
  EXPECT_EQ(login_limits({}), "");
  EXPECT_EQ(login_limits({.open_files = 100, .file_bytes = 4097}), "ulimit -n 100\nulimit -f 5\n");
}

TEST(SshdFiles, SayWhoseNamesCanBeThoseOfUsers) {
  for (const char* name : {"demo", "Ann.Lee-2", "_x", "1st"}) {
    EXPECT_TRUE(is_login_name(name)) << name;
  }
  for (const char* name : {"", "root", "nobody", "-x", ".x", "a b", "a:b", "a\nb", "*", "a?", "ä", "a@b",
                           "a23456789012345678901234567890123"}) {
    EXPECT_FALSE(is_login_name(name)) << name;
  }
}

}  // namespace
}  // namespace batchai::server::test
