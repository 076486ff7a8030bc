#include "server/http/json_answer.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::server::test {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

TEST(JsonAnswer, HasStatusTypeAndBody) {
  const Response answer = json_answer(201, json{{"b", 1}, {"a", nullptr}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.headers.get("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(answer.body, R"({"a":null,"b":1})");
}

TEST(JsonAnswer, KeepsTheOrderThatMembersWereGiven) {
  EXPECT_EQ(json_answer(200, ordered_json{{"b", 1}, {"a", 2}}).body, R"({"b":1,"a":2})");
}

TEST(JsonAnswer, CarriesBytesThatAreNotUtf8) {
  EXPECT_EQ(json_answer(200, json{{"name", "a\xff\xc3z"}}).body, "{\"name\":\"a\ufffd\ufffdz\"}");
  EXPECT_EQ(json_answer(200, ordered_json{{"\xff", 1}}).body, "{\"\ufffd\":1}");
}

}  // namespace
}  // namespace batchai::server::test
