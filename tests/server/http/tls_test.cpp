#include "server/http/awaited_changes.hpp"
#include "server/http/echo_server.hpp"
#include "server/http/raw_client.hpp"
#include "server/identity/tls_material.hpp"
#include "support/eventually.hpp"
#include "support/temporary_folder.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string_view>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace batchai::server::test {
namespace {

struct SslFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

/// A TLS connection to the loopback address that trusts one root only.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, const std::filesystem::path& ca, const std::string& name, int newest = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method())), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    SSL_CTX_set_max_proto_version(context_.get(), newest);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    EXPECT_EQ(SSL_CTX_load_verify_file(context_.get(), ca.c_str()), 1);
    ssl_.reset(SSL_new(context_.get()));
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), name.c_str());
    SSL_set_fd(ssl_.get(), socket_);
  }
  ~TlsClient() {
    ssl_.reset();
    ::close(socket_);
  }

  void resume(SSL_SESSION* session) { SSL_set_session(ssl_.get(), session); }
  bool handshake() { return SSL_connect(ssl_.get()) == 1; }
  bool has_resumed() { return SSL_session_reused(ssl_.get()) == 1; }
  /// Of this connection, once something has been read from it.
  std::shared_ptr<SSL_SESSION> session() { return {SSL_get1_session(ssl_.get()), SSL_SESSION_free}; }
  std::string exchange(const std::string& request) {
    SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size()));
    return read_all();
  }
  /// Until the peer closes.
  std::string read_all() {
    std::string result;
    std::array<char, 16384> piece;
    for (int got = 0; (got = SSL_read(ssl_.get(), piece.data(), piece.size())) > 0;) {
      result.append(piece.data(), static_cast<std::size_t>(got));
    }
    closed_cleanly_ = (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    return result;
  }
  bool closed_cleanly() const { return closed_cleanly_; }
  /// The record that `request` would be sent as.
  std::string record_of(const std::string& request) {
    BIO* memory = BIO_new(BIO_s_mem());
    SSL_set0_wbio(ssl_.get(), memory);
    SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size()));
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory, &bytes);
    std::string record(bytes, static_cast<std::size_t>(size));
    SSL_set0_wbio(ssl_.get(), BIO_new_socket(socket_, BIO_NOCLOSE));
    return record;
  }
  void send_raw(std::string_view bytes) {
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }

 private:
  std::unique_ptr<SSL_CTX, SslFree> context_;
  std::unique_ptr<SSL, SslFree> ssl_;
  int socket_;
  bool closed_cleanly_ = false;
};

class Tls : public ::testing::Test {
 protected:
  ListenOptions options(ListenLimits limits = {}) const {
    return {.tls = TlsFiles{files_.certificate_chain, files_.private_key}, .limits = limits};
  }

  batchai::test::TemporaryFolder folder_;
  TlsMaterial files_ = ensure_tls_material(folder_.path(), "127.0.0.1",
                                           std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()));
};

