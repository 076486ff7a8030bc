#include "server/run/sandbox.hpp"

#include "server/engine/local_lab.hpp"
#include "server/supervisor/launch.hpp"
#include "server/supervisor/process_table.hpp"
#include "support/eventually.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <sstream>

#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace batchai::server::test {

namespace {

using batchai::test::eventually;
using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using Kind = RunOutcome::Kind;

/// Runs whose processes may change `job` and see nothing else of `data`.
class SandboxedRun : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(job_ / "home");
    std::filesystem::create_directories(data_ / "secret");
    std::ofstream(data_ / "secret" / "key") << "the key\n";
    if (const auto reason = why_no_sandbox({.writable = {job_}, .hidden = {data_}})) {
      GTEST_SKIP() << *reason;
    }
  }

  RunPlan plan(const std::string& command) const {
    auto result = simple_plan(kRunId, command);
    result.nodes[0].working_directory = job_;
    result.environment = {{"HOME", (job_ / "home").string()}};
    result.processes[0].stdout_file = job_ / "out";
    result.processes[0].stderr_file = job_ / "err";
    result.sandbox = RunSandbox{.writable = {job_}, .hidden = {data_}};
    return result;
  }

  std::string output() const { return read_text(job_ / "out"); }
  std::string errors() const { return read_text(job_ / "err"); }

  LocalLab lab_;
  const std::filesystem::path data_ = lab_.scratch() / "data";
  const std::filesystem::path job_ = data_ / "job";
};

pid_t parent_of(pid_t pid) {
  const auto status = read_text("/proc/" + std::to_string(pid) + "/status");
  constexpr std::string_view kName = "PPid:";
  const auto found = status.find(kName);
  return found == std::string::npos ? 0 : std::stoi(status.substr(found + kName.size()));
}

/// Whoever has inherited it may not take note of that.
bool has_ended(pid_t pid) {
  const auto stat = read_text("/proc/" + std::to_string(pid) + "/stat");
  return stat.empty() || stat.find(") Z ") != std::string::npos;
}

TEST_F(SandboxedRun, KeepsOutputsAndExitCode) {
  Service service(lab_.make());
  const auto outcome = service.run(plan("pwd; echo \"$HOME\"; echo oops >&2; touch made; exit 42"));
  EXPECT_EQ(outcome.kind, Kind::Exited);
  EXPECT_EQ(outcome.exit_code, 42);
  EXPECT_EQ(output(), job_.string() + "\n" + (job_ / "home").string() + "\n");
  EXPECT_EQ(errors(), "oops\n");
  EXPECT_TRUE(std::filesystem::exists(job_ / "made"));
}

TEST_F(SandboxedRun, SeesNothingElseOfTheDataFolder) {
  Service service(lab_.make());
  service.run(plan("ls '" + data_.string() + "'; cat '" + (data_ / "secret/key").string() + "' /proc/1/root" +
                   (data_ / "secret/key").string() + "; ls /home /root /run; touch /usr/x /etc/x /x"));
  EXPECT_THAT(output(), Not(HasSubstr("the key")));
  EXPECT_THAT(output(), ContainsRegex("^job\n"));
  EXPECT_THAT(errors(), HasSubstr("Read-only file system"));
  EXPECT_FALSE(std::filesystem::exists("/usr/x"));
}

TEST_F(SandboxedRun, ReadsWhatItIsGivenAndNotWhatIsHiddenInThere) {
  Service service(lab_.make());
  std::ofstream(lab_.scratch() / "given") << "given\n";
  auto reads = plan("cat '" + (lab_.scratch() / "given").string() + "' '" + (data_ / "secret/key").string() +
                    "'; touch '" + (lab_.scratch() / "made").string() + "'");
  reads.sandbox->readable = {lab_.scratch().path()};
  service.run(reads);
  EXPECT_EQ(output(), "given\n");
  EXPECT_FALSE(std::filesystem::exists(lab_.scratch() / "made"));
}

