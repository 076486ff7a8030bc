#include "core/text_at.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {
namespace {

using nlohmann::json;

TEST(TextAt, IsTheTextOfAMember) { EXPECT_EQ(text_at(json{{"name", "a"}}, "name"), "a"); }

TEST(TextAt, IsEmptyForWhatIsMissingOrNoText) {
  EXPECT_EQ(text_at(json{{"name", "a"}}, "Name"), "");
  EXPECT_EQ(text_at(json{{"name", 1}}, "name"), "");
  EXPECT_EQ(text_at(json{{"name", nullptr}}, "name"), "");
}

TEST(TextAt, IsEmptyWhereThereIsNoObject) {
  for (const json& value : {json(), json(1), json("name"), json::array({"name"})}) {
    EXPECT_EQ(text_at(value, "name"), "") << value;
  }
}

}  // namespace
}  // namespace batchai::test
