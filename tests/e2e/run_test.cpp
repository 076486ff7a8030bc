#include "e2e/service.hpp"

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

/// `batchai run` against a service that has nothing yet.
class RunScripts : public ServiceTest {
 protected:
  RunScripts() {
    fs::create_directories(work_ / "src" / "data");
    environment_["PATH"] = fs::path(BATCHAI_PROGRAM).parent_path().string() + ":" + ::getenv("PATH");
  }

  /// A command line, with the working folder as the current one.
  std::vector<std::string> shell(const std::string& command) const {
    return {"bash", "-c", "cd '" + work_.string() + "' && " + command};
  }
  ProcessResult run(const std::string& command) const { return run_process(shell(command), environment_); }
  /// For a script: waits until that file is uploaded to the share.
  static std::string wait_for(const std::string& name) {
    return "while [ ! -e \"$AZ_BATCHAI_JOB_MOUNT_ROOT/run/" + name + "\" ]; do sleep 0.05; done";
  }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(work_ / name, std::ios::binary) << content;
  }
  std::string read(const std::string& name) const {
    std::ifstream stream(work_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  const fs::path work_ = folder_.path() / "work";
};

TEST_F(RunScripts, TrainsAModelInOneLine) {
  start_service();
  write("train.sh", "echo training $2; pwd; printf weights >$AZ_BATCHAI_OUTPUT_MODEL/model.bin\n");
  const ProcessResult first = run("batchai run train.sh -n first -- --epochs 3");
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, ::testing::StartsWith("training 3\n"));
  EXPECT_THAT(first.out, ::testing::ContainsRegex("/run/first-[^/]+\n$"));
  EXPECT_EQ(read("outputs/first/model.bin"), "weights");
  EXPECT_THAT(first.err, HasSubstr("making the cluster 'nc6'"));
  EXPECT_THAT(first.err, HasSubstr("outputs are in outputs/first"));
  // Once more: all is there, and the job has a name of its own.
  const ProcessResult second = run("batchai run train.sh");
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(second.err, Not(HasSubstr("making")));
  EXPECT_EQ(std::distance(fs::directory_iterator(work_ / "outputs"), {}), 2);
}

TEST_F(RunScripts, RunsPythonScripts) {
  if (run("command -v python3").exit_code != 0) {
    GTEST_SKIP() << "python3 is not installed";
  }
  start_service();
  write("train.py", "import sys; print('epochs', sys.argv[2]); sys.exit(5)\n");
  const ProcessResult ended = run("batchai run train.py -- --epochs 3");
  EXPECT_EQ(ended.exit_code, 5) << ended.err;
  EXPECT_EQ(ended.out, "epochs 3\n");
  EXPECT_FALSE(fs::exists(work_ / "outputs")) << "there is nothing in it";
}

TEST_F(RunScripts, EndsWithTheJobsExitCodeAndItsOutputsHere) {
  start_service();
  write("fail.sh", "echo partly >$AZ_BATCHAI_OUTPUT_A/a; echo partly >$AZ_BATCHAI_OUTPUT_B/b; exit 7\n");
  const ProcessResult ended = run("batchai run fail.sh -n fail --output-id A --output-id B --destination there");
  EXPECT_EQ(ended.exit_code, 7) << ended.err;
  EXPECT_EQ(read("there/A/a"), "partly\n");
  EXPECT_EQ(read("there/B/b"), "partly\n");
}

TEST_F(RunScripts, ShowWhyThePreparationHasFailed) {
  start_service();
  const ProcessResult ended = run("batchai run --prepare 'echo prep-err >&2; exit 4' -n prepared -- echo never");
  EXPECT_EQ(ended.exit_code, 4);
  EXPECT_THAT(ended.err, HasSubstr("stderr-job_prep.txt:\n  prep-err\n"));
  EXPECT_THAT(ended.err, HasSubstr("see all with 'batchai job logs -g batchai -w run -e run -n prepared'"));
}

