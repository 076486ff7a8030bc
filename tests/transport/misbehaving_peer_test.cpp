#include "batchai/core/transport.hpp"
#include "batchai/core/transport_failure.hpp"
#include "support/socket_server.hpp"
#include "transport/exchange.hpp"
#include "transport/tls_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;
using test::Loopback;
using test::Peer;
using test::SocketServer;
using test::TlsServer;
using ::testing::HasSubstr;

struct Told {
  std::string text = "nothing failed";
  TransportFailure failure = TransportFailure::Unreachable;
};

Told ask(const std::string& url, const TransportOptions& options = {}) {
  try {
    make_network_transport(options)->send({.method = "GET", .url = Url::parse(url)}, {});
  } catch (const TransportError& error) {
    EXPECT_EQ(error.endpoint(), Url::parse(url).origin());
    return {error.what(), failure_of(error)};
  }
  return {};
}

/// A peer that reads a request and then does as it likes.
struct Misbehaviour {
  std::string name;
  std::function<void(Peer&)> act;
  TransportFailure failure;
  /// With PEER where its URL stands.
  std::string text;
};

std::ostream& operator<<(std::ostream& out, const Misbehaviour& misbehaviour) { return out << misbehaviour.name; }

std::function<void(Peer&)> writes(const std::string& text) {
  return [text](Peer& peer) { peer.write(text); };
}

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const std::string kNoAnswer = "no answer from PEER: it closed the connection without a whole answer";
const std::string kNoLength = "the answer of PEER is broken: its Content-Length is no length";
const std::string kCut = "the answer of PEER is broken: it closed the connection before the end of the body";