TEST_F(SandboxedRun, CannotReadKeysOfTheMachineNorChangeItsSettings) {
  Service service(lab_.make());
  service.run(
      plan("cat /etc/shadow /etc/ssh/ssh_host_*_key 2> /dev/null; ls /etc/ssl/private 2> /dev/null; "
           "find /proc /sys -path '/proc/[0-9]*' -prune -o -type f -writable -exec test -f {} ';' -print 2> /dev/null; "
           "head -q -c 8 /proc/slabinfo /proc/vmallocinfo 2> /dev/null; grep '^Cap' "
           "/proc/self/status | "
           "grep -v 0000000000000000; unshare --user true && echo namespace; mount -t tmpfs none /tmp && "
           "echo mounted; mknod /dev/shm/sda b 8 0 && echo device; dd if=/proc/kcore count=1 2> /dev/null"));
  EXPECT_EQ(output(), "");
}

TEST_F(SandboxedRun, UnpacksArchivesWithFilesOfOthers) {
  Service service(lab_.make());
  EXPECT_EQ(service
                .run(plan("echo text > file; tar --owner=1234 --group=1234 -cf files.tar file && rm file && "
                          "tar -xf files.tar && cat file"))
                .exit_code,
            0);
  EXPECT_EQ(output(), "text\n") << errors();
}

TEST_F(SandboxedRun, SeesNoProcessesButItsOwn) {
  Service service(lab_.make());
  service.run(plan("kill -0 " + std::to_string(::getpid()) + " || echo no; ls /proc | grep -c '^[0-9]'"));
  EXPECT_EQ(output().substr(0, 3), "no\n");
  EXPECT_LT(std::stoi(output().substr(3)), 10);
}

TEST_F(SandboxedRun, GivesVariablesToTheJobOnly) {
  Service service(lab_.make());
  auto secret = plan("echo \"$WORD\"; tr '\\0' '\\n' < /proc/1/environ; tr '\\0' ' ' < /proc/1/cmdline");
  secret.environment["WORD"] = "hidden-word";
  secret.environment["LD_PRELOAD"] = (data_ / "no-such-library.so").string();
  service.run(secret);
  EXPECT_THAT(output(), ContainsRegex("^hidden-word\nBATCHAI_RUN_ID="));
  EXPECT_EQ(output().find("hidden-word", 1), std::string::npos) << output();
  EXPECT_THAT(errors(), HasSubstr("no-such-library.so")) << "that is what the job's own programs say";
}

TEST_F(SandboxedRun, HasItsGraceWhenItIsStopped) {
  Service service(lab_.make());
  auto traps = plan("trap 'echo asked; exit 42' TERM; echo ready; while :; do sleep 0.1; done");
  traps.grace = std::chrono::seconds(30);
  service.engine->start(traps);
  wait_for_line(job_ / "out");
  service.engine->stop(kRunId);
  const auto outcome = service.wait(kRunId);
  EXPECT_EQ(outcome.kind, Kind::Stopped);
  EXPECT_EQ(outcome.exit_code, 42);
  EXPECT_EQ(output(), "ready\nasked\n");
}

TEST_F(SandboxedRun, IsKilledAfterItsGrace) {
  Service service(lab_.make());
  auto traps = plan("trap '' TERM; echo ready; while :; do sleep 0.1; done");
  traps.grace = std::chrono::milliseconds(1);
  service.engine->start(traps);
  wait_for_line(job_ / "out");
  service.engine->stop(kRunId);
  const auto outcome = service.wait(kRunId);
  EXPECT_EQ(outcome.exit_code, 137);
  EXPECT_TRUE(processes_of_run(kRunId).empty());
}

TEST_F(SandboxedRun, HasTheCodeOfASignal) {
  Service service(lab_.make());
  EXPECT_EQ(service.run(plan("kill -SEGV $$")).exit_code, 139);
}