TEST_F(RunScripts, SayHowToFetchTheOutputsThatCannotBeBroughtHome) {
  start_service();
  write("train.sh", "echo model >$AZ_BATCHAI_OUTPUT_MODEL/m; echo begins; " + wait_for("go") + "; exit 7\n");
  Process process(shell("batchai run train.sh -n job --destination there"), environment_);
  eventually("the job runs", [&] { return process.out() == "begins\n"; });
  write("there", "no folder");
  write("go", "");
  ASSERT_EQ(run("batchai files upload go run -o none").exit_code, 0);
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 7) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("fetch its outputs with 'batchai job file download -g batchai -w run -e run -j job "
                                   "-d MODEL --destination there -o none'"));
}

TEST_F(RunScripts, SayThatTheJobGoesOnWhereItsOutputCannotBePrinted) {
  start_service();
  const ProcessResult ended = run("batchai run -n full -- echo hello >/dev/full");
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.err, HasSubstr("the job 'full' goes on in the service"));
  EXPECT_THAT(ended.err, HasSubstr("batchai job wait -g batchai -w run -e run -n full"));
}

TEST_F(RunScripts, UploadsAFolderWithoutWhatItIgnores) {
  start_service();
  write("src/.batchaiignore", "# not these\n*.log\n/data/\n!keep.log\n");
  for (const char* name : {"a.log", "keep.log", "data/large", "main.sh", "lib.sh"}) {
    write(std::string("src/") + name, "echo lib\n");
  }
  write("src/main.sh", ". ./lib.sh; ls; cat \"$1\"; echo $KIND\n");
  batchai_ok({"files", "share", "create", "data"});
  write("words.txt", "words\n");
  ASSERT_EQ(run("batchai files upload words.txt data/set/ -o none").exit_code, 0);
  const ProcessResult ended =
      run("batchai run src --input data/set --env KIND=test -- main.sh '$AZ_BATCHAI_INPUT_DATA/words.txt'");
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(ended.out, "lib\nkeep.log\nlib.sh\nmain.sh\nwords\ntest\n");
}

TEST_F(RunScripts, LeaveOutOutputsAtTheTopOnly) {
  start_service();
  fs::create_directories(work_ / "src" / "model" / "outputs");
  fs::create_directories(work_ / "src" / "outputs");
  write("src/model/outputs/part", "");
  write("src/outputs/old", "");
  const ProcessResult left_out = run("batchai run src -- ls -d outputs model/outputs/part");
  EXPECT_EQ(left_out.out, "model/outputs/part\n") << left_out.err;
  write("src/.batchaiignore", "!outputs\n");
  EXPECT_EQ(run("batchai run src -- ls outputs").out, "old\n");
}

TEST_F(RunScripts, TheCommandsOfADryRunDoTheSame) {
  start_service();
  write("it's a script.sh", "echo \"$@\"; echo made >$AZ_BATCHAI_OUTPUT_MODEL/model; exit 3\n");
  const std::string line = "batchai run \"it's a script.sh\" -n job --env 'A=it'\\''s $HOME' -- 'a b' \"it's\" '$HOME'";
  const std::size_t dashes = line.find(" -- ");
  const ProcessResult plan = run(line.substr(0, dashes) + " --dry-run" + line.substr(dashes));
  ASSERT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_EQ(batchai({"group", "show", "-n", "batchai"}).exit_code, 3) << "nothing was made";
  write("plan.sh", plan.out);
  const ProcessResult done = run("bash plan.sh");
  EXPECT_EQ(done.out, "a b it's $HOME\n") << done.err;
  EXPECT_EQ(read("outputs/job/model"), "made\n");
  EXPECT_EQ(batchai_json({"job", "show", "-g", "batchai", "-w", "run", "-e", "run", "-n", "job"})
                .at("executionInfo")
                .at("exitCode"),
            3);
}

