#include "server/files/routes.hpp"

#include "server/files/operations.hpp"
#include "server/files/storage_error.hpp"

#include <algorithm>
#include <array>

namespace batchai::server::files {
namespace {

/// What an address can name; routes list one letter for each that they are for.
constexpr char kAccount = 'a';
constexpr char kShare = 's';
constexpr char kPath = 'p';

struct RouteEntry {
  std::string_view method;
  std::string_view restype;
  std::string_view comp;
  std::string_view levels;
  Need need;
  Operation operation;
};

namespace op = operations;

constexpr std::array<RouteEntry, 34> kRoutes = {{
    {"GET", "", "list", "a", {"s", "l", ""}, op::list_shares},
    {"GET", "service", "properties", "a", {"s", "r", ""}, op::get_service_properties},

    {"PUT", "share", "", "s", {"c", "cw", ""}, op::create_share},
    {"GET", "share", "", "s", {"c", "r", ""}, op::get_share},
    {"HEAD", "share", "", "s", {"c", "r", ""}, op::get_share},
    {"GET", "share", "metadata", "s", {"c", "r", ""}, op::get_share},
    {"HEAD", "share", "metadata", "s", {"c", "r", ""}, op::get_share},
    {"PUT", "share", "properties", "s", {"c", "w", ""}, op::set_share_properties},
    {"PUT", "share", "metadata", "s", {"c", "w", ""}, op::set_share_metadata},
    {"GET", "share", "stats", "s", {"c", "r", ""}, op::get_share_stats},
    {"DELETE", "share", "", "s", {"c", "d", ""}, op::delete_share},

    {"GET", "directory", "list", "sp", {"co", "l", "s"}, op::list_directory},
    {"GET", "directory", "", "sp", {"co", "r", "s"}, op::get_directory},
    {"HEAD", "directory", "", "sp", {"co", "r", "s"}, op::get_directory},
    {"GET", "directory", "metadata", "sp", {"co", "r", "s"}, op::get_directory},
    {"HEAD", "directory", "metadata", "sp", {"co", "r", "s"}, op::get_directory},
    {"PUT", "directory", "", "p", {"o", "cw", "s"}, op::create_directory},
    {"PUT", "directory", "metadata", "p", {"o", "w", "s"}, op::set_directory_metadata},
    {"PUT", "directory", "properties", "p", {"o", "w", "s"}, op::set_directory_properties},
    {"DELETE", "directory", "", "p", {"o", "d", "s"}, op::delete_directory},

    {"PUT", "", "", "p", {"o", "cw", "sf"}, op::create_file},
    {"GET", "", "", "p", {"o", "r", "sf"}, op::get_file},
    {"HEAD", "", "", "p", {"o", "r", "sf"}, op::head_file},
    {"GET", "", "metadata", "p", {"o", "r", "sf"}, op::get_file_metadata},
    {"HEAD", "", "metadata", "p", {"o", "r", "sf"}, op::get_file_metadata},
    {"PUT", "", "range", "p", {"o", "w", "sf"}, op::put_range},
    {"GET", "", "rangelist", "p", {"o", "r", "sf"}, op::list_ranges},
    {"PUT", "", "properties", "p", {"o", "w", "sf"}, op::set_file_properties},
    {"PUT", "", "metadata", "p", {"o", "w", "sf"}, op::set_file_metadata},
    {"PUT", "", "copy", "p", {"o", "w", "sf"}, op::abort_copy},
    {"DELETE", "", "", "p", {"o", "d", "sf"}, op::delete_file},

    {"GET", "", "listhandles", "sp", {"co", "l", "sf"}, op::list_handles},
    {"PUT", "", "forceclosehandles", "sp", {"co", "w", "sf"}, op::close_handles},
    {"GET", "directory", "listhandles", "sp", {"co", "l", "s"}, op::list_handles},
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
  if (request.query_parameter("sharesnapshot") != nullptr) {
    throw StorageError("UnsupportedQueryParameter").with_detail("QueryParameterName", "sharesnapshot");
  }
  const char level = level_of(address);
  for (const RouteEntry& route : kRoutes) {
    if (route.method == request.method && route.restype == restype && route.comp == comp &&
        route.levels.find(level) != std::string_view::npos) {
      return {route.operation, route.need};
    }
  }
  throw no_route(request, restype, comp);
}

}  // namespace batchai::server::files