TEST_F(SandboxedRun, LeavesNoDaemons) {
  Service service(lab_.make());
  EXPECT_EQ(service.run(plan("setsid nohup sleep 1000 > /dev/null 2>&1 & exit 3")).exit_code, 3);
  EXPECT_TRUE(processes_of_run(kRunId).empty());
}

TEST_F(SandboxedRun, NeedsNoEndingWhereItHasEnded) {
  Service service(lab_.make());
  auto planned = plan("true");
  planned.nodes[0].execution_log = job_ / "execution.log";
  EXPECT_EQ(service.run(planned).exit_code, 0);
  const auto log = read_text(planned.nodes[0].execution_log);
  EXPECT_THAT(log, HasSubstr("ended with exit code 0"));
  EXPECT_THAT(log, Not(HasSubstr("ending the processes")));
}

TEST_F(SandboxedRun, LeavesNoProcessesWhenItsSupervisorIsKilled) {
  Service service(lab_.make());
  service.engine->start(plan("setsid sleep 1000 & echo ready; wait"));
  wait_for_line(job_ / "out");
  lab_.break_supervision(kRunId);
  EXPECT_EQ(service.wait(kRunId).kind, Kind::Lost);
  EXPECT_TRUE(processes_of_run(kRunId).empty());
}

/// Whether any process has this as one of its arguments.
bool is_run_with(const std::string& argument) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (read_text(entry.path() / "cmdline").find('\0' + argument + '\0') != std::string::npos) {
      return true;
    }
  }
  return false;
}

TEST_F(SandboxedRun, LeavesNoProcessesWithoutItsMarkWhenItsSupervisorIsKilled) {
  Service service(lab_.make());
  const std::string unusual = "987123." + std::to_string(::getpid());
  // The environment of the first process of the sandbox, which is the job's to change.
  service.engine->start(
      plan("begin=$(cut -d ' ' -f 50 /proc/1/stat); printf x | dd of=/proc/1/mem bs=1 seek=$begin "
           "conv=notrunc 2> /dev/null; env -i setsid sleep " +
           unusual + " & until pgrep -f '^sleep " + unusual + "' > /dev/null; do :; done; echo ready; wait"));
  wait_for_line(job_ / "out");
  EXPECT_TRUE(is_run_with(unusual));
  lab_.break_supervision(kRunId);
  EXPECT_EQ(service.wait(kRunId).kind, Kind::Lost);
  EXPECT_FALSE(is_run_with(unusual));
}

TEST_F(SandboxedRun, RunsNothingOfTheJobBeforeItIsWatched) {
  Service service(lab_.make());
  const auto pipe = job_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  auto delayed = plan("true");
  delayed.processes.push_back(delayed.processes[0]);
  delayed.environment["LD_PRELOAD"] = pipe;
  delayed.grace = std::chrono::milliseconds(1);
  delayed.limit = std::chrono::seconds(1);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(service.run(delayed).kind, Kind::TimedOut);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(20));
}

TEST_F(SandboxedRun, GetsVariablesOfAllNamesAndNoFiles) {
  Service service(lab_.make());
  auto named = plan("env | grep -a -e '^my' -e ' of$' | sort; ls /proc/self/fd | tr '\\n' ' '");
  named.environment["my.variable"] = "dots";
  named.environment["my_variable"] = "it's\na line of";
  named.environment["UID"] = "5";
  service.run(named);
  EXPECT_EQ(output(), "a line of\nmy.variable=dots\nmy_variable=it's\n0 1 2 3 ") << errors();
}

TEST_F(SandboxedRun, HasTemporaryFoldersOfItsOwn) {
  Service service(lab_.make());
  const auto name = "batchai-test-" + kRunId;
  auto temporary = plan("touch /tmp/" + name + " /var/tmp/" + name + " /dev/shm/" + name + " && echo made");
  temporary.nodes[0].temporary = data_ / "job.tmp";
  temporary.directories = {data_ / "job.tmp"};
  temporary.processes[0].stderr_file = "/var/tmp/" + name + "-log/err";
  temporary.directories.push_back("/var/tmp/" + name + "-log");
  service.run(temporary);
  EXPECT_EQ(output(), "made\n");
  EXPECT_TRUE(std::filesystem::exists(data_ / "job.tmp" / (name + "-log") / "err"));
  EXPECT_TRUE(std::filesystem::exists(data_ / "job.tmp" / name)) << "from one of them";
  for (const char* folder : {"/tmp", "/var/tmp", "/dev/shm"}) {
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(folder) / name));
  }
}