TEST_F(RunScripts, TwoFirstRunsAtATimeDoNotDisturbEachOther) {
  start_service();
  write("hello.sh", "echo hello $1\n");
  Process one(shell("batchai run hello.sh -- one"), environment_);
  Process two(shell("batchai run hello.sh -- two"), environment_);
  const ProcessResult first = one.wait();
  const ProcessResult second = two.wait();
  EXPECT_EQ(first.out, "hello one\n") << first.err;
  EXPECT_EQ(second.out, "hello two\n") << second.err;
}

TEST_F(RunScripts, RunsAtATimeLetTheClusterGrowForTheLargest) {
  start_service();
  std::vector<std::unique_ptr<Process>> runs;
  for (const char* nodes : {"1", "2", "3", "4"}) {
    runs.push_back(std::make_unique<Process>(
        shell("batchai run --nodes " + std::string(nodes) + " --no-wait -o none -- true"), environment_));
  }
  for (const auto& one : runs) {
    const ProcessResult ended = one->wait();
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
  }
  EXPECT_EQ(batchai_json({"cluster", "show", "-g", "batchai", "-w", "run", "-n", "nc6"})
                .at("scaleSettings")
                .at("autoScale")
                .at("maximumNodeCount"),
            4);
}

TEST_F(RunScripts, RefusesTheClusterOfAnotherSizeThatARunAtATimeHasMade) {
  start_service();
  Process one(shell("batchai run -c mine -s STANDARD_NC6 --no-wait -o none -- true"), environment_);
  Process two(shell("batchai run -c mine -s STANDARD_NC12 --no-wait -o none -- true"), environment_);
  const ProcessResult first = one.wait();
  const ProcessResult second = two.wait();
  EXPECT_EQ(first.exit_code + second.exit_code, 2) << first.err << second.err;
  EXPECT_THAT(first.err + second.err, HasSubstr("the cluster 'mine' is there already, with nodes of STANDARD_NC"));
}

TEST_F(RunScripts, CtrlCLeavesTheJobAndSaysHowToGoOn) {
  start_service();
  write("wait.sh", "echo begins; " + wait_for("go") + "; echo ends\n");
  Process process({BATCHAI_PROGRAM, "run", (work_ / "wait.sh").string(), "-n", "long"}, environment_);
  eventually("the output is here", [&] { return process.out() == "begins\n"; });
  process.signal(SIGINT);
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 130);
  EXPECT_THAT(ended.err, HasSubstr("batchai job terminate -g batchai -w run -e run -n long"));
  EXPECT_THAT(ended.err, HasSubstr("batchai job wait -g batchai -w run -e run -n long"));
  write("go", "");
  ASSERT_EQ(run("batchai files upload go run -o none").exit_code, 0);
  EXPECT_EQ(batchai({"job", "wait", "-g", "batchai", "-w", "run", "-e", "run", "-n", "long"}).exit_code, 0);
}

TEST_F(RunScripts, JobsOfOneNameLeaveEachOthersFilesAlone) {
  start_service();
  write("src/mine", "");
  write("src/ls.sh", "ls\n");
  EXPECT_EQ(run("batchai run src -n same -- ls.sh").out, "data\nls.sh\nmine\n");
  write("src/ls.sh", "echo overwritten\n");
  fs::remove(work_ / "src" / "mine");
  const ProcessResult again = run("batchai run src -n same -- ls.sh");
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("a job with the same name already exists"));
  write("src/ls.sh", "ls\n");
  EXPECT_EQ(run("batchai run src -e other -n same -- ls.sh").out, "data\nls.sh\n");
  const ProcessResult folders = run("batchai files list run --query '[].name' -o tsv | grep -c ^same-");
  EXPECT_EQ(folders.out, "2\n") << "nothing was uploaded for the refused one";
}

TEST_F(RunScripts, NeedNotBeWaitedFor) {
  start_service();
  const nlohmann::json job = batchai_json({"run", "-n", "quick", "--no-wait", "--", "true"});
  EXPECT_EQ(job.at("name"), "quick");
  EXPECT_EQ(batchai({"job", "wait", "-g", "batchai", "-w", "run", "-e", "run", "-n", "quick"}).exit_code, 0);
}

}  // namespace
}  // namespace batchai::test
