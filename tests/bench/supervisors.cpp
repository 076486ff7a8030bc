// The bare cost of running jobs: the engine with its supervisors, and no service around it.
//
//   bench_supervisors SUPERVISOR FOLDER COUNT AT_ONCE
//
// Runs COUNT commands of a tenth of a second, AT_ONCE at a time, below FOLDER, and prints how many there were per
// second. As many threads start them as in the service.

#include "server/engine/local_engine.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <exception>
#include <filesystem>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

namespace batchai::server {
namespace {

/// Runs that have ended and whose records are still there.
class Ended {
 public:
  void add(const std::string& run_id) {
    const std::scoped_lock lock(mutex_);
    runs_.push_back(run_id);
    changed_.notify_one();
  }

  std::string take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !runs_.empty(); });
    std::string run_id = std::move(runs_.front());
    runs_.pop_front();
    return run_id;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> runs_;
};

/// What a job of one process comes to.
RunPlan plan(const std::filesystem::path& folder, int number) {
  const auto node = folder / "nodes" / std::to_string(number % 100);
  const auto output = folder / "output" / std::to_string(number);
  return {.run_id = "run-" + std::to_string(number),
          .nodes = {{.id = "node",
                     .address = "127.0.0.1",
                     .working_directory = node / "work",
                     .execution_log = output / "execution.log"}},
          .directories = {node / "work", output},
          .processes = {{.name = "main",
                         .command = "sleep 0.1; date +%s%N >> '" + (folder / "ends").string() + "'",
                         .stdout_file = output / "stdout.txt",
                         .stderr_file = output / "stderr.txt"}},
          .environment = {{"HOME", node.string()}, {"PATH", "/usr/bin:/bin"}}};
}

/// As `kStartsAtOnce` of the service. A start that fails ends the program.
constexpr int kStarters = 8;

double runs_per_second(const std::filesystem::path& supervisor, const std::filesystem::path& folder, int count,
                       int at_once) {
  Ended ended;
  LocalEngine engine({.runs_folder = folder / "runs", .supervisor = supervisor});
  engine.on_ended([&ended](const std::string& run_id) { ended.add(run_id); });
  const auto began = std::chrono::steady_clock::now();
  std::counting_semaphore<> free_slots(at_once);
  std::atomic<int> next = 0;
  std::vector<std::jthread> starters;
  for (int i = 0; i < kStarters; ++i) {
    starters.emplace_back([&] {
      for (int number = next++; number < count; number = next++) {
        free_slots.acquire();
        engine.start(plan(folder, number));
      }
    });
  }
  for (int released = 0; released < count; ++released) {
    engine.release(ended.take());
    free_slots.release();
  }
  return count / std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace
}  // namespace batchai::server

int main(int count, char** arguments) {
  if (count != 5) {
    std::fputs("usage: bench_supervisors SUPERVISOR FOLDER COUNT AT_ONCE\n", stderr);
    return 2;
  }
  try {
    std::printf("%.1f\n", batchai::server::runs_per_second(arguments[1], arguments[2], std::stoi(arguments[3]),
                                                           std::stoi(arguments[4])));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_supervisors: %s\n", error.what());
    return 1;
  }
}
