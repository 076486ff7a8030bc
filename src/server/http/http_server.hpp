#pragma once

#include "server/http/listen_options.hpp"
#include "server/http/listener_counters.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace batchai::server {

/// The address cannot be listened on, or the TLS files cannot be used; what() names both and the reason.
class ListenError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// HTTP/1.1 (RFC 9112) over TCP or TLS 1.2 and later. Requests whose framing could be read in two ways are refused
/// and the connection closed: two lengths, a length beside a transfer coding, folded fields, bare line feeds.
class HttpServer {
 public:
  HttpServer(ListenOptions options, Handler handler);
  /// As stop() without grace.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Takes the address: from now on peers can connect, and wait until start(). Throws ListenError. Once only.
  void listen();
  /// Returns when connections are served. Calls listen() unless that was done. Throws ListenError. Once only.
  void start();
  /// The port that is listened on. After listen().
  std::uint16_t port() const;
  /// Accepts no more connections, closes idle ones, lets running requests finish for `grace`, then aborts the rest. A
  /// handler that runs is waited for in any case. Idempotent.
  void stop(std::chrono::milliseconds grace);
  /// Ends all connections now, and with that the grace of a stop() that runs in another thread.
  void cut();

  const ListenerCounters& counters() const;
  /// Open connections.
  std::size_t connections() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace batchai::server
