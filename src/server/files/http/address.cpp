#include "server/files/http/address.hpp"

#include "batchai/core/url.hpp"
#include "core/joined.hpp"
#include "naming/file_names.hpp"
#include "server/files/http/storage_error.hpp"

#include <algorithm>

namespace batchai::server::files {
namespace {

constexpr std::size_t kShortestAccount = 3;
constexpr std::size_t kLongestAccount = 24;

bool is_account_name(std::string_view name) {
  return name.size() >= kShortestAccount && name.size() <= kLongestAccount &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

/// The account of a host like `account.file.core.windows.net`, else empty.
std::string account_of_host(std::string_view host) {
  const auto dot = host.find('.');
  if (dot == std::string_view::npos || !is_account_name(host.substr(0, dot))) {
    return {};
  }
  const std::string_view rest = host.substr(dot + 1);
  return rest.starts_with("file.") || rest.starts_with("blob.") ? std::string(host.substr(0, dot)) : std::string();
}

}  // namespace

std::string Address::joined_path() const { return joined(path, "/"); }

Address parse_address(std::string_view host, std::string_view encoded_path, std::string_view signed_account) {
  const auto decoded = percent_decode(encoded_path);
  if (!decoded) {
    throw StorageError("RequestUrlFailedToParse");
  }
  std::vector<std::string> parts = naming::split_path(*decoded);
  Address address{.account = account_of_host(to_lower(host))};
  address.path_style = address.account.empty();
  auto next = parts.begin();
  if (address.path_style) {
    const bool unnamed = !signed_account.empty() && (parts.empty() || parts.front() != signed_account);
    if (!unnamed && parts.empty()) {
      throw StorageError("InvalidUri");
    }
    address.account = unnamed ? std::string(signed_account) : *next++;
  }
  if (!is_account_name(address.account)) {
    throw StorageError("InvalidUri");
  }
  if (next != parts.end()) {
    address.share = *next++;
  }
  address.path.assign(next, parts.end());
  return address;
}

void strip_trailing_dots(Address& address, std::string_view allow) {
  if (iequals(allow, "true")) {
    return;
  }
  for (std::string& part : address.path) {
    const auto last = part.find_last_not_of('.');
    part.resize(last == std::string::npos ? 0 : last + 1);
  }
}

std::string service_endpoint(const Request& request, const Address& address) {
  const std::string base = (request.over_tls ? "https://" : "http://") + request.headers.get("Host") + "/";
  return address.path_style ? base + address.account + "/" : base;
}

}  // namespace batchai::server::files
