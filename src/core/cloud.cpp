#include "batchai/core/cloud.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"

#include <array>

namespace batchai::inline v1 {

const Cloud& find_cloud(std::string_view name) {
  static const std::array<Cloud, 3> clouds = {
      Cloud{"AzureCloud", "https://login.microsoftonline.com", "https://management.azure.com",
            "https://management.core.windows.net/", "core.windows.net"},
      Cloud{"AzureChinaCloud", "https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn",
            "https://management.core.chinacloudapi.cn/", "core.chinacloudapi.cn"},
      Cloud{"AzureUSGovernment", "https://login.microsoftonline.us", "https://management.usgovcloudapi.net",
            "https://management.core.usgovcloudapi.net/", "core.usgovcloudapi.net"},
  };
  for (const Cloud& cloud : clouds) {
    if (iequals(cloud.name, name)) {
      return cloud;
    }
  }
  throw InvalidArgument("unknown cloud '" + std::string(name) +
                        "': use AzureCloud, AzureChinaCloud or AzureUSGovernment");
}

}  // namespace batchai::inline v1
