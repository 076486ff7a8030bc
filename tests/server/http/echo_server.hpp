#pragma once

#include "server/http/http_server.hpp"

namespace batchai::server::test {

/// Tells in its body what arrived: `METHOD target [body]`.
inline Response echo(const Request& request) {
  return {.headers = {{"Content-Type", "text/plain"}},
          .body = request.method + " " + request.target + " [" + request.body + "]"};
}

/// A listener on a free port of the loopback address, started.
class EchoServer {
 public:
  explicit EchoServer(ListenOptions options = {}, Handler handler = echo)
      : server_(std::move(options), std::move(handler)) {
    server_.start();
  }
  std::uint16_t port() const { return server_.port(); }
  HttpServer& server() { return server_; }

 private:
  HttpServer server_;
};

}  // namespace batchai::server::test
