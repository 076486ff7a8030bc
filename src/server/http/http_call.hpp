#pragma once

#include "batchai/core/http.hpp"

#include <string>

namespace batchai::server {

/// One request of a program on this machine to the service that runs here.
struct HttpCall {
  std::string method;
  /// Absolute, http or https.
  std::string url;
  Headers headers = {};
  std::string body = {};
  /// PEM file of the authorities that the peer's certificate may come from; empty: those of the system.
  std::string ca_bundle = {};
};

struct HttpCallAnswer {
  int status = 0;
  std::string body;
};

/// Sends it over a connection of its own, and waits for the answer. Redirects are not followed. Throws
/// std::system_error where the service cannot be reached or its certificate is not trusted.
HttpCallAnswer http_call(const HttpCall& call);

}  // namespace batchai::server
