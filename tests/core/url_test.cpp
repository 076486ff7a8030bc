#include "batchai/core/url.hpp"

#include "batchai/core/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

TEST(Url, KeepsPathAndQueryAsTheyAreOnTheWire) {
  const Url url = Url::parse("HTTPS://Example.COM:8443/a%2Fb%20c//d?x=%2B&y=+#part");
  EXPECT_EQ(url.origin(), "https://example.com:8443");
  EXPECT_EQ(url.target(), "/a%2Fb%20c//d?x=%2B&y=+");
  EXPECT_EQ(url.query_parameters(), (std::vector<std::pair<std::string, std::string>>{{"x", "+"}, {"y", " "}}));
}

TEST(Url, LeavesOutTheDefaultPort) {
  EXPECT_EQ(Url::parse("https://h:443").to_string(), "https://h/");
  EXPECT_EQ(Url::parse("http://h:443").to_string(), "http://h:443/");
  EXPECT_EQ(Url::parse("http://h").port(), 80);
}

TEST(Url, ReadsIpv6Hosts) {
  const Url url = Url::parse("http://[::1]:10010/x");
  EXPECT_EQ(url.host(), "::1");
  EXPECT_EQ(url.port(), 10010);
  EXPECT_EQ(url.authority(), "[::1]:10010");
  EXPECT_TRUE(url.is_loopback());
}

TEST(Url, KnowsAllSpellingsOfAnIpv6AddressForTheSame) {
  for (const char* text : {"https://[0:0:0:0:0:0:0:1]:8443", "https://[::0001]:8443/", "https://[0::1]:8443"}) {
    EXPECT_EQ(Url::parse(text).origin(), "https://[::1]:8443") << text;
  }
  EXPECT_EQ(Url::parse("http://[2001:DB8::A]").host(), "2001:db8::a");
  EXPECT_EQ(Url::parse("http://[fe80::1%25eth0]/x").to_string(), "http://[fe80::1%25eth0]/x");
}

TEST(Url, RefusesIpv6AddressesThatAreNone) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      Url::parse(text);
    } catch (const InvalidArgument& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(refusal("https://::1:8443/"),
            "'https://::1:8443/' is not a usable URL: an IPv6 address has to stand in brackets, as "
            "https://[::1]:10010");
  for (const char* text : {"https://[::1", "https://[::1]8443", "https://[::1]x:8443"}) {
    EXPECT_THAT(refusal(text), ::testing::HasSubstr("brackets of an IPv6 address have to be closed")) << text;
  }
  for (const char* text : {"https://[]", "https://[name]", "https://[127.0.0.1]", "https://[::1::]"}) {
    EXPECT_THAT(refusal(text), ::testing::HasSubstr("not an IPv6 address")) << text;
  }
}

TEST(Url, KnowsLoopback) {
  EXPECT_TRUE(Url::parse("http://127.3.4.5/").is_loopback());
  EXPECT_TRUE(Url::parse("http://localhost/").is_loopback());
  EXPECT_FALSE(Url::parse("http://127.0.0.1.example.com/").is_loopback());
  EXPECT_FALSE(Url::parse("http://10.0.0.1/").is_loopback());
}

TEST(Url, AppendsWithEncoding) {
  Url url = Url::parse("https://h/base/");
  url.append_segment("a b/ü").add_query("q", "1&2").add_query("$skiptoken", "x");
  EXPECT_EQ(url.to_string(), "https://h/base/a%20b%2F%C3%BC?q=1%262&$skiptoken=x");
}

TEST(Url, RefusesWhatIsNoUrlWithoutRepeatingTheQuery) {
  for (const char* text : {"", "h/path", "ftp://h/", "https://", "https://h:0/", "https://h:x/", "https://h/a b"}) {
    EXPECT_THROW(Url::parse(text), InvalidArgument) << text;
  }
  try {
    Url::parse("https://h:x/?sig=topsecret");
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(std::string(error.what()).find("topsecret"), std::string::npos);
  }
}

TEST(Url, RefusesUsersAndPasswordsWithoutRepeatingThem) {
  for (const char* text :
       {"https://user@host", "https://user:topsecret@host/a", "https://@host", "https://host@", "https://@",
        "https://good.example@evil.example/", "https://user:top@secret@host", "https://user@[::1]:1/",
        "ftp://user:topsecret@host", "https://user:topsecret@ho st", "user:topsecret@host"}) {
    try {
      Url::parse(text);
      ADD_FAILURE() << "accepted: " << text;
    } catch (const InvalidArgument& error) {
      EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos) << error.what();
    }
  }
  EXPECT_EQ(Url::parse("https://host/@a?b=c@d").target(), "/@a?b=c@d");
  EXPECT_EQ(Url::parse("https://host?c@d").host(), "host");
}

TEST(Url, DecodesOnlyWholeEscapes) {
  EXPECT_EQ(percent_decode("a%20b+c"), "a b+c");
  EXPECT_FALSE(percent_decode("%2"));
  EXPECT_FALSE(percent_decode("%zz"));
  EXPECT_EQ(percent_encode("a/b c~", "/"), "a/b%20c~");
}

}  // namespace
}  // namespace batchai::test
