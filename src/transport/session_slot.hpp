#pragma once

#include <memory>
#include <mutex>

#include <openssl/ssl.h>

namespace batchai::inline v1 {

/// The TLS session that one origin has given last, for the next connection to it: that one needs neither certificates
/// nor signatures. To be used only between connections that trust the same certificates. Thread-safe.
class SessionSlot {
 public:
  void keep(const SSL_SESSION* session);
  /// Does nothing once the handshake has begun, or where there is no session yet.
  void offer_to(SSL* connection) const;

 private:
  struct Free {
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  };
  using Session = std::unique_ptr<SSL_SESSION, Free>;

  mutable std::mutex mutex_;
  Session session_;
};

/// What the connections of the context are given goes into `slot`, which lives as long as they do.
void keep_sessions(SSL_CTX* context, std::shared_ptr<SessionSlot> slot);

}  // namespace batchai::inline v1
