#pragma once

#include "batchai/version.hpp"

#include <string>
#include <string_view>

BATCHAI_NAMESPACE_BEGIN

/// Where the services of one Azure cloud are.
struct Cloud {
  std::string name;
  /// Base of the token endpoint, as `https://login.microsoftonline.com`.
  std::string authority;
  /// Base of Azure Resource Manager, as `https://management.azure.com`.
  std::string resource_manager;
  /// Audience that Resource Manager's tokens are issued for.
  std::string audience;
  /// As `core.windows.net`; accounts are `{account}.file.{storage_suffix}`.
  std::string storage_suffix;
};

/// AzureCloud, AzureChinaCloud or AzureUSGovernment (any case). Throws InvalidArgument listing them for another name.
[[nodiscard]] const Cloud& find_cloud(std::string_view name);

BATCHAI_NAMESPACE_END
