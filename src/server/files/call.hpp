#pragma once

#include "batchai/core/clock.hpp"
#include "server/files/address.hpp"
#include "server/files/attributes.hpp"
#include "server/files/authorization.hpp"
#include "server/files/shares.hpp"
#include "server/http/message.hpp"

#include <string>

namespace batchai::server::files {

/// Versions of the service at which answers change.
namespace versions {
inline constexpr const char* kStatsInBytes = "2018-11-09";
inline constexpr const char* kSmbProperties = "2019-02-02";
inline constexpr const char* kFileLeases = "2019-07-07";
inline constexpr const char* kShareLeases = "2020-02-10";
inline constexpr const char* kExtendedListing = "2020-04-08";
inline constexpr const char* kSettableWriteTime = "2021-06-08";
inline constexpr const char* kEncodedNames = "2021-12-02";
}  // namespace versions

/// What operations work on.
struct Backend {
  Shares shares;
  AttributeStore attributes;
  Authorizer authorizer;
};

/// An authorized request, taken apart.
struct Call {
  const Request& request;
  const Backend& backend;
  Address address;
  /// x-ms-version, as `2021-06-08`; such texts compare like dates.
  std::string version;
  Principal principal;

  bool since(const char* other_version) const { return version >= other_version; }
  std::string query(const char* name) const {
    const std::string* value = request.query_parameter(name);
    return value == nullptr ? std::string() : *value;
  }
  std::string header(const char* name) const { return request.headers.get(name); }
  Descriptor open_share() const { return backend.shares.open(address.account, address.share); }
};

using Operation = Response (*)(const Call&);

}  // namespace batchai::server::files