TEST_F(Tls, ServesAPeerThatTrustsTheRootAndEndsCleanly) {
  EchoServer server(options());
  TlsClient client(server.port(), files_.ca, "127.0.0.1");
  ASSERT_TRUE(client.handshake());
  const std::string body(700'000, 'x');
  const std::string answer = client.exchange("POST /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " +
                                             std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_THAT(answer.substr(0, 15), ::testing::StartsWith("HTTP/1.1 200 OK"));
  EXPECT_TRUE(answer.ends_with("POST /x [" + body + "]"));
  EXPECT_TRUE(client.closed_cleanly());
}

TEST_F(Tls, TellsTheHandler) {
  bool over_tls = false;
  EchoServer server(options(), [&over_tls](const Request& request) {
    over_tls = request.over_tls;
    return Response{};
  });
  TlsClient client(server.port(), files_.ca, "127.0.0.1");
  ASSERT_TRUE(client.handshake());
  client.exchange("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(over_tls);
}

TEST_F(Tls, RefusesVersionsBefore12) {
  EchoServer server(options());
  TlsClient client(server.port(), files_.ca, "127.0.0.1", TLS1_1_VERSION);
  EXPECT_FALSE(client.handshake());
}

TEST_F(Tls, ResumesSessions) {
  constexpr const char* kRequest = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  EchoServer server(options());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient first(server.port(), files_.ca, "127.0.0.1", version);
    ASSERT_TRUE(first.handshake());
    first.exchange(kRequest);
    EXPECT_FALSE(first.has_resumed());
    const auto session = first.session();
    TlsClient second(server.port(), files_.ca, "127.0.0.1", version);
    second.resume(session.get());
    ASSERT_TRUE(second.handshake());
    EXPECT_TRUE(second.has_resumed()) << version;
    EXPECT_THAT(second.exchange(kRequest), ::testing::StartsWith("HTTP/1.1 200 OK"));
  }
}

TEST_F(Tls, HasACertificateForItsAddressesOnly) {
  EchoServer server(options());
  TlsClient client(server.port(), files_.ca, "10.9.8.7");
  EXPECT_FALSE(client.handshake());
}

TEST_F(Tls, ClosesAConnectionThatDoesNotShakeHands) {
  EchoServer server(options({.head_time = std::chrono::milliseconds(100)}));
  RawClient client(server.port());
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST_F(Tls, AnswersARequestThatHasWaited) {
  AwaitedChanges changes(1);
  EchoServer server(options(), [&changes](const Request& request) {
    auto change = request.may_wait ? changes.next("k") : nullptr;
    return change ? Response{.awaits = change, .wait_time = std::chrono::minutes(10)} : echo(request);
  });
  TlsClient client(server.port(), files_.ca, "127.0.0.1");
  ASSERT_TRUE(client.handshake());
  auto answer = std::async(std::launch::async, [&client] {
    return client.exchange("GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  });
  ASSERT_TRUE(batchai::test::eventually([&changes] { return changes.size() == 1; }));
  changes.note("k");  // the handler lets it wait again
  ASSERT_TRUE(batchai::test::eventually([&changes] { return changes.size() == 1; }));
  server.server().stop(std::chrono::seconds(60));
  EXPECT_THAT(answer.get(), ::testing::HasSubstr("GET /x []"));
}

TEST_F(Tls, LooksAgainWhileARecordArrivesInPieces) {
  AwaitedChanges changes(1);
  std::atomic<int> calls = 0;
  EchoServer server(options(), [&](const Request& request) {
    ++calls;
    auto change = request.may_wait && request.path == "/x" ? changes.next("k") : nullptr;
    return change ? Response{.awaits = change, .wait_time = std::chrono::minutes(10)} : echo(request);
  });
  TlsClient client(server.port(), files_.ca, "127.0.0.1");
  ASSERT_TRUE(client.handshake());
  client.send_raw(client.record_of("GET /x HTTP/1.1\r\nHost: h\r\n\r\n"));
  const std::string next =
      client.record_of("GET /y HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: " + std::string(2000, 'x') + "\r\n\r\n");
  for (int i = 0; i < static_cast<int>(next.size()) - 1; ++i) {
    ASSERT_TRUE(batchai::test::eventually([&] { return calls == i + 1 && changes.size() == 1; })) << "byte " << i;
    const auto byte = std::string_view(next).substr(static_cast<std::size_t>(i), 1);
    auto noted = std::async(std::launch::async, [&] { changes.note("k"); });  // the handler lets it wait again
    client.send_raw(byte);
  }
  client.send_raw(std::string_view(next).substr(next.size() - 1));
  server.server().stop(std::chrono::seconds(60));
  EXPECT_THAT(client.read_all(), ::testing::HasSubstr("GET /x []"));
}

TEST_F(Tls, StopsWithIdleConnectionsAtOnce) {
  EchoServer server(options());
  TlsClient client(server.port(), files_.ca, "127.0.0.1");
  ASSERT_TRUE(client.handshake());
  const auto begin = std::chrono::steady_clock::now();
  server.server().stop(std::chrono::seconds(60));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

}  // namespace
}  // namespace batchai::server::test
