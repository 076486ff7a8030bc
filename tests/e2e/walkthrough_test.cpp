#include "e2e/service.hpp"

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;

using Arguments = std::vector<std::string>;
const Arguments kJob = {"-g", "rg", "-w", "ws", "-e", "e", "-j", "train"};

class Walkthrough : public ServiceTest {};

TEST_F(Walkthrough, TrainsAndBringsTheModelHome) {
  start_service();
  prepare_cluster();
  const auto local = write_file("data ü+%.txt", "the data");
  batchai_ok({"files", "directory", "create", "share/in"});
  batchai_ok({"files", "upload", local.string(), "share/in"});

  submit("train",
         "cat \"$AZ_BATCHAI_MOUNT_ROOT\"/afs/in/data*.txt; echo; echo said to stderr >&2; "
         "mkdir -p $AZ_BATCHAI_OUTPUT_OUT/deep; printf weights > $AZ_BATCHAI_OUTPUT_OUT/model.bin; "
         "printf more > $AZ_BATCHAI_OUTPUT_OUT/deep/more.bin");
  const ProcessResult stream = batchai(Arguments{"job", "file", "stream", "-f", "stdout.txt"} + kJob);
  EXPECT_EQ(stream.exit_code, 0) << stream.err;
  EXPECT_EQ(stream.out, "the data\n");
  EXPECT_EQ(batchai(Arguments{"job", "wait"} + job_options("train")).exit_code, 0);

  const auto logs = batchai_json(Arguments{"job", "file", "list"} + kJob);
  std::vector<std::string> names;
  for (const auto& file : logs) {
    names.push_back(file.at("name"));
    EXPECT_THAT(file.at("downloadUrl").get<std::string>(), HasSubstr("sig="));
  }
  EXPECT_THAT(names, ::testing::ElementsAre("execution.log", "stderr.txt", "stdout.txt"));

  const auto target = folder_.path() / "model";
  batchai_ok(Arguments{"job", "file", "download", "-d", "OUT", "--destination", target.string()} + kJob);
  EXPECT_TRUE(std::filesystem::exists(target / "model.bin"));
  EXPECT_TRUE(std::filesystem::exists(target / "deep" / "more.bin"));

  batchai_ok(Arguments{"job", "delete", "-y"} + job_options("train"));
  EXPECT_EQ(batchai(Arguments{"job", "show"} + job_options("train")).exit_code, 3);
  batchai_ok({"cluster", "delete", "-g", "rg", "-w", "ws", "-n", "c", "-y"});
  batchai_ok({"group", "delete", "-n", "rg", "-y"});
  EXPECT_EQ(batchai({"workspace", "show", "-g", "rg", "-n", "ws"}).exit_code, 3);
  EXPECT_TRUE(std::filesystem::exists(share_folder() / "in")) << "deleting resources must not touch data";
}

TEST_F(Walkthrough, WaitEndsWithTheJobsExitCode) {
  start_service();
  prepare_cluster();
  submit("seven", "exit 7");
  EXPECT_EQ(batchai(Arguments{"job", "wait"} + job_options("seven")).exit_code, 7);
  const auto job = job_properties("seven");
  EXPECT_EQ(job.at("executionState"), "failed");
  EXPECT_EQ(job.at("executionInfo").at("exitCode"), 7);
  EXPECT_EQ(job.at("executionInfo").at("errors").at(0).at("code"), "JobFailed");
}

TEST_F(Walkthrough, TerminateLeavesNoProcessBehind) {
  start_service();
  prepare_cluster();
  const std::string marker = "leftover-" + folder_.path().filename().string();
  submit("endless", "trap '' TERM; setsid bash -c 'exec -a " + marker + " sleep 3600' & exec -a " + marker +
                        "-main bash -c 'trap \"\" TERM; while :; do sleep 0.1; done'");
  const auto running = [&] { return run_process({"pgrep", "-f", "-c", "^" + marker}).exit_code == 0; };
  eventually("the job's processes run", running);
  batchai_ok(Arguments{"job", "terminate", "-y"} + job_options("endless"));
  wait_for_state("endless", "failed");
  EXPECT_FALSE(running());
}

TEST_F(Walkthrough, AJobSurvivesAKilledService) {
  start_service();
  prepare_cluster();
  submit("long", "echo begin; while [ ! -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; do sleep 0.05; done; echo end; exit 5");
  wait_for_state("long", "running");
  kill_service();
  start_service();
  EXPECT_EQ(job_properties("long").at("executionState"), "running");
  batchai_ok({"files", "upload", write_file("go", "").string(), "share"});
  EXPECT_EQ(batchai(Arguments{"job", "wait"} + job_options("long")).exit_code, 5);
  const ProcessResult output =
      batchai({"job", "file", "stream", "-f", "stdout.txt", "-g", "rg", "-w", "ws", "-e", "e", "-j", "long"});
  EXPECT_EQ(output.out, "begin\nend\n");
}

TEST_F(Walkthrough, AJobThatEndsWhileTheServiceIsDeadKeepsItsExitCode) {
  start_service();
  prepare_cluster();
  submit("quick",
         "while [ ! -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; do sleep 0.05; done; touch "
         "$AZ_BATCHAI_MOUNT_ROOT/afs/done; exit 9");
  wait_for_state("quick", "running");
  const auto share = share_folder();
  kill_service();
  std::filesystem::copy_file(write_file("go", ""), share / "go");
  eventually("the job has ended", [&] { return std::filesystem::exists(share / "done"); });
  start_service();
  EXPECT_EQ(batchai(Arguments{"job", "wait"} + job_options("quick")).exit_code, 9);
}

}  // namespace
}  // namespace batchai::test
