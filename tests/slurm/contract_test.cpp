#include "contract/engine_contract.hpp"
#include "server/run/run_records.hpp"
#include "server/slurm/slurm_engine.hpp"
#include "support/eventually.hpp"
#include "support/private_slurm.hpp"

#include <csignal>
#include <cstdlib>

#include <poll.h>
#include <sys/syscall.h>

namespace batchai::server::test {

namespace {

using batchai::test::PrivateSlurm;

PrivateSlurm& cluster() {
  static PrivateSlurm slurm;
  return slurm;
}

/// Engines over one folder, and the cluster of this program.
class SlurmLab final : public EngineLab {
 public:
  /// All tests' runs have the same names: a job of the one before would be taken for this one's as long as Slurm has
  /// it.
  explicit SlurmLab(std::filesystem::path supervisor = BATCHAI_SUPERVISOR) : supervisor_(std::move(supervisor)) {
    ::setenv("HOME", (scratch_ / "home").c_str(), 1);
    EXPECT_TRUE(batchai::test::eventually([] { return cluster().run("squeue -h").empty(); }));
  }

  std::unique_ptr<Engine> make() override {
    const SlurmSettings settings{.cpus = "1", .exclusive = false, .config = cluster().config()};
    return std::make_unique<SlurmEngine>(
        SlurmEngineOptions{.runs_folder = scratch_ / "runs",
                           .supervisor = supervisor_,
                           .settings = settings,
                           .commands = std::make_shared<InstalledSlurmCommands>(settings),
                           .nodes = std::make_shared<SlurmNodes>(settings),
                           .poll_interval = std::chrono::milliseconds(100),
                           .outcome_delay = std::chrono::milliseconds(0)});
  }

  void break_supervision(const std::string& run_id) override {
    const auto record = RunRecords(scratch_ / "runs" / run_id).read_supervisor();
    ASSERT_TRUE(record);
    const int supervisor = static_cast<int>(::syscall(SYS_pidfd_open, record->pid, 0));
    ASSERT_EQ(::kill(record->pid, SIGKILL), 0);
    pollfd entry{.fd = supervisor, .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&entry, 1, 60'000), 1);
    ::close(supervisor);
  }

  /// Of another node than the first: its part of the run, and with that the processes there.
  void lose_node(const std::string& run_id, std::size_t node) override {
    if (node == 0) {
      break_supervision(run_id);
      return;
    }
    const auto begin =
        std::string(BATCHAI_SUPERVISOR) + '\0' + "--process" + '\0' + (scratch_ / "runs" / run_id).string();
    int killed = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      if (read_text(entry.path() / "cmdline").starts_with(begin)) {
        killed += ::kill(std::stoi(entry.path().filename().string()), SIGKILL) == 0 ? 1 : 0;
      }
    }
    EXPECT_EQ(killed, 1);
  }

  bool sets(const std::string& variable) const override { return variable.starts_with("SLURM"); }

 private:
  Scratch scratch_;
  std::filesystem::path supervisor_;
};

/// Skips everything where there can be no cluster.
class Skipping final : public ::testing::Environment {
 public:
  void SetUp() override {
    if (const auto missing = PrivateSlurm::missing(); !missing.empty()) {
      GTEST_SKIP() << missing;
    }
  }
};

[[maybe_unused]] const auto* const kSkipping = ::testing::AddGlobalTestEnvironment(new Skipping);

const auto kSlurm = ::testing::Values(EngineKind{"slurm", [] { return std::make_unique<SlurmLab>(); }});
const auto kNameOf = [](const auto& kind) { return kind.param.name; };
INSTANTIATE_TEST_SUITE_P(Slurm, EngineContract, kSlurm, kNameOf);
INSTANTIATE_TEST_SUITE_P(Slurm, EngineOnNodes, kSlurm, kNameOf);

/// The script of a Slurm job leads to the supervisor without a shell where its path allows that.
class SlurmScript : public ::testing::Test {
 protected:
  RunOutcome run_with(const std::filesystem::path& supervisor, const std::string& command) const {
    SlurmLab lab(supervisor);
    return Service(lab.make())
        .run({.run_id = kRunId,
              .nodes = {{.working_directory = scratch_.path()}},
              .processes = {{.name = "main", .command = command}},
              .environment = {{"HOME", scratch_.path().string()}}});
  }

  Scratch scratch_;
};

TEST_F(SlurmScript, TellsThatANodeDoesNotHaveTheSupervisor) {
  for (const std::filesystem::path missing : {"/no/such/supervisor", "/no such/supervisor"}) {
    const auto outcome = run_with(missing, "true");
    EXPECT_EQ(outcome.kind, Kind::NotStarted) << missing;
    EXPECT_THAT(outcome.message, ::testing::EndsWith(" cannot run " + missing.string()));
  }
}

TEST_F(SlurmScript, RunsASupervisorWhosePathNoKernelTakes) {
  for (const std::string& name : {std::string("a folder"), std::string(200, 'f')}) {
    std::filesystem::create_directory(scratch_ / name);
    std::filesystem::create_symlink(BATCHAI_SUPERVISOR, scratch_ / name / "supervisor");
    EXPECT_EQ(run_with(scratch_ / name / "supervisor", "exit 7").exit_code, 7) << name;
  }
}

}  // namespace

}  // namespace batchai::server::test