TEST_F(SandboxedRun, ShowsNothingThatAJobCouldPutALinkInPlaceOf) {
  Service service(lab_.make());
  for (const bool as_readable : {false, true}) {
    auto replaces = plan("cat /var/tmp/key; touch /var/tmp/made");
    replaces.run_id += as_readable ? "-readable" : "";
    const auto target = data_ / "secret";
    const auto replaced = job_ / "temp";
    replaces.directories = {replaced};
    replaces.preparation = {{.name = "job_prep",
                             .command = "rmdir '" + replaced.string() + "' && ln -s '" + target.string() + "' '" +
                                        replaced.string() + "'"}};
    if (as_readable) {
      replaces.sandbox->readable = {replaced};
      replaces.processes[0].command = "cat '" + (replaced / "key").string() + "'";
    } else {
      replaces.nodes[0].temporary = replaced;
    }
    const auto outcome = service.run(replaces);
    EXPECT_EQ(output().find("the key"), std::string::npos) << outcome.message;
    EXPECT_FALSE(std::filesystem::exists(target / "made"));
    std::filesystem::remove(replaced);
  }
}

TEST_F(SandboxedRun, UsesWhatIsMountedAndMountsItAgain) {
  Service service(lab_.make());
  const auto share = data_ / "share";
  std::filesystem::create_directory(share);
  for (const std::string round : {"first", "second"}) {
    auto mounting = plan("cat mounts/s/out/" + round + "; echo " + round);
    mounting.run_id += round;
    mounting.node_mounts = {{job_ / "mounts" / "s", share}};
    mounting.directories = {job_ / "mounts" / "s" / "out"};
    mounting.files = {{job_ / "mounts" / "s" / "out" / round, "made before\n"}};
    mounting.processes[0].stdout_file = job_ / "mounts" / "s" / "out" / "stdout";
    mounting.sandbox->writable.push_back(share);
    EXPECT_EQ(service.run(mounting).exit_code, 0);
    EXPECT_EQ(read_text(share / "out" / "stdout"), "made before\n" + round + "\n");
  }
}

TEST_F(SandboxedRun, CannotLeadItsSupervisorOutOfItsFolders) {
  Service service(lab_.make());
  const auto target = data_ / "secret" / "key";
  std::filesystem::create_symlink(target, job_ / "out");
  std::filesystem::create_directory_symlink(data_ / "secret", job_ / "linked");
  const auto outcome = service.run(plan("echo overwritten"));
  EXPECT_EQ(outcome.kind, Kind::NotStarted);
  EXPECT_THAT(outcome.message, HasSubstr((job_ / "out").string()));
  EXPECT_EQ(read_text(target), "the key\n");
  for (const char* folder : {"linked/new", "../secret/new", "/elsewhere"}) {
    auto outside = plan("true");
    outside.run_id += std::string("-") + std::to_string(folder[0]) + std::to_string(std::string(folder).size());
    outside.processes[0].stdout_file = job_ / "other";
    outside.directories = {job_ / folder};
    EXPECT_EQ(service.run(outside).kind, Kind::NotStarted) << folder;
  }
  auto cleared = plan("true");
  cleared.run_id += "-cleared";
  cleared.processes[0].stdout_file = job_ / "other";
  cleared.cleared = {job_ / "linked" / "key"};
  EXPECT_EQ(service.run(cleared).kind, Kind::Exited) << "the link was removed";
  EXPECT_EQ(read_text(target), "the key\n");
}

