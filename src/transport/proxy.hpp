#pragma once

#include "batchai/core/transport.hpp"

#include <optional>
#include <string>

namespace batchai::inline v1 {

/// A proxy as HTTPS_PROXY and its like name it: `http://USER:PASSWORD@HOST:PORT`, of which only the host is needed.
struct ProxyServer {
  /// Without user and password, so that it may be shown.
  Url url = {};
  /// Decoded.
  std::string user = {};
  std::string password = {};

  /// Throws InvalidArgument for what is no URL, and for a proxy that does not speak HTTP.
  static ProxyServer parse(const std::string& text);
};

/// The proxy that requests to `target` go through, as the options say; nothing: none. Loopback is never proxied.
std::optional<ProxyServer> proxy_for(const TransportOptions& options, const Url& target);

}  // namespace batchai::inline v1
