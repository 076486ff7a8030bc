#include "server/planning/job_expand.hpp"

#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

const Variables kVariables{{"A", "1"}, {"AB", "2"}, {"AZ_BATCHAI_X", "x"}, {"LOOP", "$A"}};

TEST(JobPlanExpand, ReplacesNamesWithAndWithoutBraces) {
  EXPECT_EQ(expand_variables("$A/${A}b/$AB", kVariables), "1/1b/2");
  EXPECT_EQ(expand_variables("$A$A-$A.txt", kVariables), "11-1.txt");
}

TEST(JobPlanExpand, TakesTheLongestName) { EXPECT_EQ(expand_variables("$ABC|$AB", kVariables), "|2"); }

TEST(JobPlanExpand, GivesNothingForUnknownNames) { EXPECT_EQ(expand_variables("a$NOPE/${NOPE}b", kVariables), "a/b"); }

TEST(JobPlanExpand, LeavesDollarSignsThatBeginNoName) {
  for (const std::string text : {"$", "a$", "$$", "$1", "${", "${}", "${A", "${A-b}", "$-", "$ A", "100%$"}) {
    EXPECT_EQ(expand_variables(text, kVariables), text);
  }
  EXPECT_EQ(expand_variables("$$A", kVariables), "$1");
}

TEST(JobPlanExpand, DoesNotExpandWhatItPutIn) { EXPECT_EQ(expand_variables("$LOOP", kVariables), "$A"); }

TEST(JobPlanExpand, LeavesOtherNamesAloneWhenAskedForServiceVariables) {
  EXPECT_EQ(expand_service_variables("$AZ_BATCHAI_X:${AZ_BATCHAI_X}:$A:${PATH}:$AZ_BATCHAI_NOPE.", kVariables),
            "x:x:$A:${PATH}:.");
}

TEST(JobPlanExpand, KnowsNamesOfVariables) {
  for (const std::string good : {"A", "_", "a1", "AZ_BATCHAI_X"}) {
    EXPECT_TRUE(is_variable_name(good)) << good;
  }
  for (const std::string bad : {"", "1", "a-b", "a=b", "ä", "a b"}) {
    EXPECT_FALSE(is_variable_name(bad)) << bad;
  }
}

}  // namespace

}  // namespace batchai::server::test
