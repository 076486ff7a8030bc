#include "server/files/http/routes.hpp"

#include "server/files/http/storage_error.hpp"
#include "server/files/operations/operations.hpp"

#include <algorithm>
#include <array>

namespace batchai::server::files {
namespace {

/// The kinds of addresses; routes list the letter of each kind that they accept.
constexpr char kAccount = 'a';
constexpr char kShare = 's';
constexpr char kPath = 'p';

/// Whether an operation is allowed on snapshots, too.
enum class Snapshot { None, Allowed };

struct RouteEntry {
  std::string_view method;
  std::string_view restype;
  std::string_view comp;
  std::string_view levels;
  Need need;
  Operation operation;
  Snapshot snapshot;
};

namespace op = operations;

/// How a route takes `sharesnapshot`.
constexpr auto kLive = Snapshot::None;
constexpr auto kAny = Snapshot::Allowed;

constexpr std::array<RouteEntry, 47> kRoutes = {{
    {"GET", "", "list", "a", {"s", "l", ""}, op::list_shares, kLive},
    {"GET", "service", "properties", "a", {"s", "r", ""}, op::get_service_properties, kLive},
    {"PUT", "service", "properties", "a", {"s", "w", ""}, op::set_service_properties, kLive},

    {"PUT", "share", "", "s", {"c", "cw", ""}, op::create_share, kLive},
    {"GET", "share", "", "s", {"c", "r", ""}, op::get_share, kAny},
    {"HEAD", "share", "", "s", {"c", "r", ""}, op::get_share, kAny},
    {"GET", "share", "metadata", "s", {"c", "r", ""}, op::get_share, kAny},
    {"HEAD", "share", "metadata", "s", {"c", "r", ""}, op::get_share, kAny},
    {"PUT", "share", "properties", "s", {"c", "w", ""}, op::set_share_properties, kLive},
    {"PUT", "share", "metadata", "s", {"c", "w", ""}, op::set_share_metadata, kLive},
    {"GET", "share", "stats", "s", {"c", "r", ""}, op::get_share_stats, kLive},
    {"GET", "share", "acl", "s", {"", "", ""}, op::get_share_acl, kLive},
    {"HEAD", "share", "acl", "s", {"", "", ""}, op::get_share_acl, kLive},
    {"PUT", "share", "acl", "s", {"", "", ""}, op::set_share_acl, kLive},
    {"PUT", "share", "lease", "s", {"c", "wd", ""}, op::lease_share, kAny},
    {"PUT", "share", "undelete", "s", {"c", "cw", ""}, op::undelete_share, kLive},
    {"PUT", "share", "snapshot", "s", {"c", "cw", ""}, op::snapshot_share, kLive},
    {"PUT", "share", "filepermission", "s", {"c", "cw", ""}, op::create_permission, kLive},
    {"GET", "share", "filepermission", "s", {"c", "r", ""}, op::get_permission, kLive},
    {"DELETE", "share", "", "s", {"c", "d", ""}, op::delete_share, kAny},

    {"GET", "directory", "list", "sp", {"co", "l", "s"}, op::list_directory, kAny},
    {"GET", "directory", "", "sp", {"co", "r", "s"}, op::get_directory, kAny},
    {"HEAD", "directory", "", "sp", {"co", "r", "s"}, op::get_directory, kAny},
    {"GET", "directory", "metadata", "sp", {"co", "r", "s"}, op::get_directory, kAny},
    {"HEAD", "directory", "metadata", "sp", {"co", "r", "s"}, op::get_directory, kAny},
    {"PUT", "directory", "", "p", {"o", "cw", "s"}, op::create_directory, kLive},
    {"PUT", "directory", "metadata", "p", {"o", "w", "s"}, op::set_directory_metadata, kLive},
    {"PUT", "directory", "properties", "p", {"o", "w", "s"}, op::set_directory_properties, kLive},
    {"PUT", "directory", "rename", "p", {"o", "w", "s"}, op::rename_directory, kLive},
    {"DELETE", "directory", "", "p", {"o", "d", "s"}, op::delete_directory, kLive},

    {"PUT", "", "", "p", {"o", "cw", "sf"}, op::create_file, kLive},
    {"GET", "", "", "p", {"o", "r", "sf"}, op::get_file, kAny},
    {"HEAD", "", "", "p", {"o", "r", "sf"}, op::head_file, kAny},
    {"GET", "", "metadata", "p", {"o", "r", "sf"}, op::get_file_metadata, kAny},
    {"HEAD", "", "metadata", "p", {"o", "r", "sf"}, op::get_file_metadata, kAny},
    {"PUT", "", "range", "p", {"o", "w", "sf"}, op::put_range, kLive},
    {"GET", "", "rangelist", "p", {"o", "r", "sf"}, op::list_ranges, kAny},
    {"PUT", "", "properties", "p", {"o", "w", "sf"}, op::set_file_properties, kLive},
    {"PUT", "", "metadata", "p", {"o", "w", "sf"}, op::set_file_metadata, kLive},
    {"PUT", "", "lease", "p", {"o", "wd", "sf"}, op::lease_file, kLive},
    {"PUT", "", "copy", "p", {"o", "w", "sf"}, op::abort_copy, kLive},
    {"PUT", "", "rename", "p", {"o", "w", "s"}, op::rename_file, kLive},
    {"DELETE", "", "", "p", {"o", "d", "sf"}, op::delete_file, kLive},

    {"GET", "", "listhandles", "sp", {"co", "l", "sf"}, op::list_handles, kAny},
    {"PUT", "", "forceclosehandles", "sp", {"co", "w", "sf"}, op::close_handles, kAny},
    {"GET", "directory", "listhandles", "sp", {"co", "l", "s"}, op::list_handles, kAny},
    {"PUT", "directory", "forceclosehandles", "sp", {"co", "w", "s"}, op::close_handles, kAny},
}};

char level_of(const Address& address) {
  if (address.share.empty()) {
    return kAccount;
  }
  return address.path.empty() ? kShare : kPath;
}

std::string parameter(const Request& request, const char* name) {
  const std::string* value = request.query_parameter(name);
  return value == nullptr ? std::string() : to_lower(*value);
}

StorageError no_route(const Request& request, const std::string& restype, const std::string& comp) {
  const auto serves = [&](const auto& member) { return std::any_of(kRoutes.begin(), kRoutes.end(), member); };
  if (!serves([&](const RouteEntry& r) { return r.method == request.method; })) {
    return StorageError("UnsupportedHttpVerb");
  }
  if (!serves([&](const RouteEntry& r) { return r.comp == comp && r.method == request.method; })) {
    return StorageError("UnsupportedQueryParameter").with_detail("QueryParameterName", "comp");
  }
  if (!serves([&](const RouteEntry& r) { return r.restype == restype; })) {
    return StorageError("UnsupportedQueryParameter").with_detail("QueryParameterName", "restype");
  }
  return StorageError("InvalidUri");
}

}  // namespace

Route find_route(const Request& request, const Address& address) {
  const std::string restype = parameter(request, "restype");
  const std::string comp = parameter(request, "comp");
  const char level = level_of(address);
  for (const RouteEntry& route : kRoutes) {
    if (route.method == request.method && route.restype == restype && route.comp == comp &&
        route.levels.find(level) != std::string_view::npos) {
      if (route.snapshot == Snapshot::None && !parameter(request, "sharesnapshot").empty()) {
        throw StorageError("ShareSnapshotOperationNotSupported");
      }
      return {route.operation, route.need};
    }
  }
  throw no_route(request, restype, comp);
}

}  // namespace batchai::server::files
