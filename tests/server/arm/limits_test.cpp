// Comparisons and bounds at their very edge: what is just taken, and what is just refused.
#include "server/arm/arm_fixture.hpp"

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;

const std::string kWorkspace = kBase + "/resourceGroups/RG1/providers/Microsoft.BatchAI/workspaces/w";
const std::string kGroups = kBase + "/resourcegroups";
const std::string kAccounts = kBase + "/resourceGroups/RG1/providers/Microsoft.Storage/storageAccounts";

class ArmLimits : public ArmFixture {
 protected:
  Response get_with_version(const std::string& version) {
    return send_bare("GET", "/subscriptions" + version, {{"Authorization", "Bearer " + token()}});
  }
};

TEST_F(ArmLimits, AnApiVersionIsThereAndADateAndNothingElse) {
  for (const char* none : {"", "?api-version=", "?other=2019-11-01"}) {
    expect_fault(get_with_version(none), 400, "MissingApiVersionParameter");
  }
  for (const char* wrong : {"2019-11-011", "x2019-11-01", "2019-11-01-", "2019-11-01 ", "2019-11", "2019-11-01-1"}) {
    expect_fault(get_with_version(std::string("?api-version=") + wrong), 400, "InvalidApiVersionParameter");
  }
  EXPECT_EQ(get_with_version("?api-version=2019-11-01-preview").status, 200);
}

TEST_F(ArmLimits, AFilterIsUnderstoodToItsEnd) {
  for (const char* filter : {"tagName%20eq%20'a'x", "tagName%20eq%20'a'%20or%20tagName%20eq%20'b'", "tagName%20eq%20'a",
                             "tagName%20eq%20'a'%20and", "and", "tagName%20eq%20'a'%20andtagValue%20eq%20'b'"}) {
    expect_fault(send("GET", kGroups + "?$filter=" + filter), 400, "InvalidFilterInQueryString");
  }
}

TEST_F(ArmLimits, TopIsAWholePositiveNumber) {
  make_group();
  for (const char* top : {"0", "1x", "-1", "", "1.5", "99999999999999999999999"}) {
    expect_fault(send("GET", kGroups + "?$top=" + top), 400, "InvalidTopInQueryString");
  }
  EXPECT_EQ(json(send("GET", kGroups + "?$top=1")).at("value").size(), 1U);
}

TEST_F(ArmLimits, AGroupsNameHas90CharactersAtMost) {
  const std::string body = R"({"location":"eastus"})";
  EXPECT_EQ(send("PUT", kGroups + "/" + std::string(90, 'a'), body).status, 201);
  expect_fault(send("PUT", kGroups + "/" + std::string(91, 'a'), body), 400, "InvalidResourceName");
  EXPECT_EQ(send("PUT", kGroups + "/a-b_c(d).e", body).status, 201);
}

TEST_F(ArmLimits, ASubscriptionIsComparedWholly) {
  const std::string rest = kSub.substr(8);
  expect_fault(send("GET", "/subscriptions/0a0a0a0b" + rest + "/resourcegroups"), 404, "SubscriptionNotFound");
  expect_fault(send("GET", "/subscriptions/" + kSub.substr(0, 35) + "5/resourcegroups"), 404, "SubscriptionNotFound");
  expect_fault(send("GET", "/subscriptions/" + kSub + "4/resourcegroups"), 400, "InvalidSubscriptionId");
  expect_fault(send("GET", "/subscriptions/" + kSub.substr(0, 35) + "/resourcegroups"), 400, "InvalidSubscriptionId");
}

TEST_F(ArmLimits, NothingIsWrittenBelowAnUnregisteredProviderByAnyMethod) {
  make_group();
  EXPECT_EQ(send("POST", kBase + "/providers/Microsoft.BatchAI/unregister").status, 200);
  for (const char* method : {"PUT", "PATCH", "POST"}) {
    expect_fault(send(method, kWorkspace, "{}"), 409, "MissingSubscriptionRegistration");
  }
}

TEST_F(ArmLimits, QuotesInAReasonDoNotEndTheParameterOfAChallenge) {
  const Headers headers = {{"Authorization", "Bearer " + token(R"(https://a/", realm="evil\)")}};
  const std::string challenge =
      send_bare("GET", "/subscriptions?api-version=2019-11-01", headers).headers.get("WWW-Authenticate");
  EXPECT_THAT(challenge, HasSubstr("realm='evil/"));
  EXPECT_EQ(std::count(challenge.begin(), challenge.end(), '"'), 6) << challenge;
}

TEST_F(ArmLimits, AnAccountsNameHas3To24Characters) {
  make_group();
  for (const std::string& name : {std::string("abc"), std::string(24, 'a'), std::string("0a9")}) {
    EXPECT_EQ(make_account(name).status, 200) << name;
  }
  for (const std::string& name : {std::string("ab"), std::string(25, 'a'), std::string("abC"), std::string("a-c")}) {
    expect_fault(make_account(name), 400, "AccountNameInvalid");
  }
}

TEST_F(ArmLimits, AnAccountStaysWhereItIsAndHasASkuThatIsAnObject) {
  make_group();
  make_account("acct1");
  const std::string moved = R"({"sku":{"name":"Standard_LRS"},"kind":"Storage","location":"westus"})";
  expect_fault(send("PUT", kAccounts + "/acct1", moved), 409, "InvalidResourceLocation");
  for (const char* sku : {R"("Standard_LRS")", "null", "[]", "{}"}) {
    const std::string body = std::string(R"({"kind":"Storage","location":"eastus","sku":)") + sku + "}";
    expect_fault(send("PUT", kAccounts + "/acct2", body), 400, "InvalidRequestContent");
  }
}

/// While its accounts are being removed, the group goes, is made anew and is to be deleted again.
TEST_F(ArmLimits, ARemovalEndsNoOtherRemovalOfTheSameName) {
  make_group();
  make_account("acct1");
  on_data_removal_ = [this](const std::string&) {
    store_.write([](Transaction& transaction) {
      for (Document& group : transaction.list("resourceGroup")) {
        group.hidden["removal"] = "another";
        transaction.put(group);
      }
    });
  };
  EXPECT_EQ(send("DELETE", kGroups + "/RG1").status, 202);
  store_.read([](Transaction& transaction) {
    EXPECT_EQ(transaction.list("resourceGroup").size(), 1U);
    EXPECT_EQ(transaction.list("storageAccount").size(), 1U);
  });
}

}  // namespace
}  // namespace batchai::server::test