const std::vector<Misbehaviour> kMisbehaviours = {
    {"closes", [](Peer&) {}, TransportFailure::Disconnected, kNoAnswer},
    {"resets", [](Peer& peer) { peer.reset(); }, TransportFailure::Disconnected,
     "no answer from PEER: it reset the connection without a whole answer"},
    {"closes in the status line", writes("HTTP/1.1 20"), TransportFailure::Disconnected, kNoAnswer},
    {"closes in the head", writes(kHead + "Content-Le"), TransportFailure::Disconnected, kNoAnswer},
    {"closes in the body", writes(kHead + "Content-Length: 100\r\n\r\n{\"value\":"), TransportFailure::BrokenAnswer,
     kCut},
    {"closes before the body", writes(kHead + "Content-Length: 100\r\n\r\n"), TransportFailure::BrokenAnswer, kCut},
    {"closes in a chunk", writes(kHead + "Transfer-Encoding: chunked\r\n\r\n20\r\n{\"value\":"),
     TransportFailure::BrokenAnswer, kCut},
    {"closes between chunks", writes(kHead + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
     TransportFailure::BrokenAnswer, kCut},
    {"resets in the body",
     [](Peer& peer) {
       peer.write(kHead + "Content-Length: 1000000\r\n\r\n" + std::string(100'000, 'x'));
       peer.reset();
     },
     TransportFailure::BrokenAnswer,
     "the answer of PEER is broken: it reset the connection before the end of the body"},
    {"sends a length below zero", writes(kHead + "Content-Length: -5\r\n\r\n{}"), TransportFailure::BrokenAnswer,
     kNoLength},
    {"sends two lengths", writes(kHead + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
     TransportFailure::BrokenAnswer, kNoLength},
    {"sends a chunk without length", writes(kHead + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
     TransportFailure::BrokenAnswer,
     "the answer of PEER is broken: its body comes in chunks, one of which has no valid length"},
    {"speaks another protocol", writes("SSH-2.0-OpenSSH_9.2\r\n\r\n"), TransportFailure::NoHttp,
     "no answer from PEER: what answers there does not speak HTTP"},
    {"sends nonsense", writes(std::string("\0\1\2\3\xff\r\n\r\n", 9)), TransportFailure::NoHttp,
     "no answer from PEER: what answers there does not speak HTTP"}};

class MisbehavingPeer : public ::testing::TestWithParam<Misbehaviour> {};

TEST_P(MisbehavingPeer, IsToldWithTheCause) {
  SocketServer server([](Peer& peer) {
    peer.read_request();
    GetParam().act(peer);
  });
  const Told told = ask(server.url());
  std::string expected = GetParam().text;
  expected.replace(expected.find("PEER"), 4, server.url());
  EXPECT_EQ(told.text, expected);
  EXPECT_EQ(told.failure, GetParam().failure);
}

INSTANTIATE_TEST_SUITE_P(All, MisbehavingPeer, ::testing::ValuesIn(kMisbehaviours));

std::string as_https(const SocketServer& server) { return "https" + server.url().substr(4); }

TEST(Peer, WithoutTlsAtAnHttpsUrlIsToldAsSuch) {
  SocketServer server([](Peer& peer) { peer.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"); });
  const Told told = ask(as_https(server));
  EXPECT_EQ(told.text, "no answer from " + as_https(server) + ": what answers there does not speak TLS");
  EXPECT_EQ(told.failure, TransportFailure::NoTls);
}

TEST(Peer, ThatHangsUpInTheHandshakeIsToldAsSuch) {
  SocketServer server([](Peer&) {});
  const Told told = ask(as_https(server));
  EXPECT_THAT(told.text, ::testing::MatchesRegex(".*: it (closed|reset) the connection in the TLS handshake"));
  EXPECT_EQ(told.failure, TransportFailure::Disconnected);
}

TEST(Peer, ThatRefusesTheHandshakeIsToldInOpensslsWords) {
  TlsServer server({.names = "IP:127.0.0.1"});
  SSL_CTX_set_max_proto_version(server.context(), TLS1_1_VERSION);
  SSL_CTX_set_security_level(server.context(), 0);
  const Told told = ask(server.url(), {.ca_bundle = server.ca_bundle()});
  EXPECT_THAT(told.text, HasSubstr("no TLS connection could be agreed on: "));
  EXPECT_THAT(told.text, HasSubstr("protocol version"));
  EXPECT_EQ(told.failure, TransportFailure::Tls);
}

TEST(Peer, WithTlsAtAnHttpUrlGivesNoWholeAnswer) {
  const TlsServer server;
  const Told told = ask(server.url_without_tls());
  EXPECT_THAT(told.text, ::testing::MatchesRegex(".*: it (closed|reset) the connection without a whole answer"));
  EXPECT_EQ(told.failure, TransportFailure::Disconnected);
}

TEST(Peer, ThatDoesNotListenIsToldAsSuch) {
  std::string url;
  {
    const SocketServer gone([](Peer&) {});
    url = gone.url();
  }
  const Told told = ask(url);
  EXPECT_EQ(told.text, "no answer from " + url + ": no connection could be made: nothing listens there");
  EXPECT_EQ(told.failure, TransportFailure::Unreachable);
}

TEST(Peer, ThatIsSilentIsToldWithTheTime) {
  SocketServer server([](Peer& peer) { peer.wait_until_closed(); });
  const Told told = ask(server.url(), {.request_timeout = 1s});
  EXPECT_EQ(told.text, "no answer from " + server.url() + ": no whole answer came within 1 s");
  EXPECT_EQ(told.failure, TransportFailure::TimedOut);
}

TEST(Peer, WhoseNameNobodyHasIsToldAsSuch) {
  const Told told = ask("http://no-such-host.invalid/");
  EXPECT_THAT(told.text, HasSubstr("'no-such-host.invalid'"));
  EXPECT_THAT(told.text, ::testing::AnyOf(HasSubstr("no host has the name"), HasSubstr("cannot be looked up")));
}

TEST(Peer, ByIpv6AnswersRequestsWithItsAddressInBrackets) {
  if (!test::has_ipv6()) {
    GTEST_SKIP() << "this machine has no IPv6";
  }
  std::string request;
  SocketServer server(
      [&](Peer& peer) {
        request = peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
      },
      Loopback::V6);
  const auto answer =
      make_network_transport({})->send({.method = "GET", .url = Url::parse(server.url() + "/a?b=c")}, {});
  EXPECT_EQ(answer.body, "hello");
  EXPECT_THAT(request, HasSubstr("GET /a?b=c HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Host:" + server.url().substr(std::string("http://").size()) + "\r\n"));
}

// Too large an answer.

constexpr std::size_t kLimit = 1U << 20U;

HttpResponse take(const SocketServer& server) {
  make_network_transport({});  // sets the threads up
  Connection connection = ConnectionPool({}, nullptr).fresh(Url::parse(server.url()));
  return exchange(connection, {.method = "GET", .url = Url::parse(server.url())}, {},
                  {.timeout = 30s, .largest_answer = kLimit});
}

class LargeAnswer : public ::testing::TestWithParam<std::string> {};

TEST_P(LargeAnswer, IsRefusedAndNotTakenToItsEnd) {
  SocketServer server([&](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n" + GetParam() + "\r\n\r\n");
    const std::string piece =
        GetParam().starts_with("Transfer") ? "10000\r\n" + std::string(65536, 'x') + "\r\n" : std::string(65536, 'x');
    for (int i = 0; i < 4096; ++i) {
      peer.write(piece);
    }
  });
  try {
    take(server);
    FAIL() << "taken";
  } catch (const ProtocolError& error) {
    EXPECT_EQ(std::string(error.what()), "the answer of " + server.url() + " is refused: it is larger than 1 MiB");
  }
}

INSTANTIATE_TEST_SUITE_P(Lengths, LargeAnswer,
                         ::testing::Values("Content-Length: 268435456", "Transfer-Encoding: chunked",
                                           "Connection: close"));

TEST(LargeAnswers, OfJustTheLimitAreTaken) {
  SocketServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kLimit) + "\r\n\r\n" + std::string(kLimit, 'x'));
  });
  EXPECT_EQ(take(server).body.size(), kLimit);
}

// Proxies.

Told ask_through(const std::string& url, const std::function<void(Peer&)>& act, std::string& proxy) {
  SocketServer server([&](Peer& peer) {
    peer.read_head();
    act(peer);
  });
  proxy = server.url();
  const std::string with_user = "http://me:secret@" + proxy.substr(std::string("http://").size());
  return ask(url, {.http_proxy = with_user, .https_proxy = with_user});
}

TEST(BadProxy, ThatWantsAPasswordIsToldAsSuch) {
  for (const std::string url : {"http://host.example", "https://host.example"}) {
    std::string proxy;
    const Told told =
        ask_through(url, writes("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"), proxy);
    EXPECT_EQ(told.text,
              "no answer from " + url + ": the proxy " + proxy + " asks for a user name and a password (status 407)");
    EXPECT_EQ(told.failure, TransportFailure::Proxy);
  }
}

TEST(BadProxy, ThatRefusesTheTargetIsToldWithItsStatus) {
  std::string proxy;
  const Told told = ask_through("https://host.example", writes("HTTP/1.1 403 Forbidden\r\n\r\n"), proxy);
  EXPECT_EQ(told.text,
            "no answer from https://host.example: the proxy " + proxy + " does not let requests through (status 403)");
}

TEST(BadProxy, ThatHangsUpIsToldAsSuch) {
  std::string proxy;
  const Told told = ask_through(
      "https://host.example", [](Peer&) {}, proxy);
  EXPECT_EQ(told.text, "no answer from https://host.example: the proxy " + proxy +
                           " cannot be used: it closed the connection without a whole answer");
}

TEST(BadProxy, ThatSpeaksNoHttpIsToldAsSuch) {
  std::string proxy;
  const Told told = ask_through("https://host.example", writes("nonsense\r\n\r\n"), proxy);
  EXPECT_THAT(told.text, HasSubstr("cannot be used: what answers there does not speak HTTP"));
}

TEST(BadProxy, ThatIsNotThereIsTold) {
  std::string proxy;
  {
    const SocketServer gone([](Peer&) {});
    proxy = gone.url();
  }
  for (const std::string url : {"http://host.example", "https://host.example"}) {
    const Told told = ask(url, {.http_proxy = proxy, .https_proxy = proxy});
    EXPECT_EQ(told.text, "no answer from " + url + ": the proxy " + proxy +
                             " cannot be used: no connection could be made: nothing listens there");
    EXPECT_EQ(told.failure, TransportFailure::Proxy);
  }
}

}  // namespace
}  // namespace batchai::test
