#pragma once

#include "batchai/version.hpp"

#include <optional>
#include <string>
#include <vector>

BATCHAI_NAMESPACE_BEGIN
namespace files {

/// Which metrics a storage account keeps about its requests.
struct StorageMetrics {
  bool enabled = false;
  /// Whether operations are counted one by one; has no effect while not enabled.
  bool include_apis = false;
  /// For how long metrics are kept; absent: for ever.
  std::optional<int> retention_days = {};
};

/// Which pages of other origins may call the service from a browser.
struct CorsRule {
  std::vector<std::string> allowed_origins;
  std::vector<std::string> allowed_methods;
  std::vector<std::string> allowed_headers = {};
  std::vector<std::string> exposed_headers = {};
  int max_age_seconds = 0;
};

/// Settings of the file service of a storage account
/// (learn.microsoft.com/rest/api/storageservices/get-file-service-properties).
struct ServiceProperties {
  StorageMetrics hour_metrics = {};
  StorageMetrics minute_metrics = {};
  std::vector<CorsRule> cors = {};
  /// Absent where the service does not send it; then it is left unchanged.
  std::optional<bool> smb_multichannel = {};
};

}  // namespace files
BATCHAI_NAMESPACE_END
