#pragma once

#include "server/http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace batchai::server::files {

/// The target of a request: decoded names from the host and the path.
struct Address {
  std::string account;
  /// Empty for the account itself.
  std::string share = {};
  /// Below the share; empty for its root.
  std::vector<std::string> path = {};
  /// Whether the account is in the path and not in the host.
  bool path_style = true;

  /// `a/b/c`.
  std::string joined_path() const;
};

/// Reads host-style and path-style addresses. `signed_account` is the account that a SharedKey header names, if any: a
/// path that does not begin with it is taken whole. Throws StorageError for broken escapes.
Address parse_address(std::string_view host, std::string_view encoded_path, std::string_view signed_account);

/// Trailing dots are not part of a name: removes them, unless `allow` (the value of a header) says that they are
/// meant.
void strip_trailing_dots(Address& address, std::string_view allow);

/// The account's own URL, as the request has reached it: `https://host/account/`.
std::string service_endpoint(const Request& request, const Address& address);

}  // namespace batchai::server::files
