#pragma once

#include "batchai/core/pipeline.hpp"
#include "batchai/version.hpp"

#include <optional>
#include <string>

BATCHAI_NAMESPACE_BEGIN

/// Where Azure Resource Manager is and how to talk to it.
struct ManagementOptions {
  std::string endpoint = "https://management.azure.com";
  /// What tokens are asked for; see Cloud::audience.
  std::string audience = "https://management.core.windows.net/";
  ClientOptions client = {};

  /// Endpoint and audience of the cloud that BATCHAI_CLOUD names (AzureCloud where it is not set), and the endpoint
  /// that BATCHAI_RESOURCE_MANAGER_ENDPOINT names, if it is set. Throws InvalidArgument for an unknown cloud.
  [[nodiscard]] static ManagementOptions from_environment(ClientOptions client = {});
};

/// For list calls.
struct ListOptions {
  /// Entries of one page, 1 to 1000; it does not bound the whole list. The service takes 1000 where it is absent.
  std::optional<int> page_size = {};
};

BATCHAI_NAMESPACE_END
