#pragma once

#include "contract/engine_lab.hpp"
#include "server/engine/local_engine.hpp"
#include "server/engine/pidfd.hpp"
#include "server/run/run_records.hpp"

#include <csignal>
#include <cstdlib>

#include <poll.h>

namespace batchai::server::test {

/// Engines over one folder of this machine.
class LocalLab final : public EngineLab {
 public:
  /// Shells of runs that name no HOME read no start-up file of whoever runs the tests: one may wait for a lock that a
  /// killed shell has left.
  LocalLab() { ::setenv("HOME", (scratch_ / "home").c_str(), 1); }

  /// No supervisor had anything to complain about (under a sanitizer that is where its report would be).
  ~LocalLab() override {
    std::error_code no_engine_was_made;
    for (const auto& run : std::filesystem::directory_iterator(scratch_ / "runs", no_engine_was_made)) {
      EXPECT_EQ(read_text(RunRecords(run.path()).log_file()), "") << run.path();
    }
  }

  std::unique_ptr<Engine> make() override {
    return std::make_unique<LocalEngine>(
        LocalEngineOptions{.runs_folder = scratch_ / "runs", .supervisor = BATCHAI_SUPERVISOR});
  }

  /// Returns when the supervisor is gone.
  void break_supervision(const std::string& run_id) override {
    const auto record = RunRecords(scratch_ / "runs" / run_id).read_supervisor();
    ASSERT_TRUE(record);
    const auto supervisor = open_process(record->pid);
    signal_process(supervisor, SIGKILL);
    pollfd entry{.fd = supervisor.get(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&entry, 1, 60'000), 1);
  }

  const Scratch& scratch() const { return scratch_; }

 private:
  Scratch scratch_;
};

/// One process without outputs on one node.
inline RunPlan simple_plan(const std::string& run_id, const std::string& command) {
  return {.run_id = run_id,
          .nodes = {{.id = "node-1", .address = "127.0.0.1"}},
          .processes = {{.name = "main", .command = command}}};
}

}  // namespace batchai::server::test
