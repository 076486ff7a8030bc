#pragma once

#include "batchai/core/transport.hpp"
#include "transport/session_slot.hpp"
#include "transport/trust.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <cpprest/http_client.h>

namespace batchai::inline v1 {

/// One connection to one origin, used by one request at a time.
struct Connection {
  std::shared_ptr<web::http::client::http_client> client;
  /// What it goes through, without user and password; empty: it goes straight to its origin.
  std::string proxy = {};
  /// Whether it has carried a request before, so that the peer may have closed it since.
  bool reused = false;
  /// What it has refused.
  std::shared_ptr<Distrust> distrust = {};
};

/// Lends connections. A cpprestsdk client keeps a pool of its own that hands out connections which the peer has closed
/// in the meantime; with one client a connection, the borrower knows whether that can be the reason of a failure.
/// Thread-safe.
class ConnectionPool {
 public:
  /// `certificates`: those to trust; null: the system's.
  ConnectionPool(TransportOptions options, TrustStore certificates);

  /// An idle connection, else a fresh one.
  Connection borrow(const Url& target);
  Connection fresh(const Url& target);
  /// After a request that went well.
  void give_back(const Url& target, Connection connection);

 private:
  struct Idle {
    Connection connection;
    std::chrono::steady_clock::time_point since;
  };

  std::shared_ptr<SessionSlot> session_of(const std::string& origin);

  TransportOptions options_;
  TrustStore certificates_;
  std::mutex mutex_;
  std::map<std::string, std::vector<Idle>> idle_;
  std::map<std::string, std::shared_ptr<SessionSlot>> sessions_;
};

}  // namespace batchai::inline v1
