#include "server/run/command.hpp"

#include <system_error>

#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

Command shell(const std::string& text) { return {.program = "/bin/sh", .arguments = {"-c", text}}; }

TEST(RunCommand, ReturnsOutputErrorsAndExitCode) {
  const auto result = run_command(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_FALSE(result.succeeded());
}

TEST(RunCommand, PassesArgumentsAsTheyAre) {
  const auto result = run_command({.program = "printf", .arguments = {"%s|", "a b", "c\"d'", "$HOME"}});
  EXPECT_EQ(result.output, "a b|c\"d'|$HOME|");
}

TEST(RunCommand, GivesNoOtherEnvironment) {
  auto command = shell("echo $GIVEN $HOME");
  command.environment = {{"GIVEN", "yes"}};
  EXPECT_EQ(run_command(command).output, "yes\n");
}

TEST(RunCommand, EndsAtItsTimeout) {
  auto command = shell("sleep 1000 & echo up; wait");
  command.timeout = std::chrono::milliseconds(200);
  const auto result = run_command(command);
  EXPECT_TRUE(result.timed_out);
  EXPECT_FALSE(result.succeeded());
}

TEST(RunCommand, BoundsItsOutput) {
  auto command = shell("yes");
  command.most_output = 100'000;
  const auto result = run_command(command);
  EXPECT_FALSE(result.succeeded());
  EXPECT_LT(result.output.size(), 1'000'000U);
}

TEST(RunCommand, SaysWhatCannotBeStarted) {
  EXPECT_THROW(run_command({.program = "no-such-command-anywhere"}), std::system_error);
}

}  // namespace

}  // namespace batchai::server::test