TEST_F(SandboxedRun, RunsWhereAnEarlierOneHasReplacedOrClosedFolders) {
  Service service(lab_.make());
  auto first = plan("rmdir jobs; ln -s /usr jobs; rm -r home; echo x > home; mkdir mounts; chmod 0 mounts; chmod 0 .");
  first.directories = {job_ / "jobs"};
  service.run(first);
  auto second = plan("touch jobs/w/j/made \"$HOME/made\"; echo made");
  second.run_id += "-second";
  second.node_mounts = {{job_ / "mounts" / "m", job_}};
  second.cleared = {job_ / "jobs" / "w" / "j"};
  second.directories = {job_ / "jobs" / "w" / "j", job_ / "home"};
  EXPECT_EQ(service.run(second).message, "all processes have ended");
  EXPECT_EQ(output(), "made\n");
  EXPECT_TRUE(std::filesystem::exists(job_ / "home" / "made"));
}

TEST_F(SandboxedRun, CannotChangeTheProgramThatMakesSandboxes) {
  Service service(lab_.make());
  const auto folder = lab_.scratch() / "programs";
  std::filesystem::create_directory(folder);
  const std::string path = std::getenv("PATH");
  std::string one;
  for (std::istringstream folders(path);
       std::getline(folders, one, ':') && !std::filesystem::exists(folder / "bwrap");) {
    std::error_code ignored;
    std::filesystem::copy_file(std::filesystem::path(one) / "bwrap", folder / "bwrap", ignored);
  }
  ::setenv("PATH", (folder.string() + ":" + path).c_str(), 1);
  service.run(plan("chmod 4777 /proc/1/exe; echo tried"));
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(output(), "tried\n");
  using std::filesystem::perms;
  const auto mode = std::filesystem::status(folder / "bwrap").permissions();
  EXPECT_EQ(mode & (perms::set_uid | perms::others_write), perms::none);
}

