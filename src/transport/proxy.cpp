#include "transport/proxy.hpp"

#include "batchai/core/error.hpp"
#include "core/parse_number.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <arpa/inet.h>

namespace batchai::inline v1 {
namespace {

/// Where a virtual machine on Azure finds its metadata service; through a proxy it would get the proxy's identity.
constexpr std::string_view kMetadataAddress = "169.254.169.254";

/// The bytes of an IP address; none for a name.
std::vector<unsigned char> address_bytes(std::string_view text) {
  const std::string address(text.substr(0, text.find('%')));
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) {
    return {bytes.begin(), bytes.begin() + sizeof(in_addr)};
  }
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) {
    return {bytes.begin(), bytes.end()};
  }
  return {};
}

bool begins_alike(const std::vector<unsigned char>& a, const std::vector<unsigned char>& b, std::size_t bits) {
  for (std::size_t bit = 0; bit < bits; ++bit) {
    if (((a[bit / 8] ^ b[bit / 8]) & (0x80U >> (bit % 8))) != 0) {
      return false;
    }
  }
  return true;
}

/// `10.0.0.0/8`, `2001:db8::/32` or a lone address, against the address of a host.
bool covers_address(std::string_view entry, const std::vector<unsigned char>& host) {
  const auto slash = entry.find('/');
  const std::vector<unsigned char> network = address_bytes(entry.substr(0, slash));
  if (network.empty() || network.size() != host.size()) {
    return false;
  }
  std::size_t bits = 8 * host.size();
  if (slash != std::string_view::npos) {
    const auto given = parse_number<std::size_t>(entry.substr(slash + 1));
    if (!given || *given > bits) {
      return false;
    }
    bits = *given;
  }
  return begins_alike(network, host, bits);
}

/// Without its port, which is not looked at, and without brackets.
std::string_view host_of(std::string_view entry) {
  if (entry.starts_with('[')) {
    return entry.substr(1, std::min(entry.find(']'), entry.size()) - 1);
  }
  const auto colon = entry.find(':');
  const bool ipv6 = colon != std::string_view::npos && entry.find(':', colon + 1) != std::string_view::npos;
  return ipv6 ? entry : entry.substr(0, colon);
}

/// One entry of NO_PROXY: `*`, a host, a domain with or without its leading dot, an address or a network of addresses.
bool covers(std::string_view entry, const std::string& host) {
  entry = host_of(entry);
  if (entry == "*") {
    return true;
  }
  if (const auto address = address_bytes(host); !address.empty()) {
    return covers_address(entry, address);
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

std::string decoded(std::string_view text) { return percent_decode(text).value_or(std::string(text)); }

}  // namespace

ProxyServer ProxyServer::parse(const std::string& text) {
  const auto scheme_end = text.find("://");
  const std::string scheme = scheme_end == std::string::npos ? "http" : to_lower(text.substr(0, scheme_end));
  if (scheme.starts_with("socks")) {
    throw InvalidArgument("names a SOCKS proxy; only HTTP proxies are supported, as http://HOST:PORT");
  }
  std::string rest = scheme_end == std::string::npos ? text : text.substr(scheme_end + 3);
  const auto at = rest.substr(0, rest.find('/')).rfind('@');
  const std::string user_info = at == std::string::npos ? "" : rest.substr(0, at);
  rest.erase(0, at == std::string::npos ? 0 : at + 1);
  ProxyServer proxy;
  try {
    proxy.url = Url::parse(scheme + "://" + rest);
  } catch (const InvalidArgument&) {
    throw InvalidArgument("is not a URL, as http://HOST:PORT");  // it may hold a password
  }
  const auto colon = user_info.find(':');
  proxy.user = decoded(user_info.substr(0, colon));
  proxy.password = colon == std::string::npos ? "" : decoded(user_info.substr(colon + 1));
  return proxy;
}

std::optional<ProxyServer> proxy_for(const TransportOptions& options, const Url& target) {
  const std::string& proxy = target.scheme() == "https" ? options.https_proxy : options.http_proxy;
  if (proxy.empty() || target.is_loopback() || target.host() == kMetadataAddress ||
      goes_direct(options.no_proxy, target.host())) {
    return std::nullopt;
  }
  return ProxyServer::parse(proxy);
}

}  // namespace batchai::inline v1
