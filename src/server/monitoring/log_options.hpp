#pragma once

#include <filesystem>
#include <string>

namespace batchai::server {

enum class LogFormat { Text, Json };

struct LogOptions {
  /// trace, debug, info, warn, error.
  std::string level = "info";
  LogFormat format = LogFormat::Text;
  /// Empty: standard error.
  std::filesystem::path file = {};
};

}  // namespace batchai::server
