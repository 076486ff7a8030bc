#include "server/service/vm_size.hpp"

#include "batchai/core/http.hpp"

#include <map>
#include <regex>
#include <string>

namespace batchai::server {

namespace {

const std::map<std::string, int, std::less<>>& gpu_sizes() {
  static const std::map<std::string, int, std::less<>> sizes = {
      {"standard_nc6", 1},     {"standard_nc12", 2},     {"standard_nc24", 4},     {"standard_nc24r", 4},
      {"standard_nc6s_v2", 1}, {"standard_nc12s_v2", 2}, {"standard_nc24s_v2", 4}, {"standard_nc24rs_v2", 4},
      {"standard_nc6s_v3", 1}, {"standard_nc12s_v3", 2}, {"standard_nc24s_v3", 4}, {"standard_nc24rs_v3", 4},
      {"standard_nd6s", 1},    {"standard_nd12s", 2},    {"standard_nd24s", 4},    {"standard_nd24rs", 4},
      {"standard_nv6", 1},     {"standard_nv12", 2},     {"standard_nv24", 4},
  };
  return sizes;
}

}  // namespace

int gpus_of_vm_size(std::string_view vm_size) {
  const auto found = gpu_sizes().find(to_lower(vm_size));
  return found == gpu_sizes().end() ? 0 : found->second;
}

bool vm_size_is_offered(std::string_view vm_size) {
  static const std::regex refused("standard_(a0|gs[0-9].*|ds[0-9]+(-[0-9]+)?(_v2.*)?)");
  return !std::regex_match(to_lower(vm_size), refused);
}

}  // namespace batchai::server
