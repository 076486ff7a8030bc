#include "server/http/echo_server.hpp"
#include "server/http/raw_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

struct BadRequest {
  std::string name;
  std::string text;
  int status;
};

void PrintTo(const BadRequest& request, std::ostream* out) { *out << request.name; }

class Refused : public ::testing::TestWithParam<BadRequest> {};

TEST_P(Refused, IsAnsweredAndTheConnectionClosed) {
  EchoServer server;
  RawClient client(server.port());
  // What follows would be a second request if the framing were believed.
  ASSERT_TRUE(client.send(GetParam().text + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"));
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status(), GetParam().status) << answer->status_line;
  EXPECT_EQ(answer->field("connection"), "close");
  EXPECT_FALSE(answer->body.empty());
  client.finish_sending();
  EXPECT_EQ(client.receive_all(), "");
}

INSTANTIATE_TEST_SUITE_P(
    Requests, Refused,
    ::testing::Values(
        BadRequest{"TwoLengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                   400},
        BadRequest{"TwoEqualLengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                   400},
        BadRequest{"LengthList", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 3\r\n\r\nabc", 400},
        BadRequest{"NegativeLength", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -3\r\n\r\n", 400},
        BadRequest{"SignedLength", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\nabc", 400},
        BadRequest{"HugeLength", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\n", 400},
        BadRequest{"LengthThenCoding",
                   "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                   400},
        BadRequest{"CodingThenLength",
                   "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                   400},
        BadRequest{
            "TwoCodings",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            400},
        BadRequest{"ForeignCoding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                   501},
        BadRequest{"CodingInOldVersion", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                   400},
        BadRequest{"FoldedField", "GET / HTTP/1.1\r\nHost: h\r\nX-A: one\r\n two\r\n\r\n", 400},
        BadRequest{"FoldedByTab", "GET / HTTP/1.1\r\nHost: h\r\nX-A: one\r\n\ttwo\r\n\r\n", 400},
        BadRequest{"BlankBeforeColon", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\n", 400},
        BadRequest{"BareLineFeed", "GET / HTTP/1.1\nHost: h\r\n\r\n", 400},
        BadRequest{"OnlyLineFeeds", "GET / HTTP/1.1\nHost: h\n\n", 400},
        BadRequest{"NulInField", std::string("GET / HTTP/1.1\r\nHost: h\r\nX-A: a\0b\r\n\r\n", 37), 400},
        BadRequest{"NoVersion", "GET /\r\nHost: h\r\n\r\n", 400},
        BadRequest{"TooNewVersion", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 400},
        BadRequest{"NoMethod", " / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        BadRequest{"BlankInTarget", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        BadRequest{"TargetWithoutSlash", "GET a HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        BadRequest{"Fragment", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        BadRequest{"Connect", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        BadRequest{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
        BadRequest{"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        BadRequest{"Expectation", "PUT / HTTP/1.1\r\nHost: h\r\nExpect: miracle\r\nContent-Length: 0\r\n\r\n", 417},
        BadRequest{"BadChunkSize", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400},
        BadRequest{"ChunkLongerThanSaid",
                   "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400},
        BadRequest{"Garbage", "\x16\x03\x01\x02\r\n\r\n", 400}),
    [](const auto& each) { return each.param.name; });

TEST(Framing, ReadsBodiesByLength) {
  EchoServer server;
  const auto answer = exchange(server.port(), "POST /a?b=c HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\nhello");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status_line, "HTTP/1.1 200 OK");
  EXPECT_EQ(answer->body, "POST /a?b=c [hello]");
}

TEST(Framing, ReadsChunkedBodiesWithExtensionsAndTrailers) {
  EchoServer server;
  RawClient client(server.port());
  client.send(
      "PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n"
      "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.receive()->body, "PUT /c [hello world]");
  EXPECT_EQ(client.receive()->body, "GET /next []");
}

TEST(Framing, ReadsRequestsThatArriveByteByByte) {
  EchoServer server;
  RawClient client(server.port());
  for (const char byte : std::string("\r\nPOST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok")) {
    ASSERT_TRUE(client.send(std::string_view(&byte, 1)));
  }
  EXPECT_EQ(client.receive()->body, "POST /slow [ok]");
}

TEST(Framing, AnswersPipelinedRequestsInOrder) {
  EchoServer server;
  RawClient client(server.port());
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx";
  }
  client.send(requests);
  for (int i = 0; i < 50; ++i) {
    const auto answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "POST /" + std::to_string(i) + " [x]");
  }
}

TEST(Framing, KeepsTheConnectionUnlessToldOtherwise) {
  EchoServer server;
  RawClient client(server.port());
  client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.receive()->field("connection"), "");
  client.send("GET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.receive()->field("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Framing, ClosesAfterAnOldRequestUnlessItAsksToKeep) {
  EchoServer server;
  RawClient client(server.port());
  client.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.receive()->field("connection"), "keep-alive");
  client.send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.receive()->field("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Framing, TakesTheAbsoluteFormOfTargets) {
  EchoServer server;
  EXPECT_EQ(exchange(server.port(), "GET http://h:1/a?b HTTP/1.1\r\nHost: h\r\n\r\n")->body, "GET /a?b []");
  EXPECT_EQ(exchange(server.port(), "GET HTTPS://h HTTP/1.1\r\nHost: h\r\n\r\n")->body, "GET / []");
  EXPECT_EQ(exchange(server.port(), "GET http://h?q HTTP/1.1\r\nHost: h\r\n\r\n")->body, "GET /?q []");
}

TEST(Framing, InvitesTheBodyOfWhoeverWaitsForThat) {
  EchoServer server;
  RawClient client(server.port());
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nexpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(client.receive()->status_line, "HTTP/1.1 100 Continue");
  client.send("body");
  EXPECT_EQ(client.receive()->body, "PUT /x [body]");
}

TEST(Framing, AnswersAWaitingRequestWithoutBodyAtOnce) {
  EchoServer server;
  RawClient client(server.port());
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nexpect: 100-continue\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.receive()->status(), 200);
}

TEST(Framing, GivesTheHandlerFieldsParametersAndPeer) {
  Request seen;
  EchoServer server({}, [&seen](const Request& request) {
    seen = request;
    return Response{};
  });
  exchange(server.port(), "GET /p%20q?A=1+2&b=%C3%BC&a=3&n HTTP/1.1\r\nHost: h\r\ncookie:\r\nX-One: 1\r\n\r\n");
  EXPECT_EQ(seen.path, "/p%20q");
  EXPECT_EQ(seen.query, "A=1+2&b=%C3%BC&a=3&n");
  ASSERT_NE(seen.query_parameter("a"), nullptr);
  EXPECT_EQ(*seen.query_parameter("a"), "1 2");
  EXPECT_EQ(*seen.query_parameter("B"), "\xC3\xBC");
  EXPECT_EQ(*seen.query_parameter("n"), "");
  EXPECT_EQ(seen.query_parameter("m"), nullptr);
  EXPECT_EQ(seen.headers.get("x-one"), "1");
  EXPECT_TRUE(seen.headers.contains("Cookie"));
  EXPECT_EQ(seen.remote_address, "127.0.0.1");
  EXPECT_FALSE(seen.over_tls);
  EXPECT_EQ(seen.request_id.size(), 36u);
}

}  // namespace
}  // namespace batchai::server::test
