#include "batchai/core/body.hpp"
#include "batchai/core/error.hpp"
#include "batchai/core/transport.hpp"
#include "support/socket_server.hpp"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr std::size_t kLarge = 3'000'000;

std::string text(std::size_t size) {
  std::string all(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    all[i] = static_cast<char>('a' + i * 7 % 23);
  }
  return all;
}

std::string answer(const std::string& body, const std::string& status = "200 OK") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class TextSource final : public BodySource {
 public:
  explicit TextSource(std::string all) : all_(std::move(all)) {}
  std::uint64_t size() const override { return all_.size(); }
  void read(std::uint64_t offset, std::span<char> into) const override {
    EXPECT_EQ(all_.copy(into.data(), into.size(), offset), into.size());
  }

 private:
  std::string all_;
};

class TextSink final : public BodySink {
 public:
  void write(std::uint64_t offset, std::string_view bytes) override {
    all.resize(offset);
    all.append(bytes);
  }
  std::string all;
};

class Broken final : public BodySource, public BodySink {
 public:
  std::uint64_t size() const override { return kLarge; }
  void read(std::uint64_t offset, std::span<char> into) const override {
    if (offset > 0) {
      throw Error("the disk is gone");
    }
    std::fill(into.begin(), into.end(), 'x');
  }
  void write(std::uint64_t, std::string_view) override { throw Error("the disk is full"); }
};

HttpRequest request_to(const SocketServer& server, const std::string& method) {
  return {.method = method, .url = Url::parse(server.url() + "/")};
}

std::shared_ptr<Transport> transport(std::chrono::milliseconds timeout = 30s) {
  return make_network_transport({.request_timeout = timeout});
}

TEST(Bodies, ASourceIsSent) {
  std::promise<std::string> seen;
  SocketServer server([&](Peer& peer) {
    seen.set_value(peer.read_request());
    peer.write(answer(""));
  });
  const TextSource source(text(kLarge));
  HttpRequest request = request_to(server, "PUT");
  request.source = &source;
  EXPECT_EQ(transport()->send(request, {}).status, 200);
  const std::string got = seen.get_future().get();
  EXPECT_THAT(got.substr(0, 1000), HasSubstr("Content-Length:3000000\r\n"));
  EXPECT_EQ(got.substr(got.find("\r\n\r\n") + 4), text(kLarge));
}

TEST(Bodies, ASourceIsReadFromItsBeginningWhenItIsSentAgain) {
  SocketServer server([](Peer& peer) {
    const std::string request = peer.read_request();
    peer.write(answer(request.ends_with(text(100'000)) ? "all" : "not all"));  // and hangs up without saying so
  });
  const auto network = transport();
  const TextSource source(text(100'000));
  HttpRequest request = request_to(server, "PUT");
  request.source = &source;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(network->send(request, {}).body, "all") << i;
  }
}

TEST(Bodies, WhatASourceThrowsEndsTheExchange) {
  SocketServer server([](Peer& peer) { peer.read_request(); });
  const Broken source;
  HttpRequest request = request_to(server, "PUT");
  request.source = &source;
  try {
    transport()->send(request, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the disk is gone");
  }
}

TEST(Bodies, ASinkTakesTheBodyOfASuccess) {
  SocketServer server([](Peer& peer) {
    peer.read_request();
    peer.write(answer(text(kLarge), "206 Partial Content"));
  });
  TextSink sink;
  HttpRequest request = request_to(server, "GET");
  request.sink = &sink;
  const HttpResponse response = transport()->send(request, {});
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.sunk, kLarge);
  EXPECT_EQ(sink.all, text(kLarge));
}

TEST(Bodies, ASinkDoesNotTakeWhatAnErrorSays) {
  SocketServer server([](Peer& peer) {
    peer.read_request();
    peer.write(answer("<Error/>", "404 Not Found"));
  });
  TextSink sink;
  HttpRequest request = request_to(server, "GET");
  request.sink = &sink;
  const HttpResponse response = transport()->send(request, {});
  EXPECT_EQ(response.body, "<Error/>");
  EXPECT_EQ(response.sunk, 0);
  EXPECT_EQ(sink.all, "");
}

TEST(Bodies, WhatASinkThrowsEndsTheExchange) {
  SocketServer server([](Peer& peer) {
    peer.read_request();
    peer.write(answer(text(kLarge)));
  });
  Broken sink;
  HttpRequest request = request_to(server, "GET");
  request.sink = &sink;
  try {
    transport()->send(request, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the disk is full");
  }
}

TEST(Bodies, ASinkIsLeftAloneWhenTheTimeIsUp) {
  std::promise<void> ended;
  SocketServer server([&](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n" + text(1'000'000));
    ended.get_future().wait();
    peer.write(text(kLarge));
  });
  auto sink = std::make_unique<TextSink>();
  HttpRequest request = request_to(server, "GET");
  request.sink = sink.get();
  EXPECT_THROW(transport(200ms)->send(request, {}), TransportError);
  sink.reset();  // the address sanitizer would see a late write
  ended.set_value();
}

}  // namespace
}  // namespace batchai::test
