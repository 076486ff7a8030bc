#pragma once

#include "support/socket_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_certificate.hpp"

#include <atomic>
#include <csignal>
#include <fstream>

#include <openssl/ssl.h>

namespace batchai::test {

/// Shows a certificate of its own making, then answers every request with `hello`.
class TlsServer {
 public:
  explicit TlsServer(const Validity& validity = {}, Loopback loopback = Loopback::V4)
      : certificate_(validity),
        context_(SSL_CTX_new(TLS_server_method())),
        server_([this](Peer& peer) { serve(peer); }, loopback) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::string file = write("server.pem", certificate_.pem());
    SSL_CTX_use_certificate_file(context_.get(), file.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context_.get(), file.c_str(), SSL_FILETYPE_PEM);
  }

  SSL_CTX* context() { return context_.get(); }
  int connections() const { return server_.connections(); }
  /// Of the connections, those that went on with the session of an earlier one.
  int resumed() const { return resumed_; }
  std::string url() const { return "https" + server_.url().substr(std::string("http").size()); }
  std::string url_without_tls() const { return server_.url(); }
  /// What a client has to trust.
  std::string ca_bundle() const { return write("ca.pem", certificate_.certificate_pem()); }

 private:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  void serve(const Peer& peer) {
    const signing::OpensslPointer<SSL, SSL_free> connection(SSL_new(context_.get()));
    SSL_set_fd(connection.get(), peer.descriptor());
    if (SSL_accept(connection.get()) != 1) {
      return;
    }
    resumed_ += SSL_session_reused(connection.get());
    char request[4096];
    if (SSL_read(connection.get(), request, sizeof request) > 0) {
      const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
      SSL_write(connection.get(), answer.data(), static_cast<int>(answer.size()));
    }
    SSL_shutdown(connection.get());
  }

  TemporaryFolder folder_;
  TestCertificate certificate_;
  signing::OpensslPointer<SSL_CTX, SSL_CTX_free> context_;
  std::atomic<int> resumed_ = 0;
  SocketServer server_;
};

}  // namespace batchai::test
