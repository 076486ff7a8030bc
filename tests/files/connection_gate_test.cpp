#include "files/transfer/connection_gate.hpp"

#include "batchai/core/error.hpp"
#include "batchai/files/file_client.hpp"
#include "files/transfer/engine.hpp"
#include "files/transfer/pieces.hpp"
#include "support/fake_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::files::test {
namespace {

using ::testing::ElementsAre;
using ::testing::Ge;

class ConnectionGateTest : public testing::Test {
 protected:
  void succeed(int times) {
    for (int i = 0; i < times; ++i) {
      auto place = gate_.enter({});
      place.succeed();
    }
  }
  batchai::test::FakeClock clock_;
  ConnectionGate gate_{8, clock_};
};

TEST_F(ConnectionGateTest, HalvesAfterCongestionOnceForAllThatMetItTogether) {
  const unsigned generation = gate_.enter({}).generation();
  gate_.congested(generation, {});
  gate_.congested(generation, {});
  EXPECT_EQ(gate_.limit(), 4U);
  gate_.congested(gate_.enter({}).generation(), {});
  gate_.congested(gate_.enter({}).generation(), {});
  gate_.congested(gate_.enter({}).generation(), {});
  EXPECT_EQ(gate_.limit(), 1U);
}

TEST_F(ConnectionGateTest, RecoversByOneAfterAsManySuccesses) {
  gate_.congested(gate_.enter({}).generation(), {});
  succeed(3);
  EXPECT_EQ(gate_.limit(), 4U);
  succeed(1);
  EXPECT_EQ(gate_.limit(), 5U);
  succeed(5 + 6 + 7 + 100);
  EXPECT_EQ(gate_.limit(), 8U);
}

TEST_F(ConnectionGateTest, KeepsAllOutForAsLongAsTheServiceAsks) {
  gate_.congested(gate_.enter({}).generation(), std::chrono::seconds(30));
  gate_.enter({});
  EXPECT_THAT(clock_.sleeps(), ElementsAre(Duration(std::chrono::seconds(30))));
}

TEST_F(ConnectionGateTest, DoesNotLetInWhatIsCancelledOrLate) {
  CancellationSource source;
  source.cancel();
  EXPECT_THROW(gate_.enter({.cancellation = source.token()}), Cancelled);
  EXPECT_THROW(gate_.enter({.deadline = clock_.steady_now()}), DeadlineExceeded);
}

class EngineTest : public testing::Test {
 protected:
  EngineTest() { options_.clock = clock_; }

  /// Fails `times` with an error, and says how often it was tried.
  template <class E>
  int try_with(const E& error, int times) {
    Engine engine(options_, context_);
    int tries = 0;
    engine.call("knowing it", [](const CallContext&) {});
    engine.call("working", [&](const CallContext&) {
      if (++tries <= times) {
        throw E(error);
      }
    });
    return tries;
  }
  static ServiceError service_error(int status, const std::string& code = {}) {
    return {status, {code, "No.", ""}, ""};
  }

  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  TransferOptions options_;
  CallContext context_;
};

TEST_F(EngineTest, KeepsToRetryAfter) {
  EXPECT_EQ(try_with(Throttled(429, {}, RefusedRequest{.retry_after = std::chrono::seconds(7)}), 1), 2);
  EXPECT_THAT(clock_->sleeps(), ElementsAre(Ge(Duration(std::chrono::seconds(7)))));
}

TEST_F(EngineTest, TriesBusyAndUnreachableServicesForMinutes) {
  EXPECT_EQ(try_with(TransportError("http://h", "refused"), 50), 51);
  EXPECT_EQ(try_with(Throttled(service_error(503)), 50), 51);
  EXPECT_THROW(try_with(TransportError("http://h", "refused"), 1000), TransportError);
}

TEST_F(EngineTest, TriesOtherErrorsOfTheServiceSomeTimes) {
  EXPECT_EQ(try_with(service_error(500), 3), 4);
  EXPECT_THROW(try_with(service_error(500), 8), ServiceError);
  EXPECT_EQ(try_with(service_error(400, "Md5Mismatch"), 2), 3);
  EXPECT_THROW(try_with(DamagedContent("damaged"), 3), DamagedContent);
}

TEST_F(EngineTest, DoesNotRepeatRefusals) {
  EXPECT_THROW(try_with(service_error(403, "AuthenticationFailed"), 1), ServiceError);
  EXPECT_TRUE(clock_->sleeps().empty());
}

TEST_F(EngineTest, DoesNotWaitPastTheDeadline) {
  context_.deadline = clock_->steady_now() + std::chrono::seconds(3);
  EXPECT_THROW(try_with(TransportError("http://h", "refused"), 1000), TransportError);
  EXPECT_LT(clock_->steady_now(), *context_.deadline);
}

TEST(Pieces, AreCutAlongAGridFromDataToData) {
  EXPECT_THAT(cut_pieces({}), testing::IsEmpty());
  EXPECT_THAT(cut_pieces({{0, kLargestPiece + 1}}),
              ElementsAre(FileRange{0, kLargestPiece}, FileRange{kLargestPiece, 1}));
  EXPECT_THAT(cut_pieces({{10, 10}, {100, 100}, {5 * kLargestPiece + 1, 2}}),
              ElementsAre(FileRange{10, 190}, FileRange{5 * kLargestPiece + 1, 2}));
}

TEST(Pieces, ThatAreDoneAreLeftOut) {
  EXPECT_THAT(without({{0, 10}, {10, 10}, {20, 10}}, {{10, 10}, {0, 9}}),
              ElementsAre(FileRange{0, 10}, FileRange{20, 10}));
}

}  // namespace
}  // namespace batchai::files::test
