#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace batchai::test {

/// One accepted connection of a SocketServer.
class Peer {
 public:
  explicit Peer(int descriptor) : descriptor_(descriptor) {}

  int descriptor() const { return descriptor_; }

  /// Reads up to the end of one request (head and Content-Length body); empty when the client has hung up.
  std::string read_request() {
    for (;;) {
      const auto end = buffer_.find("\r\n\r\n");
      if (end != std::string::npos && buffer_.size() >= end + 4 + body_length(buffer_.substr(0, end))) {
        const std::size_t size = end + 4 + body_length(buffer_.substr(0, end));
        std::string request = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return request;
      }
      char chunk[65536];
      const ssize_t got = ::recv(descriptor_, chunk, sizeof chunk, 0);
      if (got <= 0) {
        return {};
      }
      buffer_.append(chunk, static_cast<std::size_t>(got));
    }
  }

  /// Reads up to the end of a head, for answers that have no body whatever their length says.
  std::string read_head() {
    for (;;) {
      const auto end = buffer_.find("\r\n\r\n");
      if (end != std::string::npos) {
        std::string head = buffer_.substr(0, end + 4);
        buffer_.erase(0, end + 4);
        return head;
      }
      char chunk[4096];
      const ssize_t got = ::recv(descriptor_, chunk, sizeof chunk, 0);
      if (got <= 0) {
        return {};
      }
      buffer_.append(chunk, static_cast<std::size_t>(got));
    }
  }

  /// Lets the connection end with a reset when it is closed.
  void reset() const {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }

  void write(const std::string& text) {
    for (std::size_t sent = 0; sent < text.size();) {
      const ssize_t count = ::send(descriptor_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) {
        return;
      }
      sent += static_cast<std::size_t>(count);
    }
  }

  /// Blocks until the client hangs up or the server stops.
  void wait_until_closed() {
    char byte = 0;
    while (::recv(descriptor_, &byte, 1, 0) > 0) {
    }
  }

 private:
  static std::size_t body_length(const std::string& head) {
    std::string lower;
    for (const char c : head) {
      lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    const auto at = lower.find("\ncontent-length:");
    return at == std::string::npos ? 0 : std::stoul(lower.substr(at + 16));
  }

  int descriptor_;
  std::string buffer_;
};

/// The address that a server listens on.
enum class Loopback { V4, V6 };

/// Whether this machine has IPv6.
inline bool has_ipv6() {
  const int probe = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 address{.sin6_family = AF_INET6};
  address.sin6_addr = in6addr_loopback;
  const bool bound = ::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  return bound;
}

/// A server on a free loopback port that treats every connection as the test says, each on a thread of its own. The
/// connection is closed when the function returns. Everything is closed and joined on destruction.
class SocketServer {
 public:
  explicit SocketServer(std::function<void(Peer&)> serve, Loopback loopback = Loopback::V4)
      : serve_(std::move(serve)), loopback_(loopback) {
    if (loopback == Loopback::V4) {
      sockaddr_in address{.sin_family = AF_INET};
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      listen(address);
      port_ = ntohs(address.sin_port);
    } else {
      sockaddr_in6 address{.sin6_family = AF_INET6};
      address.sin6_addr = in6addr_loopback;
      listen(address);
      port_ = ntohs(address.sin6_port);
    }
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~SocketServer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (const int connection : open_) {
        ::shutdown(connection, SHUT_RDWR);
      }
    }
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    for (auto& thread : threads_) {
      thread.join();
    }
  }

  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

  std::string url() const {
    return (loopback_ == Loopback::V4 ? "http://127.0.0.1:" : "http://[::1]:") + std::to_string(port_);
  }
  int connections() const { return connections_; }

 private:
  template <class Address>
  void listen(Address& address) {
    const int family = reinterpret_cast<const sockaddr&>(address).sa_family;
    listener_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t length = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      ::close(listener_);
      throw std::runtime_error("no loopback port to listen on");
    }
  }

  void accept_all() {
    for (;;) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) {
        return;
      }
      const std::lock_guard lock(mutex_);
      if (stopping_) {
        ::close(connection);
        return;
      }
      ++connections_;
      open_.push_back(connection);
      threads_.emplace_back([this, connection] { serve_one(connection); });
    }
  }

  void serve_one(int connection) {
    Peer peer(connection);
    serve_(peer);
    const std::lock_guard lock(mutex_);
    std::erase(open_, connection);
    ::close(connection);
  }

  std::function<void(Peer&)> serve_;
  const Loopback loopback_;
  int listener_ = -1;
  unsigned short port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  bool stopping_ = false;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace batchai::test
