#include "server/run/run_records.hpp"

#include "contract/scratch.hpp"
#include "core/private_file.hpp"

#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

using Kind = RunOutcome::Kind;

TEST(RunRecords, KeepsOutcomesOfEveryKind) {
  const Scratch scratch;
  const RunRecords records(scratch.path());
  for (const auto kind : {Kind::Exited, Kind::PreparationFailed, Kind::NotStarted, Kind::NoContainer, Kind::TimedOut,
                          Kind::Stopped, Kind::Lost, Kind::OverLimit, Kind::Busy}) {
    records.write_outcome({.kind = kind,
                           .exit_code = 143,
                           .started = Timestamp(Ticks(5)),
                           .ended = Timestamp(Ticks(7)),
                           .message = "why"});
    const auto outcome = records.read_outcome();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->kind, kind);
    EXPECT_EQ(outcome->exit_code, 143);
    EXPECT_EQ(outcome->started, Timestamp(Ticks(5)));
    EXPECT_EQ(outcome->ended, Timestamp(Ticks(7)));
    EXPECT_EQ(outcome->message, "why");
  }
}

TEST(RunRecords, KeepsTheAbsenceOfExitCodeAndStart) {
  const Scratch scratch;
  const RunRecords records(scratch.path());
  records.write_outcome({.kind = Kind::NotStarted});
  EXPECT_FALSE(records.read_outcome()->exit_code);
  EXPECT_FALSE(records.read_outcome()->started);
}

TEST(RunRecords, TakesABrokenOutcomeForNone) {
  const Scratch scratch;
  const RunRecords records(scratch.path());
  EXPECT_FALSE(records.read_outcome());
  for (const std::string text : {"", "{", "[]", R"({"kind":"exited"})", R"({"kind":"?","ended":1,"message":""})"}) {
    replace_private_file(scratch / "outcome.json", text);
    EXPECT_FALSE(records.read_outcome()) << text;
  }
}

TEST(RunRecords, WritesTheOutcomeIntoTheRoomThatWasReserved) {
  const Scratch scratch;
  const RunRecords records(scratch.path());
  records.reserve_outcome();
  records.write_outcome({.kind = Kind::Exited, .exit_code = 3});
  EXPECT_EQ(records.read_outcome()->exit_code, 3);
  EXPECT_FALSE(std::filesystem::exists(scratch / "reserve"));
}

TEST(RunRecords, WritesTheOutcomeWithoutTheRoomThatCannotBeUsed) {
  const Scratch scratch;
  const RunRecords records(scratch.path());
  std::filesystem::create_directory(scratch / "reserve");
  records.write_outcome({.kind = Kind::Exited, .exit_code = 3});
  EXPECT_EQ(records.read_outcome()->exit_code, 3);
}

TEST(RunRecords, TakesAReserveThatBecameTheOutcomeWithoutItsTextForNone) {
  const Scratch scratch;
  const RunRecords records(scratch.path());
  records.reserve_outcome();
  std::filesystem::rename(scratch / "reserve", scratch / "outcome.json");  // as a crash may leave it
  EXPECT_FALSE(records.read_outcome());
}

TEST(RunRecords, KeepsTheSupervisorAndItsMounts) {
  const Scratch scratch;
  const RunRecords records(scratch.path());
  records.write_supervisor({.pid = 12,
                            .start_time = 34,
                            .started = Timestamp(Ticks(5)),
                            .grace = std::chrono::milliseconds(6),
                            .mounts = {{"/a", "/b"}}});
  const auto record = records.read_supervisor();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->pid, 12);
  EXPECT_EQ(record->start_time, 34U);
  EXPECT_EQ(record->started, Timestamp(Ticks(5)));
  EXPECT_EQ(record->grace, std::chrono::milliseconds(6));
  ASSERT_EQ(record->mounts.size(), 1U);
  EXPECT_EQ(record->mounts[0].second, "/b");
}

TEST(RunRecords, TellsARecordThatCannotBeReadFromNone) {
  const Scratch scratch;
  const RunRecords records(scratch.path());
  std::filesystem::create_directory(scratch / "supervisor.json");
  EXPECT_THROW(records.read_supervisor(), std::system_error);
}

TEST(RunRecords, IsLockedByOneAtATime) {
  const Scratch scratch;
  const RunRecords records(scratch.path());
  auto lock = records.try_lock();
  EXPECT_TRUE(lock);
  EXPECT_FALSE(records.try_lock());
  lock.reset();
  EXPECT_TRUE(records.try_lock());
}

}  // namespace

}  // namespace batchai::server::test
