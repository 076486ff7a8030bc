#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

struct ProviderType {
  /// As `workspaces/clusters`.
  std::string name;
  std::vector<std::string> api_versions;
};

/// A namespace of resource types that this service has.
struct ProviderEntry {
  std::string name;
  std::vector<ProviderType> types;
};

const std::vector<ProviderEntry>& provider_table();

/// In any case; null for an unknown one.
const ProviderEntry* find_provider(std::string_view name);
const ProviderType* find_type(const ProviderEntry& provider, std::string_view type);

}  // namespace batchai::server
