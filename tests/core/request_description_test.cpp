#include "batchai/core/request_description.hpp"

#include <gtest/gtest.h>

namespace batchai::inline v1 {
namespace {

const std::string kJob =
    "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/w/"
    "experiments/e/jobs/j";
const std::string kVersion = "?api-version=2018-05-01";
const std::string kFile = "https://acct.file.core.windows.net/share/a.txt";

HttpRequest request(const std::string& method, const std::string& url) {
  return {.method = method, .url = Url::parse(url)};
}

TEST(RequestDescription, TellsResourcesFromStorage) {
  EXPECT_EQ(describe_request(request("GET", kJob + kVersion)).target, RequestTarget::Management);
  EXPECT_EQ(describe_request(request("GET", kFile)).target, RequestTarget::Storage);
}

TEST(RequestDescription, TellsTheEffectOnResources) {
  const auto effect = [](const std::string& method, const std::string& path = "") {
    return describe_request(request(method, kJob + path + kVersion)).effect;
  };
  EXPECT_EQ(effect("GET"), RequestEffect::Read);
  EXPECT_EQ(effect("HEAD"), RequestEffect::Read);
  EXPECT_EQ(effect("PUT"), RequestEffect::Create);
  EXPECT_EQ(effect("PATCH"), RequestEffect::Update);
  EXPECT_EQ(effect("DELETE"), RequestEffect::Delete);
  EXPECT_EQ(effect("POST", "/terminate"), RequestEffect::Action);
}

TEST(RequestDescription, TellsTheEffectOnStorage) {
  const auto effect = [](const std::string& method, const std::string& query = "") {
    return describe_request(request(method, kFile + query)).effect;
  };
  EXPECT_EQ(effect("HEAD"), RequestEffect::Read);
  EXPECT_EQ(effect("GET", "?comp=rangelist"), RequestEffect::Read);
  EXPECT_EQ(effect("PUT"), RequestEffect::Create);
  EXPECT_EQ(effect("PUT", "?restype=directory"), RequestEffect::Create);
  EXPECT_EQ(effect("PUT", "?comp=range"), RequestEffect::UploadPiece);
  EXPECT_EQ(effect("PUT", "?comp=metadata"), RequestEffect::Update);
  EXPECT_EQ(effect("PUT", "?comp=rename"), RequestEffect::Update);
  EXPECT_EQ(effect("DELETE"), RequestEffect::Delete);
}

TEST(RequestDescription, APostThatMayBeRepeatedOnlyReads) {
  HttpRequest listing = request("POST", kJob + "/listOutputFiles" + kVersion);
  EXPECT_EQ(describe_request(listing).effect, RequestEffect::Action);
  listing.repeatable = true;
  EXPECT_EQ(describe_request(listing).effect, RequestEffect::Read);
}

TEST(RequestDescription, HasTheTypeOfTheBody) {
  HttpRequest creation = request("PUT", kJob + kVersion);
  EXPECT_EQ(describe_request(creation).content_type, "");
  creation.headers = {{"Content-Type", "application/json"}};
  EXPECT_EQ(describe_request(creation).content_type, "application/json");
}

}  // namespace
}  // namespace batchai::inline v1
