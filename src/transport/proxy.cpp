#include "transport/proxy.hpp"

#include <string_view>

namespace batchai {
namespace {

/// Where a virtual machine on Azure finds its metadata service; a proxy would give its own identity away.
constexpr std::string_view kMetadataAddress = "169.254.169.254";

/// One entry of NO_PROXY: `*`, a host, or a domain with or without its leading dot; a port is not looked at.
bool covers(std::string_view entry, const std::string& host) {
  entry = entry.substr(0, entry.find(':'));
  if (entry == "*") {
    return true;
  }
  if (entry.starts_with('.')) {
    entry.remove_prefix(1);
  }
  if (entry.empty() || host.size() < entry.size()) {
    return false;
  }
  const std::string_view tail = std::string_view(host).substr(host.size() - entry.size());
  return iequals(tail, entry) && (host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.');
}

bool goes_direct(std::string_view no_proxy, const std::string& host) {
  while (!no_proxy.empty()) {
    std::string_view entry = no_proxy.substr(0, no_proxy.find(','));
    no_proxy.remove_prefix(std::min(entry.size() + 1, no_proxy.size()));
    while (entry.starts_with(' ')) {
      entry.remove_prefix(1);
    }
    while (entry.ends_with(' ')) {
      entry.remove_suffix(1);
    }
    if (covers(entry, host)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string proxy_for(const TransportOptions& options, const Url& target) {
  if (target.is_loopback() || target.host() == kMetadataAddress || goes_direct(options.no_proxy, target.host())) {
    return {};
  }
  return target.scheme() == "https" ? options.https_proxy : options.http_proxy;
}

}  // namespace batchai
