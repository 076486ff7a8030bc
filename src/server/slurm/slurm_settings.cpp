#include "server/slurm/slurm_settings.hpp"

#include "batchai/core/http.hpp"

#include <sstream>

namespace batchai::server {

std::string value_for(const std::string& entries, std::string_view size) {
  std::string for_all;
  std::istringstream stream(entries);
  for (std::string entry; std::getline(stream, entry, ',');) {
    const auto end = entry.find('=');
    if (end == std::string::npos) {
      for_all = entry;
    } else if (iequals(entry.substr(0, end), size)) {
      return entry.substr(end + 1);
    }
  }
  return for_all;
}

}  // namespace batchai::server
