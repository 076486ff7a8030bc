#include "server/supervisor/takeover.hpp"

#include "core/descriptor.hpp"
#include "core/shortage.hpp"
#include "server/run/plan_json.hpp"
#include "server/run/run_records.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/events.hpp"
#include "server/supervisor/launcher.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/run.hpp"
#include "server/supervisor/run_folders.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/stat.h>

namespace batchai::server {

namespace {

constexpr std::chrono::seconds kWaitAfterFailure{1};
constexpr std::chrono::milliseconds kWaitForLock{20};

std::string read_standard_input() {
  std::string text;
  std::array<char, 65'536> buffer{};
  while (true) {
    const auto count = ::read(0, buffer.data(), buffer.size());
    if (count == 0) {
      return text;
    }
    if (count < 0 && errno != EINTR) {
      throw_errno("cannot read the plan");
    }
    text.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  }
}

void say(const std::string& line) {
  const auto text = line + "\n";
  if (::write(1, text.data(), text.size()) < 0) {
    return;  // the caller is gone and does not need the answer
  }
}

void say_why_not(const std::string& what, const std::exception& error) {
  say((is_shortage(error) ? kBusy : "") + what + error.what());
}

void point(int number, const std::filesystem::path& path, int flags) {
  const Descriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (!file || ::dup2(file.get(), number) != number) {
    throw_errno("cannot open " + path.string());
  }
}

/// The rest of the program runs in a session of its own, without any files of the caller.
void detach(const RunRecords& records) {
  if (::setsid() < 0 || ::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    throw_errno("cannot leave the caller's session");
  }
  ::umask(077);
  std::filesystem::current_path(records.folder());
  point(0, "/dev/null", O_RDONLY);
  point(2, records.log_file(), O_WRONLY | O_APPEND | O_CREAT);
}

int run_detached(const RunRecords& records, const RunPlan& plan) {
  Descriptor lock;
  try {
    detach(records);
    lock = take_over(records, plan);
  } catch (const std::exception& error) {
    say_why_not("", error);
    return 1;
  }
  say(kTakenOver);  // also if another one has it: the run must not be started again
  if (!lock) {
    return 0;
  }
  point(1, "/dev/null", O_WRONLY);
  ::umask(022);
  LocalLauncher launcher(&records);
  leave_outcome(records, run_plan(plan, launcher));
  return 0;
}

}  // namespace

/// Tries again as long as there is a folder for the outcome: it is all that is left of the run, and while this process
/// lives and has the lock the run is not taken for lost and run again.
void leave_outcome(const RunRecords& records, const RunOutcome& outcome) {
  for (bool told = false; records.exist(); told = true) {
    try {
      records.write_outcome(outcome);
      return;
    } catch (const std::exception& error) {
      if (!told) {
        std::cerr << "the outcome of the run waits until it can be written: " << error.what() << std::endl;
      }
    }
    std::this_thread::sleep_for(kWaitAfterFailure);
  }
}

/// Another process may have the lock without having the run: it may die before it has noted that on the disk, or only
/// look.
Descriptor take_over(const RunRecords& records, const RunPlan& plan) {
  while (true) {
    auto lock = records.try_lock();
    if (records.read_supervisor() || records.read_outcome()) {
      return {};
    }
    if (lock) {
      records.reserve_outcome();
      records.write_supervisor({.pid = ::getpid(),
                                .start_time = process_start_time(::getpid()).value_or(0),
                                .started = std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()),
                                .grace = plan.grace,
                                .limit = plan.limit,
                                .mounts = plan.mounts,
                                .writable = writable_of(plan)});
      return lock;
    }
    std::this_thread::sleep_for(kWaitForLock);
  }
}

int supervise(const std::filesystem::path& run_folder) {
  ::close_range(3, ~0U, 0);
  Events::block_signals();
  const RunRecords records(std::filesystem::absolute(run_folder));
  RunPlan plan;
  try {
    plan = plan_from_json(read_standard_input());
  } catch (const std::exception& error) {
    say_why_not("the plan cannot be read: ", error);
    return 1;
  }
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) {
    say_why_not("", std::system_error(errno, std::generic_category(), "cannot make a process"));
    return 1;
  }
  return pid > 0 ? 0 : run_detached(records, plan);
}

}  // namespace batchai::server
