#pragma once

#include "batchai/core/transport.hpp"

#include <string>

namespace batchai {

/// The proxy that requests to `target` go through, as the options say; empty: none. Loopback is never proxied.
std::string proxy_for(const TransportOptions& options, const Url& target);

}  // namespace batchai
