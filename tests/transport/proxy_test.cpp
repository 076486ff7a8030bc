#include "transport/proxy.hpp"

#include <gtest/gtest.h>

namespace batchai {
namespace {

const TransportOptions kOptions = {
    .http_proxy = "http://p:1", .https_proxy = "http://p:2", .no_proxy = "one.example, .two.example,three.example:443"};

std::string proxy(const std::string& url) { return proxy_for(kOptions, Url::parse(url)); }

TEST(Proxy, DependsOnTheScheme) {
  EXPECT_EQ(proxy("http://host.example/"), "http://p:1");
  EXPECT_EQ(proxy("https://host.example/"), "http://p:2");
}

TEST(Proxy, IsNotUsedForLoopback) {
  EXPECT_EQ(proxy("https://127.0.0.1:10010/"), "");
  EXPECT_EQ(proxy("https://localhost/"), "");
}

TEST(Proxy, IsNotUsedForTheMetadataService) { EXPECT_EQ(proxy("http://169.254.169.254/metadata"), ""); }

TEST(Proxy, IsNotUsedForWhatNoProxyNames) {
  EXPECT_EQ(proxy("https://one.example/"), "");
  EXPECT_EQ(proxy("https://deep.one.example/"), "");
  EXPECT_EQ(proxy("https://deep.two.example/"), "");
  EXPECT_EQ(proxy("https://three.example/"), "");
  EXPECT_EQ(proxy("https://notone.example/"), "http://p:2");
  TransportOptions none = kOptions;
  none.no_proxy = "*";
  EXPECT_EQ(proxy_for(none, Url::parse("https://host.example/")), "");
}

}  // namespace
}  // namespace batchai
