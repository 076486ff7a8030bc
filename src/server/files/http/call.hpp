#pragma once

#include "batchai/core/clock.hpp"
#include "server/files/auth/authorization.hpp"
#include "server/files/disk/attributes.hpp"
#include "server/files/disk/file_permissions.hpp"
#include "server/files/disk/service_settings.hpp"
#include "server/files/disk/share_usage.hpp"
#include "server/files/disk/shares.hpp"
#include "server/files/disk/snapshots.hpp"
#include "server/files/http/address.hpp"
#include "server/files/http/versions.hpp"
#include "server/http/message.hpp"

#include <string>

namespace batchai::server::files {

/// The dependencies of operations. All members are thread-safe.
struct Backend {
  Shares shares;
  AttributeStore attributes;
  Snapshots snapshots;
  FilePermissions permissions;
  ServiceSettings settings;
  Authorizer authorizer;
  const Clock& clock;
  mutable ShareUsage usage = {};
};

/// An authorized request, parsed.
struct Call {
  const Request& request;
  const Backend& backend;
  Address address;
  /// x-ms-version, as `2021-06-08`; such texts compare like dates.
  std::string version;
  Principal principal;
  /// Time of the snapshot that is asked for, as the service writes it; empty for the share itself.
  std::string snapshot = {};

  bool since(const char* other_version) const { return version >= other_version; }
  std::string query(const char* name) const {
    const std::string* value = request.query_parameter(name);
    return value == nullptr ? std::string() : *value;
  }
  std::string header(const char* name) const { return request.headers.get(name); }
  /// Whether the header is `true`.
  bool asks_for(const char* name) const { return iequals(header(name), "true"); }
  Timestamp now() const { return backend.clock.now(); }
  /// The folder of the share, or of its snapshot. Throws ShareNotFound.
  Descriptor open_share() const {
    return snapshot.empty() ? backend.shares.open(address.account, address.share)
                            : backend.snapshots.open(address.account, address.share, snapshot);
  }
  /// The record of that share or snapshot. Throws the same.
  ShareRecord share_record() const {
    return snapshot.empty() ? backend.shares.record(address.account, address.share)
                            : backend.snapshots.record(address.account, address.share, snapshot);
  }
};

using Operation = Response (*)(const Call&);

}  // namespace batchai::server::files
