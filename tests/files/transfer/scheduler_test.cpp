#include "files/transfer/scheduler.hpp"

#include <atomic>
#include <barrier>
#include <csignal>
#include <vector>

#include <gtest/gtest.h>

namespace batchai::files::test {
namespace {

constexpr std::size_t kSteps = 400'000;

struct Record {
  std::atomic<int> moved = 0;
  std::atomic<int> finished = 0;
};

/// A file of a few pieces that takes no time.
class InstantJob final : public FileJob {
 public:
  InstantJob(Record& record, std::size_t pieces) : record_(record), pieces_(pieces) {}

  Beginning begin() override { return {.pieces = pieces_}; }
  void move_piece() override { ++record_.moved; }
  void finish() override { ++record_.finished; }

 private:
  Record& record_;
  const std::size_t pieces_;
};

TEST(Scheduler, FinishesEveryFileOnceAfterAllItsPieces) {
  const TransferOptions options{.max_connections = 16};
  Engine engine(options, {});
  std::vector<Record> records(kSteps);
  std::vector<PlannedStep> steps;
  for (std::size_t i = 0; i < kSteps; ++i) {
    steps.push_back(
        {.make = [&record = records[i], i](Engine&, bool) { return std::make_unique<InstantJob>(record, i % 3); }});
  }
  Scheduler(engine, steps, true).run();
  for (std::size_t i = 0; i < kSteps; ++i) {
    ASSERT_EQ(records[i].moved, static_cast<int>(i % 3)) << "file " << i;
    ASSERT_EQ(records[i].finished, 1) << "file " << i;
  }
  EXPECT_EQ(engine.counters().report({}).files, kSteps);
}

/// Notes in how many threads SIGINT is open; each piece waits until all are under way.
class SignalJob final : public FileJob {
 public:
  SignalJob(std::atomic<int>& open, std::barrier<>& all) : open_(open), all_(all) {}

  Beginning begin() override { return {.pieces = 2}; }
  void move_piece() override {
    all_.arrive_and_wait();
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    open_ += sigismember(&blocked, SIGINT) == 0 ? 1 : 0;
  }

 private:
  std::atomic<int>& open_;
  std::barrier<>& all_;
};

TEST(Scheduler, LeavesSignalsToTheThreadsOfTheProgram) {
  const TransferOptions options{.max_connections = 2};
  Engine engine(options, {});
  std::atomic<int> open = 0;
  std::barrier<> all(2);
  const std::vector<PlannedStep> steps = {
      {.make = [&](Engine&, bool) { return std::make_unique<SignalJob>(open, all); }}};
  Scheduler(engine, steps, true).run();
  EXPECT_EQ(open, 1);  // the thread that called run()
}

}  // namespace
}  // namespace batchai::files::test
