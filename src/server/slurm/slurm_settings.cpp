#include "server/slurm/slurm_settings.hpp"

#include "batchai/core/http.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

fs::path configuration_of(const SlurmSettings& settings) {
  const char* named = std::getenv("SLURM_CONF");
  return !settings.config.empty() ? settings.config : fs::path(named == nullptr ? "/etc/slurm/slurm.conf" : named);
}

/// Of a line as `AuthInfo=socket=/run/munge/munge.socket.2,cred_expire=5`.
fs::path munge_socket(const fs::path& configuration) {
  constexpr std::string_view kMember = "socket=";
  std::ifstream file(configuration);
  for (std::string line; std::getline(file, line);) {
    const auto found = line.find(kMember);
    if (to_lower(line).starts_with("authinfo=") && found != std::string::npos) {
      const auto begin = found + kMember.size();
      return line.substr(begin, line.find_first_of(", \t", begin) - begin);
    }
  }
  return "/run/munge/munge.socket.2";
}

}  // namespace

std::vector<fs::path> files_of_slurm(const SlurmSettings& settings) {
  const auto configuration = configuration_of(settings);
  std::vector<fs::path> files{configuration, munge_socket(configuration), "/run/slurm"};
  if (!settings.commands.empty()) {
    files.push_back(settings.commands);
  }
  return files;
}

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
