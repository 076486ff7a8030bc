#include "server/records/operations.hpp"

#include "support/memory_store.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using namespace std::chrono_literals;
using State = OperationRecord::State;

class Operations : public ::testing::Test {
 protected:
  OperationRecord create(Timestamp now) {
    OperationRecord record;
    store_.write(
        [&](Transaction& transaction) { record = create_operation(transaction, now, "sub", "eastus", "sub$rg$ws$c"); });
    return record;
  }

  std::optional<OperationRecord> find(const std::string& id) {
    std::optional<OperationRecord> found;
    store_.read([&](Transaction& transaction) { found = find_operation(transaction, id); });
    return found;
  }

  MemoryStore store_;
  const Timestamp noon_ = std::chrono::sys_days(std::chrono::year{2018} / 6 / 21) + 12h;
};

TEST_F(Operations, RunUntilTheyAreEnded) {
  const auto record = create(noon_);
  EXPECT_EQ(record.id.size(), 36U);
  ASSERT_TRUE(find(record.id));
  EXPECT_EQ(find(record.id)->state, State::Running);
  EXPECT_EQ(operation_status_document(record, "https://h/op"),
            nlohmann::ordered_json({{"id", "https://h/op"},
                                    {"name", record.id},
                                    {"status", "InProgress"},
                                    {"startTime", "2018-06-21T12:00:00Z"}}));
}

TEST_F(Operations, TellTheirResourceWhenTheyHaveSucceeded) {
  const auto record = create(noon_);
  store_.write([&](Transaction& transaction) { succeed_operation(transaction, noon_ + 1500ms, record.id); });
  const auto document = operation_status_document(*find(record.id), "x");
  EXPECT_EQ(document["status"], "Succeeded");
  EXPECT_EQ(document["endTime"], "2018-06-21T12:00:01.5Z");
  EXPECT_EQ(document["properties"]["resourceId"], "sub$rg$ws$c");
  EXPECT_FALSE(document.contains("error"));
}

TEST_F(Operations, TellWhyTheyFailed) {
  const auto record = create(noon_);
  store_.write([&](Transaction& transaction) {
    fail_operation(transaction, noon_, record.id, {"Conflict", "It is in use.", "", {{"Inner", "Why", "t"}}});
  });
  const auto document = operation_status_document(*find(record.id), "x");
  EXPECT_EQ(document["status"], "Failed");
  EXPECT_EQ(document["error"], nlohmann::ordered_json::parse(R"({"code":"Conflict","message":"It is in use.",
                                      "details":[{"code":"Inner","message":"Why","target":"t"}]})"));
}

TEST_F(Operations, EndOnce) {
  const auto record = create(noon_);
  store_.write([&](Transaction& transaction) {
    cancel_operation(transaction, noon_, record.id, {"OperationCanceled", "The resource is being deleted.", ""});
    succeed_operation(transaction, noon_ + 1h, record.id);
  });
  EXPECT_EQ(find(record.id)->state, State::Canceled);
  EXPECT_EQ(find(record.id)->ended, noon_);
}

TEST_F(Operations, AreAskedForAtSubscriptionScope) {
  const auto record = create(noon_);
  const std::string scope = "/subscriptions/sub/providers/Microsoft.BatchAI/locations/eastus/";
  EXPECT_EQ(operation_status_path(record), scope + "operationresults/" + record.id);
  EXPECT_EQ(operation_result_path(record), scope + "operationstatuses/" + record.id);
}

TEST_F(Operations, AreNothingWhenUnknown) {
  EXPECT_FALSE(find("6f0e1c9a-0000-0000-0000-000000000000"));
  store_.write([&](Transaction& transaction) { succeed_operation(transaction, noon_, "unknown"); });
  EXPECT_FALSE(find("unknown"));
}

}  // namespace
}  // namespace batchai::server::test