TEST_F(SandboxedRun, DoesNotSeeWhatRootMountsOnTheMachineLater) {
  const auto shown = lab_.scratch() / "shown";
  std::filesystem::create_directories(shown / "sub");
  if (::mount(shown.c_str(), shown.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
      ::mount(nullptr, shown.c_str(), nullptr, MS_SHARED, nullptr) != 0) {
    ::umount2(shown.c_str(), MNT_DETACH);
    GTEST_SKIP() << "nothing can be mounted here";
  }
  Service service(lab_.make());
  const Gate gate(lab_.scratch() / "shown" / "gate");
  auto waiting =
      plan("echo ready; " + gate.wait_command() + "; touch '" + (shown / "sub" / "made").string() + "' && echo made");
  waiting.sandbox->readable = {shown};
  service.engine->start(waiting);
  wait_for_line(job_ / "out");
  EXPECT_EQ(::mount("none", (shown / "sub").c_str(), "tmpfs", 0, nullptr), 0);
  gate.open();
  service.wait(kRunId);
  EXPECT_EQ(output(), "ready\n");
  ::umount2((shown / "sub").c_str(), MNT_DETACH);
  ::umount2(shown.c_str(), MNT_DETACH);
}

TEST_F(SandboxedRun, SaysWhyThereCanBeNone) {
  Service service(lab_.make());
  auto lost = plan("true");
  lost.sandbox->writable.push_back(data_ / "no-such-folder");
  const auto outcome = service.run(lost);
  EXPECT_EQ(outcome.kind, Kind::NotStarted);
  EXPECT_THAT(outcome.message, HasSubstr("cannot start main in a sandbox: "));
  EXPECT_THAT(outcome.message, HasSubstr("no-such-folder"));
  EXPECT_EQ(errors(), "");
}

TEST_F(SandboxedRun, SaysWhyThereCanBeNoneForAProcessWithoutErrors) {
  Service service(lab_.make());
  auto lost = plan("true");
  lost.sandbox->writable.push_back(data_ / "no-such-folder");
  lost.processes[0].stderr_file.clear();
  EXPECT_THAT(service.run(lost).message, HasSubstr("no-such-folder"));
}

TEST_F(SandboxedRun, NeedsTheFolderThatItStartsIn) {
  Service service(lab_.make());
  auto removing = plan("touch begun");
  removing.nodes[0].working_directory = job_ / "work";
  removing.directories = {job_ / "work"};
  removing.preparation = {removing.processes[0]};
  removing.preparation[0].command = "rmdir ../work";
  const auto outcome = service.run(removing);
  EXPECT_EQ(outcome.kind, Kind::NotStarted);
  EXPECT_EQ(outcome.message, "cannot start main in a sandbox: there is no folder " + (job_ / "work").string());
}

TEST_F(SandboxedRun, RunsNothingOfTheJobWhereItCannotBeNoted) {
  const auto unnoted = plan("touch begun");
  pid_t first = 0;
  const auto refuse = [&first](pid_t pid) {
    first = pid;
    throw std::runtime_error("the disk is full");
  };
  EXPECT_THROW(launch(unnoted, unnoted.processes[0], refuse), std::runtime_error);
  EXPECT_TRUE(eventually([first] { return has_ended(first); }));
  EXPECT_FALSE(std::filesystem::exists(job_ / "begun"));
}

TEST_F(SandboxedRun, RunsNothingOfTheJobWhereItsSupervisorDiesBefore) {
  const auto left = plan("touch begun");
  const auto note = job_ / "first";
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t supervisor = ::fork();
  if (supervisor == 0) {
    launch(left, left.processes[0], [&note](pid_t pid) {
      std::ofstream(note) << pid << std::endl;
      ::kill(::getpid(), SIGKILL);
    });
    ::_exit(1);
  }
  ::waitpid(supervisor, nullptr, 0);
  const pid_t first = std::stoi(wait_for_line(note));
  EXPECT_TRUE(eventually([first] { return parent_of(first) == ::getpid(); })) << "the program outside lives";
  EXPECT_FALSE(std::filesystem::exists(job_ / "begun"));
  EXPECT_EQ(::kill(first, SIGKILL), 0);
  int status = 0;
  EXPECT_EQ(::waitpid(first, &status, 0), first);
  EXPECT_EQ(status, SIGKILL) << "it went on";
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_F(SandboxedRun, TellsThatItHasMoreVariablesThanAreTaken) {
  Service service(lab_.make());
  auto many = plan("true");
  for (int i = 0; i < 3000; ++i) {
    many.environment["V" + std::to_string(i)] = "";
  }
  const auto outcome = service.run(many);
  EXPECT_EQ(outcome.kind, Kind::NotStarted);
  EXPECT_THAT(outcome.message, HasSubstr("environment variables"));
}

/// A little more than what its supervisor ends it for.
TEST_F(SandboxedRun, HasALimitOfTasksThatTheKernelKeeps) {
  Service service(lab_.make());
  auto limited = plan("ulimit -u; ulimit -Hu");
  limited.limits.processes = 100;
  service.run(limited);
  EXPECT_EQ(output(), "164\n164\n");
}

TEST_F(SandboxedRun, KeepsWhatIsSaidBeforeItsCommand) {
  Service service(lab_.make());
  std::ofstream(job_ / "first") << "echo first >&2\n";
  auto loud = plan("echo second >&2");
  loud.environment["LD_PRELOAD"] = "/no/such/library.so";
  loud.environment["BASH_ENV"] = job_ / "first";
  EXPECT_EQ(service.run(loud).kind, Kind::Exited);
  EXPECT_THAT(errors(), HasSubstr("/no/such/library.so"));
  EXPECT_THAT(errors(), EndsWith("first\nsecond\n"));
}

TEST(Sandbox, NeedsBubblewrap) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  EXPECT_THAT(why_no_sandbox({}).value_or(""), HasSubstr("bubblewrap is not installed"));
  ::setenv("PATH", path.c_str(), 1);
}

}  // namespace

}  // namespace batchai::server::test
