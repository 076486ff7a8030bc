#include "batchai/models/names.hpp"

#include "batchai/core/error.hpp"
#include "batchai/models/resource_id.hpp"

#include <string>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

TEST(Names, FollowTheRuleOfTheResource) {
  EXPECT_NO_THROW(check_name("My-cluster_1", "cluster name"));
  EXPECT_NO_THROW(check_name(std::string(64, 'a'), "cluster name"));
  for (const std::string& bad : {std::string(), std::string(65, 'a'), std::string("a.b"), std::string("a/b"),
                                 std::string(".."), std::string("a b"), std::string("caf\xC3\xA9")}) {
    EXPECT_THROW(check_name(bad, "cluster name"), InvalidArgument) << bad;
  }
}

TEST(Names, AreNamedWithTheirRuleWhenRefused) {
  try {
    check_name("a/b", "cluster name");
    FAIL() << "nothing was thrown";
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "cluster name 'a/b' is not allowed: it has to be 1 to 64 letters, digits, dashes and underscores");
  }
}

TEST(Names, OfGroupsMayHaveParenthesesOutsideOfBatchAi) {
  EXPECT_NO_THROW(check_group_name("my.group-1_(a)"));
  EXPECT_NO_THROW(check_batchai_group_name("my.group-1_"));
  EXPECT_THROW(check_batchai_group_name("group(a)"), InvalidArgument);
  for (const std::string& bad : {std::string(), std::string("."), std::string(".."), std::string("a."),
                                 std::string(91, 'a'), std::string("a/b")}) {
    EXPECT_THROW(check_group_name(bad), InvalidArgument) << bad;
    EXPECT_THROW(check_batchai_group_name(bad), InvalidArgument) << bad;
  }
}

TEST(Names, OfAccountsAreShortAndLowerCase) {
  EXPECT_NO_THROW(check_storage_account_name("account1"));
  for (const std::string& bad :
       {std::string("ab"), std::string(25, 'a'), std::string("Account"), std::string("my-account")}) {
    EXPECT_THROW(check_storage_account_name(bad), InvalidArgument) << bad;
  }
}

TEST(Names, ThatWouldChangeThePathAreRefused) {
  EXPECT_NO_THROW(check_location("east-us.1"));
  EXPECT_NO_THROW(check_provider_namespace("Microsoft.BatchAI"));
  EXPECT_NO_THROW(check_subscription("11111111-1111-1111-1111-111111111111"));
  EXPECT_THROW(check_location(".."), InvalidArgument);
  EXPECT_THROW(check_provider_namespace(".."), InvalidArgument);
  EXPECT_THROW(check_subscription("a/b"), InvalidArgument);
  EXPECT_THROW(check_subscription(""), InvalidArgument);
}

TEST(ResourceId, IsTakenApartInAnyCaseAndPutTogether) {
  const ResourceIdParts parts =
      parse_resource_id("/SUBSCRIPTIONS/s/resourcegroups/G/providers/Microsoft.BatchAI/workspaces/W/clusters/c");
  EXPECT_EQ(parts.subscription, "s");
  EXPECT_EQ(parts.group, "G");
  EXPECT_EQ(parts.provider, "Microsoft.BatchAI");
  EXPECT_EQ(parts.type(), "Microsoft.BatchAI/workspaces/clusters");
  EXPECT_EQ(parts.name(), "c");
  EXPECT_EQ(parts.find("Workspaces"), "W");
  EXPECT_EQ(parts.find("jobs"), "");
  EXPECT_EQ(parts.to_string(), make_cluster_id("s", "G", "W", "c"));
}

TEST(ResourceId, MayEndAtEveryLevel) {
  EXPECT_EQ(parse_resource_id("/subscriptions/s").name(), "s");
  EXPECT_EQ(parse_resource_id("/subscriptions/s/resourceGroups/g").name(), "g");
  EXPECT_EQ(parse_resource_id("/subscriptions/s/providers/Microsoft.BatchAI").type(), "Microsoft.BatchAI");
  EXPECT_EQ(parse_resource_id("/subscriptions/s/providers/P/locations/eastus").find("locations"), "eastus");
}

TEST(ResourceId, SaysWhatIsWrongWithIt) {
  for (const char* bad :
       {"", "cluster", "/", "/subscriptions", "/subscriptions/", "/subscriptions/s/",
        "/subscriptions//resourceGroups/g", "/resourceGroups/g", "/subscriptions/s/resourceGroups",
        "/subscriptions/s/workspaces/w", "/subscriptions/s/resourceGroups/g/providers/P/workspaces"}) {
    EXPECT_THROW(parse_resource_id(bad), InvalidArgument) << bad;
  }
  try {
    parse_resource_id("/subscriptions/s/resourceGroups/g/providers/P/workspaces");
    FAIL() << "nothing was thrown";
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "'/subscriptions/s/resourceGroups/g/providers/P/workspaces' is not a resource id: a name is missing "
                 "behind workspaces");
  }
}

TEST(ResourceId, IsMadeForEveryKind) {
  EXPECT_EQ(make_group_id("s", "g"), "/subscriptions/s/resourceGroups/g");
  const std::string workspace = "/subscriptions/s/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/w";
  EXPECT_EQ(make_workspace_id("s", "g", "w"), workspace);
  EXPECT_EQ(make_cluster_id("s", "g", "w", "c"), workspace + "/clusters/c");
  EXPECT_EQ(make_file_server_id("s", "g", "w", "f"), workspace + "/fileServers/f");
  EXPECT_EQ(make_experiment_id("s", "g", "w", "e"), workspace + "/experiments/e");
  EXPECT_EQ(make_job_id("s", "g", "w", "e", "j"), workspace + "/experiments/e/jobs/j");
}

}  // namespace
}  // namespace batchai::test
