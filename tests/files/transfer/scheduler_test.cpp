#include "files/transfer/scheduler.hpp"

#include <atomic>
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

}  // namespace
}  // namespace batchai::files::test
