#include "server/engine/local_lab.hpp"
#include "server/supervisor/process_table.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::server::test {

namespace {

/// A run that waits for the gate and ends with 8, and an engine that does not know it.
class RunOfAnEarlierEngine : public ::testing::Test {
 protected:
  RunOfAnEarlierEngine() { lab.make()->start(simple_plan(kRunId, gate.wait_command() + "; exit 8")); }

  void ends_in_order(Service& service) const {
    gate.open();
    const auto outcome = service.wait(kRunId);
    EXPECT_EQ(outcome.kind, RunOutcome::Kind::Exited);
    EXPECT_EQ(outcome.exit_code, 8);
  }

  LocalLab lab;
  const Gate gate{lab.scratch() / "gate"};
  const RunRecords records{lab.scratch() / "runs" / kRunId};
};

TEST_F(RunOfAnEarlierEngine, IsNotLostWhenItsRecordCannotBeRead) {
  const auto record = records.folder() / "supervisor.json";
  std::filesystem::rename(record, lab.scratch() / "kept");
  std::filesystem::create_directory(record);
  Service service(lab.make());
  EXPECT_FALSE(service.engine->outcome(kRunId));
  std::filesystem::remove(record);
  std::filesystem::rename(lab.scratch() / "kept", record);
  ends_in_order(service);
}

TEST_F(RunOfAnEarlierEngine, IsNotLostAsLongAsSomebodyHasItsLock) {
  const auto record = records.read_supervisor().value();
  records.write_supervisor({.pid = record.pid, .start_time = 1});
  Service service(lab.make());
  EXPECT_FALSE(service.engine->outcome(kRunId));
  records.write_supervisor(record);
  ends_in_order(service);
}

/// As long as it lives, this process can open `free` more descriptors and no more.
class FewDescriptors {
 public:
  explicit FewDescriptors(std::size_t free) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{.rlim_cur = 256, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    while (auto file = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC))) {
      taken_.push_back(std::move(file));
    }
    taken_.resize(taken_.size() - free);
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
  std::vector<Descriptor> taken_;
};

TEST_F(RunOfAnEarlierEngine, IsNotLostWhenThereAreNoDescriptorsToLookAtIt) {
  int made = 0;
  for (std::size_t free = 0; free < 6; ++free) {
    const FewDescriptors few(free);
    try {
      const auto engine = lab.make();
      ++made;
      EXPECT_FALSE(engine->outcome(kRunId)) << free;
    } catch (const std::exception&) {
    }
  }
  EXPECT_GT(made, 0);
  Service service(lab.make());
  ends_in_order(service);
}

TEST(LocalEngine, EndsTheSandboxesThatALostRunHasNoted) {
  LocalLab lab;
  lab.make()->start(simple_plan(kRunId, "sleep 1000"));
  const pid_t noted = ::fork();
  if (noted == 0) {
    ::pause();
    ::_exit(0);
  }
  const auto start = process_start_time(noted).value();
  const RunRecords records(lab.scratch() / "runs" / kRunId);
  records.note_sandbox({.pid = ::getpid(), .start_time = 1});  // it was another process
  records.note_sandbox({.pid = noted, .start_time = start});
  lab.break_supervision(kRunId);
  Service service(lab.make());
  EXPECT_EQ(service.wait(kRunId).kind, RunOutcome::Kind::Lost);
  int status = 0;
  EXPECT_EQ(::waitpid(noted, &status, WNOHANG), noted);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

TEST(LocalEngine, LosesARunOnlyWhenItCanSeeThatNothingIsLeftOfIt) {
  LocalLab lab;
  const auto child = lab.scratch() / "child";
  lab.make()->start(simple_plan(kRunId, "setsid sleep 1000 & echo $! > '" + child.string() + "'; wait"));
  wait_for_line(child);
  lab.break_supervision(kRunId);
  bool lost = false;
  for (std::size_t free = 0; !lost && free < 10; ++free) {
    try {
      const FewDescriptors few(free);
      lost = lab.make()->outcome(kRunId).has_value();
    } catch (const std::exception&) {
    }
    EXPECT_TRUE(!lost || processes_of_run(kRunId).empty()) << free;
  }
  EXPECT_TRUE(lost);
}

}  // namespace

}  // namespace batchai::server::test
