// What somebody sees of the subscription whose role is for some of its groups.
#include "server/arm/arm_fixture.hpp"

namespace batchai::server::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LimitedLists : public ArmFixture {
 protected:
  LimitedLists() {
    for (const char* name : {"RG1", "RG2", "RG3"}) {
      make_group(name);
      make_account("account" + std::string(name + 2), name);
    }
  }

  std::vector<std::string> names(const std::string& path, const Principal& principal) {
    const Response response =
        send_bare("GET", kBase + path + (path.find('?') == std::string::npos ? "?" : "&") + "api-version=2021-04-01",
                  {{"Authorization", "Bearer " + tokens_.issue(principal, "https://management.azure.com").text}});
    EXPECT_EQ(response.status, 200) << response.body;
    std::vector<std::string> names;
    const nlohmann::json list = json(response);
    for (const auto& entry : list.at("value")) {
      names.push_back(entry.value("name", entry.value("namespace", "")));
    }
    return names;
  }

  const Principal limited_ = principals_.create("limited", Role::Reader, {"rg2", "RG3", "none"});
  const std::string accounts_ = "/providers/Microsoft.Storage/storageAccounts";
};

TEST_F(LimitedLists, HoldWhatIsInTheGroupsOfTheRole) {
  EXPECT_THAT(names("/resourcegroups", limited_), ElementsAre("RG2", "RG3"));
  EXPECT_THAT(names(accounts_, limited_), ElementsAre("account2", "account3"));
  EXPECT_THAT(names("/resources", limited_), ElementsAre("account2", "account3"));
  EXPECT_THAT(names("/resourcegroups", principals_.create("none", Role::Owner, {"nothing"})), IsEmpty());
}

TEST_F(LimitedLists, HoldEverythingForARoleWithoutGroups) {
  const Principal reader = principals_.create("reader", Role::Reader);
  EXPECT_THAT(names("/resourcegroups", reader), ElementsAre("RG1", "RG2", "RG3"));
  EXPECT_EQ(names("/providers", limited_), names("/providers", reader));
}

TEST_F(LimitedLists, CountTowardsTopWhatIsShownOnly) {
  EXPECT_THAT(names("/resourcegroups?$top=1", limited_), ElementsAre("RG2"));
  EXPECT_THAT(names("/resourcegroups?$top=9", limited_), ElementsAre("RG2", "RG3"));
}

}  // namespace
}  // namespace batchai::server::test
