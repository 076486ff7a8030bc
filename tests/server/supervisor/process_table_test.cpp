#include "server/supervisor/process_table.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>

namespace batchai::server::test {

namespace {

/// A child that reads its input until the end, with the environment given.
class Child {
 public:
  explicit Child(std::string variable) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    ::posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::string name = "/bin/cat";
    std::array<char*, 2> arguments{name.data(), nullptr};
    std::array<char*, 2> environment{variable.data(), nullptr};
    EXPECT_EQ(::posix_spawn(&pid, "/bin/cat", &actions, nullptr, arguments.data(), environment.data()), 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[0]);
    input_ = ends[1];
    wait_for_environment();
  }
  ~Child() { reap(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Waits until it has ended and leaves it to be reaped.
  void end() {
    ::close(std::exchange(input_, -1));
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
  }
  void reap() {
    if (pid > 0) {
      end();
      ::waitpid(std::exchange(pid, -1), nullptr, 0);
    }
  }

  pid_t pid = -1;

 private:
  /// posix_spawn returns a moment before the kernel has put the new program's environment in place.
  void wait_for_environment() const {
    const std::string file = "/proc/" + std::to_string(pid) + "/environ";
    while (std::ifstream(file).peek() == std::ifstream::traits_type::eof()) {
      ::sched_yield();
    }
  }

  int input_ = -1;
};

TEST(ProcessTable, FindsProcessesByTheMarkOfTheirRun) {
  const Child child("BATCHAI_RUN_ID=process-table-test");
  EXPECT_THAT(processes_of_run("process-table-test"), ::testing::ElementsAre(child.pid));
}

TEST(ProcessTable, DoesNotTakeALongerNameForTheSameRun) {
  const Child child("BATCHAI_RUN_ID=process-table-test-2");
  EXPECT_THAT(processes_of_run("process-table-test"), ::testing::IsEmpty());
}

TEST(ProcessTable, CountsLivingDescendantsOnly) {
  Child child("A=b");
  EXPECT_THAT(living_descendants(::getpid()), ::testing::ElementsAre(child.pid));
  child.end();
  EXPECT_THAT(living_descendants(::getpid()), ::testing::IsEmpty());
}

TEST(ProcessTable, TakesAProcessThatEndsWhileItLooks) {
  std::atomic<pid_t> last = ::getpid();
  std::jthread others([&last] {
    for (int i = 0; i < 1'000; ++i) {
      Child child("A=b");
      last = child.pid;
      child.reap();
    }
    last = 0;
  });
  for (pid_t pid = last; pid != 0; pid = last) {
    ASSERT_NO_THROW(process_start_time(pid));
  }
}

TEST(ProcessTable, TellsTheStartOfLivingProcessesOnly) {
  Child child("A=b");
  const pid_t pid = child.pid;
  EXPECT_GE(process_start_time(pid), process_start_time(::getpid()));
  child.reap();
  EXPECT_FALSE(process_start_time(pid));
}

}  // namespace

}  // namespace batchai::server::test
