#include "server/store/integrity_check.hpp"

#include "server/store/sqlite_store.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;

constexpr std::streamoff kPage = 4096;

class IntegrityCheckTest : public ::testing::Test {
 protected:
  std::unique_ptr<SqliteStore> open() { return std::make_unique<SqliteStore>(file_, clock_); }

  /// A database of some hundred pages.
  void fill() {
    open()->write([](Transaction& transaction) {
      for (int i = 0; i < 500; ++i) {
        transaction.put(
            {.key = "key-" + std::to_string(i), .kind = "thing", .body = {{"text", std::string(1000, 'x')}}});
      }
    });
  }

  /// Overwrites a page far behind those that a start reads.
  void damage() const {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100 * kPage);
    file << std::string(kPage, '\xff');
  }

  /// What the background check says at its end.
  std::optional<std::string> check() const {
    std::promise<std::optional<std::string>> end;
    IntegrityCheck check(file_, [&](const auto& damage) { end.set_value(damage); });
    check.start();
    auto damage = end.get_future().get();
    EXPECT_EQ(check.damage(), damage);
    return damage;
  }

  template <class Work>
  static std::string refusal(const Work& work) {
    try {
      work();
    } catch (const StoreError& error) {
      return error.what();
    }
    return "taken";
  }

  std::string complete_check() const {
    return refusal([this] { check_completely(file_); });
  }

  batchai::test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "batchai.db";
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
};

TEST_F(IntegrityCheckTest, FindsNothingInASoundDatabaseThatIsOpen) {
  fill();
  auto store = open();
  store->write([](Transaction& transaction) { transaction.put({.key = "in the log", .kind = "thing"}); });
  EXPECT_EQ(check(), std::nullopt);
  EXPECT_EQ(complete_check(), "taken");
}

TEST_F(IntegrityCheckTest, FindsDamageThatTheStartDoesNotMeet) {
  fill();
  damage();
  auto store = open();
  EXPECT_THAT(check().value_or("sound"), HasSubstr(file_.string() + " is damaged ("));
  EXPECT_THAT(complete_check(), HasSubstr(file_.string() + " is damaged ("));
}

TEST_F(IntegrityCheckTest, LeavesReadableWhatDoesNotMeetTheDamage) {
  fill();
  damage();
  auto store = open();
  store->read([](Transaction& transaction) { EXPECT_TRUE(transaction.get("key-0")); });
  const auto read_all = [&] { store->read([](Transaction& transaction) { transaction.list("thing"); }); };
  EXPECT_THAT(refusal(read_all), HasSubstr("is damaged"));
}

TEST_F(IntegrityCheckTest, TellsThatTheDatabaseCannotBeRead) {
  EXPECT_THAT(check().value_or("sound"), HasSubstr(file_.string()));
}

TEST_F(IntegrityCheckTest, CanBeStoppedAtAnyMoment) {
  fill();
  damage();
  for (int round = 0; round < 50; ++round) {
    bool stopped = false;
    IntegrityCheck check(file_, [&](const auto&) { EXPECT_FALSE(stopped); });
    check.start();
    if (round % 2 == 0) {
      std::this_thread::yield();
    }
    check.stop();
    stopped = true;
  }
}

TEST_F(IntegrityCheckTest, CompleteRefusesWhatIsNoDatabaseOfTheService) {
  EXPECT_THAT(complete_check(), HasSubstr(file_.string() + " is missing"));
  std::ofstream{file_};
  EXPECT_THAT(complete_check(), HasSubstr(file_.string() + " is empty"));
  std::ofstream(file_) << std::string(5000, 'x');
  EXPECT_THAT(complete_check(), HasSubstr("is damaged or is not a database"));
}

}  // namespace
}  // namespace batchai::server::test
