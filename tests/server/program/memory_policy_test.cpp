#include "server/program/memory_policy.hpp"

#include <chrono>
#include <cstring>
#include <fstream>
#include <latch>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace batchai::server::test {
namespace {

constexpr std::size_t kMegabyte = 1024 * 1024;
constexpr int kThreads = 8;

std::size_t resident_bytes() {
  std::size_t all = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// As a worker that checks a secret: a large block, and a small one that comes after it and stays.
void use_memory(std::vector<std::unique_ptr<char[]>>& kept) {
  for (int i = 0; i < 4; ++i) {
    const auto block = std::make_unique<char[]>(16 * kMegabyte);
    std::memset(block.get(), i + 1, 16 * kMegabyte);
    kept.push_back(std::make_unique<char[]>(100));
  }
}

TEST(MemoryPolicy, GivesLargeBlocksOfAllThreadsBackToTheSystem) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer has an allocator of its own";
#endif
  return_large_blocks();
  const std::size_t before = resident_bytes();
  std::latch all_done(kThreads);
  std::latch measured(1);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      std::vector<std::unique_ptr<char[]>> kept;
      use_memory(kept);
      all_done.count_down();
      measured.wait();
    });
  }
  all_done.wait();
  const std::size_t after = resident_bytes();
  measured.count_down();
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_LT(after, before + 8 * kMegabyte);
}

TEST(AfterActivity, CallsOnceMoreForWhatIsDoneAfterACall) {
  std::counting_semaphore<> calls(0);
  AfterActivity after(std::chrono::milliseconds(0), [&calls] { calls.release(); });
  after.note();
  calls.acquire();
  after.note();
  calls.acquire();
}

TEST(AfterActivity, EndsWithoutItsCall) {
  bool called = false;
  {
    AfterActivity after(std::chrono::hours(1), [&called] { called = true; });
    after.note();
  }
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace batchai::server::test
