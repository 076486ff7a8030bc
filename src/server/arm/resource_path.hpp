#pragma once

#include <string>
#include <string_view>

namespace batchai::server {

/// The parts of a path below ARM, whether anything is there or not. Parts that it does not have are empty.
struct ResourcePath {
  bool below_subscriptions = false;
  std::string subscription;
  std::string group;
  /// As `Microsoft.BatchAI`, where the path goes into a provider (registering one does not).
  std::string provider;
  /// As `workspaces/clusters` or `locations/usages`.
  std::string type;
};

/// `path` is encoded.
ResourcePath read_resource_path(std::string_view path);

}  // namespace batchai::server
