#include "server/run/gpus.hpp"

#include <system_error>

namespace batchai::server {

int count_gpus(const std::filesystem::path& devices) {
  std::error_code ignored;
  int count = 0;
  while (std::filesystem::exists(devices / ("nvidia" + std::to_string(count)), ignored)) {
    ++count;
  }
  return count;
}

std::string visible_devices(const std::vector<int>& gpus) {
  std::string text;
  for (const int gpu : gpus) {
    text += (text.empty() ? "" : ",") + std::to_string(gpu);
  }
  return text;
}

}  // namespace batchai::server
