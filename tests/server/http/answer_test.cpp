#include "server/http/echo_server.hpp"
#include "server/http/raw_client.hpp"

#include <atomic>
#include <cstdlib>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace batchai::server::test {
namespace {

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr const char* kHead = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";

Handler always(Response response) {
  return [response = std::move(response)](const Request&) { return response; };
}

/// An open file without a name, holding `content`.
int file_with(const std::string& content) {
  std::string name = ::testing::TempDir() + "body-XXXXXX";
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  EXPECT_GE(file, 0);
  ::unlink(name.c_str());
  EXPECT_EQ(::write(file, content.data(), content.size()), static_cast<ssize_t>(content.size()));
  return file;
}

std::string long_text(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) {
    text[i] = static_cast<char>('a' + i * 31 % 26 + i / 1000 % 7);
  }
  return text;
}

TEST(Answer, HasLengthDateAndServer) {
  EchoServer server({}, always({.body = "text"}));
  const auto answer = exchange(server.port(), kGet);
  EXPECT_EQ(answer->field("content-length"), "4");
  EXPECT_THAT(answer->field("date"), ::testing::EndsWith(" GMT"));
  EXPECT_EQ(answer->field("server"), "batchai");
}

TEST(Answer, WithoutBodySaysLengthZero) {
  EchoServer server({}, always({.status = 202}));
  EXPECT_EQ(exchange(server.port(), kGet)->field("content-length"), "0");
}

TEST(Answer, OfStatus204And304HasNoLength) {
  for (const int status : {204, 304}) {
    EchoServer server({}, always({.status = status, .body = "left out"}));
    RawClient client(server.port());
    client.send(std::string(kGet) + kGet);
    for (int i = 0; i < 2; ++i) {
      const auto answer = client.receive();
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->status(), status);
      EXPECT_EQ(answer->fields.count("content-length"), 0u);
    }
  }
}

TEST(Answer, ToHeadHasTheLengthOfGetAndNoBody) {
  EchoServer server({}, always({.body = "text"}));
  RawClient client(server.port());
  client.send(std::string(kHead) + kGet);
  const auto head = client.receive(true);
  EXPECT_EQ(head->field("content-length"), "4");
  EXPECT_EQ(client.receive()->body, "text");
}

TEST(Answer, ToHeadCanNameALengthOfItsOwn) {
  EchoServer server({}, always({.head_content_length = 5'000'000'000}));
  RawClient client(server.port());
  client.send(std::string(kHead) + kHead);
  EXPECT_EQ(client.receive(true)->field("content-length"), "5000000000");
  EXPECT_EQ(client.receive(true)->field("content-length"), "5000000000");
}

TEST(Answer, CarriesItsOwnReasonOnOneLine) {
  EchoServer server({}, always({.status = 404, .reason = "Not\r\nX-Evil: here", .headers = {{"X-A", "a\r\nX-B: b"}}}));
  const auto answer = exchange(server.port(), kGet);
  EXPECT_EQ(answer->status_line, "HTTP/1.1 404 Not  X-Evil: here");
  EXPECT_EQ(answer->field("x-a"), "a  X-B: b");
  EXPECT_EQ(answer->fields.count("x-b"), 0u);
}

TEST(Answer, LeavesFramingToTheListener) {
  EchoServer server({}, always({.headers = {{"Content-Length", "99"}, {"Transfer-Encoding", "chunked"}}, .body = "x"}));
  const auto answer = exchange(server.port(), kGet);
  EXPECT_EQ(answer->field("content-length"), "1");
  EXPECT_EQ(answer->fields.count("transfer-encoding"), 0u);
  EXPECT_EQ(answer->body, "x");
}

TEST(Answer, ClosesWhenTheHandlerWantsThat) {
  EchoServer server({}, always({.headers = {{"Connection", "close"}}, .body = "x"}));
  RawClient client(server.port());
  client.send(kGet);
  EXPECT_EQ(client.receive()->field("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Answer, SendsLargeBodiesWhole) {
  const std::string text = long_text(3'000'001);
  EchoServer server({}, always({.body = text}));
  EXPECT_TRUE(exchange(server.port(), kGet)->body == text);
}

TEST(Answer, SendsAPartOfAFileInPieces) {
  const std::string text = long_text(2'000'003);
  EchoServer server({}, [&text](const Request&) {
    return Response{.file = std::make_shared<FileBody>(file_with(text), 1'001, 1'500'000)};
  });
  RawClient client(server.port());
  client.send(std::string(kGet) + kHead + kGet);
  const auto first = client.receive();
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->body == text.substr(1'001, 1'500'000));
  EXPECT_EQ(client.receive(true)->field("content-length"), "1500000");
  EXPECT_TRUE(client.receive()->body == text.substr(1'001, 1'500'000));
}

TEST(Answer, SendsAnEmptyPartOfAFile) {
  EchoServer server(
      {}, [](const Request&) { return Response{.file = std::make_shared<FileBody>(file_with("abc"), 3, 0)}; });
  EXPECT_EQ(exchange(server.port(), kGet)->field("content-length"), "0");
}

TEST(Answer, CutsTheConnectionWhenAFileGotShorter) {
  EchoServer server({}, [](const Request&) {
    return Response{.file = std::make_shared<FileBody>(file_with(std::string(300'000, 'x')), 0, 600'000)};
  });
  EXPECT_FALSE(exchange(server.port(), kGet));
}

TEST(Answer, ToAFailedHandlerIsACleanErrorOfTheFace) {
  std::string told;
  ListenOptions options;
  options.refusal = [](int status, std::string_view message) {
    return Response{.status = status, .headers = {{"X-Api", "1"}}, .body = std::string(message)};
  };
  options.on_handler_failure = [&told](const Request& request, std::string_view what) {
    told = request.target + ": " + std::string(what);
  };
  EchoServer server(options, [](const Request&) -> Response { throw std::runtime_error("disk at /secret/place"); });
  RawClient client(server.port());
  client.send(std::string(kGet) + kGet);
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status_line, "HTTP/1.1 500 Internal Server Error");
    EXPECT_EQ(answer->field("x-api"), "1");
    EXPECT_THAT(answer->body, ::testing::Not(::testing::HasSubstr("secret")));
  }
  EXPECT_EQ(told, "/: disk at /secret/place");
}

TEST(Answer, ReachesManyConnectionsAtOnce) {
  EchoServer server;
  std::atomic<int> good = 0;
  std::vector<std::thread> peers;
  for (int peer = 0; peer < 16; ++peer) {
    peers.emplace_back([&, peer] {
      RawClient client(server.port());
      for (int i = 0; i < 25; ++i) {
        const std::string body(static_cast<std::size_t>(1 + 997 * i), static_cast<char>('a' + peer));
        client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                    body);
        const auto answer = client.receive();
        good += answer && answer->body == "POST /x [" + body + "]" ? 1 : 0;
      }
    });
  }
  for (std::thread& peer : peers) {
    peer.join();
  }
  EXPECT_EQ(good, 16 * 25);
}

}  // namespace
}  // namespace batchai::server::test
