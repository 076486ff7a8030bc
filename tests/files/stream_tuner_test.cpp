#include "files/transfer/stream_tuner.hpp"

#include <algorithm>
#include <memory>

#include <gtest/gtest.h>

namespace batchai::files::test {
namespace {

using namespace std::chrono_literals;

class StreamTunerTest : public testing::Test {
 protected:
  /// A peer that takes `each` MiB/s by a stream, and `all` at most, for so long.
  void move_for(std::chrono::milliseconds time, unsigned each, unsigned all) {
    for (const auto end = now_ + time; now_ < end;) {
      constexpr std::uint64_t kPiece = 1U << 20U;
      const unsigned rate = std::min(tuner_->streams() * each, all);
      now_ += std::chrono::microseconds(1'000'000 / rate);
      tuner_->moved(kPiece);
      tuner_->done(now_);
    }
  }
  std::unique_ptr<StreamTuner> tuner_ = std::make_unique<StreamTuner>(16);
  StreamTuner::Time now_ = StreamTuner::Time(1h);
};

TEST_F(StreamTunerTest, BeginsWithFew) {
  EXPECT_EQ(tuner_->streams(), 4U);
  EXPECT_EQ(StreamTuner(2).streams(), 2U);
}

TEST_F(StreamTunerTest, AddsAsLongAsMoreIsMoved) {
  move_for(10s, 100, 1000);
  EXPECT_GE(tuner_->streams(), 10U);
  EXPECT_LE(tuner_->streams(), 11U);
}

TEST_F(StreamTunerTest, StaysWhereItIsWhenThePeerTakesNoMore) {
  move_for(4s, 200, 700);
  EXPECT_EQ(tuner_->streams(), 4U);
}

TEST_F(StreamTunerTest, AddsNoMoreThanAreAllowed) {
  move_for(20s, 100, 100'000);
  EXPECT_EQ(tuner_->streams(), 16U);
}

TEST_F(StreamTunerTest, AddsManyWhereEachBringsItsShare) {
  tuner_ = std::make_unique<StreamTuner>(64);
  move_for(20s, 10, 100'000);
  EXPECT_EQ(tuner_->streams(), 64U);
}

TEST_F(StreamTunerTest, TriesAgainLater) {
  move_for(4s, 200, 700);
  move_for(20s, 200, 1600);
  EXPECT_GE(tuner_->streams(), 8U);
}

}  // namespace
}  // namespace batchai::files::test
