#include "server/http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

RouteHandler named(const std::string& name) {
  return [name](const Request&, const PathParameters&) { return Response{.body = name}; };
}

class Routing : public ::testing::Test {
 protected:
  void SetUp() override {
    router_.add(std::vector<Route>{
        {"GET", "/subscriptions", named("list")},
        {"GET", "/subscriptions/{sub}/resourceGroups/{group}", named("get")},
        {"PUT", "/subscriptions/{sub}/resourceGroups/{group}", named("put")},
        {"GET", "/{tenant}/discovery/keys", named("keys")},
        {"GET", "/adfs/discovery/keys", named("adfs keys")},
        {"GET", "/adfs/{word}/keys", named("adfs word")},
    });
  }
  std::string found(std::string_view method, std::string_view path) const {
    const RouteMatch match = router_.find(method, path);
    return match.handler == nullptr ? "" : (*match.handler)({}, match.parameters).body;
  }
  Router router_;
};

TEST_F(Routing, ComparesFixedWordsWithoutCase) {
  EXPECT_EQ(found("GET", "/SUBSCRIPTIONS"), "list");
  EXPECT_EQ(found("PUT", "/subscriptions/s/resourcegroups/RG1"), "put");
}

TEST_F(Routing, CollapsesRepeatedAndTrailingSlashes) {
  EXPECT_EQ(found("GET", "//subscriptions//s/resourceGroups///g/"), "get");
}

TEST_F(Routing, DecodesParametersOnceAndKeepsTheirCase) {
  const RouteMatch match = router_.find("GET", "/subscriptions/S/resourceGroups/a%20b%2Fc+%2541");
  ASSERT_EQ(match.kind, RouteMatch::Kind::Found);
  EXPECT_EQ(match.parameters["sub"], "S");
  EXPECT_EQ(match.parameters["group"], "a b/c+%41");
  EXPECT_THROW(match.parameters["other"], std::out_of_range);
}

TEST_F(Routing, PrefersFixedWordsFromTheLeft) {
  EXPECT_EQ(found("GET", "/adfs/discovery/keys"), "adfs keys");
  EXPECT_EQ(found("GET", "/adfs/x/keys"), "adfs word");
  EXPECT_EQ(found("GET", "/t/discovery/keys"), "keys");
}

TEST_F(Routing, TellsAWrongMethodFromAnUnknownPath) {
  const RouteMatch wrong = router_.find("DELETE", "/subscriptions/s/resourceGroups/g");
  EXPECT_EQ(wrong.kind, RouteMatch::Kind::WrongMethod);
  EXPECT_THAT(wrong.allowed, ::testing::ElementsAre("GET", "PUT"));
  EXPECT_EQ(router_.find("GET", "/subscriptions/s").kind, RouteMatch::Kind::Unknown);
  EXPECT_EQ(router_.find("GET", "/subscriptions/s/resourceGroups/g/x").kind, RouteMatch::Kind::Unknown);
  EXPECT_EQ(router_.find("GET", "/").kind, RouteMatch::Kind::Unknown);
}

TEST_F(Routing, KnowsNoPathWithABrokenEscape) {
  EXPECT_EQ(router_.find("GET", "/subscriptions/%zz/resourceGroups/g").kind, RouteMatch::Kind::Unknown);
}

}  // namespace
}  // namespace batchai::server::test
