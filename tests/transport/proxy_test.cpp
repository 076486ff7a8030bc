#include "transport/proxy.hpp"

#include "batchai/core/error.hpp"
#include "support/socket_server.hpp"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using test::Loopback;
using test::Peer;
using test::SocketServer;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const TransportOptions kOptions = {
    .http_proxy = "http://p:1", .https_proxy = "http://p:2", .no_proxy = "one.example, .two.example,three.example:443"};

std::string proxy(const std::string& url, const TransportOptions& options = kOptions) {
  const auto found = proxy_for(options, Url::parse(url));
  return found ? found->url.origin() : "";
}

TEST(Proxy, DependsOnTheScheme) {
  EXPECT_EQ(proxy("http://host.example/"), "http://p:1");
  EXPECT_EQ(proxy("https://host.example/"), "http://p:2");
}

TEST(Proxy, IsNotUsedForLoopback) {
  EXPECT_EQ(proxy("https://127.0.0.1:10010/"), "");
  EXPECT_EQ(proxy("https://[::1]:10010/"), "");
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
  EXPECT_EQ(proxy("https://host.example/", none), "");
}

TEST(Proxy, IsNotUsedForAddressesThatNoProxyNames) {
  TransportOptions options = kOptions;
  for (const char* entry : {"2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:8443", "2001:0DB8:0::1", "2001:db8::/32"}) {
    options.no_proxy = std::string("a.example, ") + entry;
    EXPECT_EQ(proxy("https://[2001:db8::1]:8443/", options), "") << entry;
    EXPECT_EQ(proxy("https://[2001:db9::1]:8443/", options), "http://p:2") << entry;
  }
  for (const char* entry : {"10.1.2.3", "10.1.2.3:443", "10.0.0.0/8", "10.1.2.0/23"}) {
    options.no_proxy = entry;
    EXPECT_EQ(proxy("https://10.1.2.3/", options), "") << entry;
    EXPECT_EQ(proxy("https://11.1.2.3/", options), "http://p:2") << entry;
  }
  for (const char* entry : {"2.3", "10.0.0.0/99", "10.0.0.0/x", "::/0", "", "["}) {
    options.no_proxy = entry;
    EXPECT_EQ(proxy("https://10.1.2.3/", options), "http://p:2") << entry;
  }
}

TEST(ProxyServer, MayHaveAnIpv6AddressAPasswordOrNothingButAHost) {
  const ProxyServer full = ProxyServer::parse("http://me:p%40ss@[::1]:3128/");
  EXPECT_EQ(full.url.origin(), "http://[::1]:3128");
  EXPECT_EQ(full.user, "me");
  EXPECT_EQ(full.password, "p@ss");
  EXPECT_EQ(ProxyServer::parse("[::1]:3128").url.port(), 3128);
  EXPECT_EQ(ProxyServer::parse("proxy").url.port(), 80);
  EXPECT_EQ(ProxyServer::parse("me@proxy:8080").user, "me");
}

TEST(ProxyServer, IsRefusedWithTheVariableButWithoutThePassword) {
  const auto refusal = [](const TransportOptions& options) -> std::string {
    try {
      make_network_transport(options);
    } catch (const InvalidArgument& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(refusal({.https_proxy = "http://me:secret@::1:80:80"}), "HTTPS_PROXY is not a URL, as http://HOST:PORT");
  EXPECT_EQ(refusal({.http_proxy = "socks5://h:1"}),
            "HTTP_PROXY names a SOCKS proxy; only HTTP proxies are supported, as http://HOST:PORT");
}

/// What the proxy is asked first.
std::string asked(const std::string& target, Loopback loopback) {
  std::promise<std::string> seen;
  SocketServer server(
      [&](Peer& peer) {
        seen.set_value(peer.read_head());
        peer.write("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
      },
      loopback);
  const std::string url = server.url();
  const auto transport = make_network_transport({.http_proxy = url, .https_proxy = url});
  try {
    transport->send({.method = "GET", .url = Url::parse(target)}, {});
  } catch (const TransportError&) {
    EXPECT_THAT(target, StartsWith("https"));
  }
  return seen.get_future().get();
}

TEST(Proxy, IsToldIpv6TargetsInBrackets) {
  const std::string plain = asked("http://[2001:db8::1]:8080/a%20b?c=d", Loopback::V4);
  EXPECT_THAT(plain, StartsWith("GET http://[2001:db8::1]:8080/a%20b?c=d HTTP/1.1\r\n"));
  EXPECT_THAT(plain, HasSubstr("Host:[2001:db8::1]:8080\r\n"));
  EXPECT_THAT(asked("https://[2001:db8::1]:8443/", Loopback::V4),
              StartsWith("CONNECT [2001:db8::1]:8443 HTTP/1.1\r\n"));
  EXPECT_THAT(asked("https://[2001:db8::1]/", Loopback::V4), StartsWith("CONNECT [2001:db8::1]:443 HTTP/1.1\r\n"));
}

TEST(Proxy, MayItselfBeReachedByIpv6) {
  if (!test::has_ipv6()) {
    GTEST_SKIP() << "this machine has no IPv6";
  }
  EXPECT_THAT(asked("http://host.example/x", Loopback::V6), StartsWith("GET http://host.example/x HTTP/1.1\r\n"));
  EXPECT_THAT(asked("https://host.example/x", Loopback::V6), StartsWith("CONNECT host.example:443 HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace batchai::test
