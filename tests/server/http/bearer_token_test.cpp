#include "server/http/bearer_token.hpp"

#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

TEST(BearerToken, FollowsTheSchemeInAnyCase) {
  for (const char* header : {"Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c"}) {
    const Request request{.headers = {{"Authorization", header}}};
    EXPECT_EQ(bearer_token(request), "a.b.c") << header;
  }
}

TEST(BearerToken, MayBeEmpty) { EXPECT_EQ(bearer_token(Request{.headers = {{"Authorization", "Bearer "}}}), ""); }

TEST(BearerToken, IsNotThereWithoutTheScheme) {
  EXPECT_EQ(bearer_token(Request{}), std::nullopt);
  for (const char* header : {"", "Bearer", "Basic YTpi", "Bearertoken", "a.b.c"}) {
    EXPECT_EQ(bearer_token(Request{.headers = {{"Authorization", header}}}), std::nullopt) << header;
  }
}

}  // namespace
}  // namespace batchai::server::test
