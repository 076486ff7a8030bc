#include "server/slurm/slurm_settings.hpp"

#include "batchai/core/http.hpp"
#include "core/parse_number.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

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

/// VM size, empty for all, and value.
using Entry = std::pair<std::string, std::string>;

std::vector<Entry> entries_of(const std::string& text) {
  std::vector<Entry> result;
  std::istringstream stream(text);
  for (std::string entry; std::getline(stream, entry, ',');) {
    const auto end = entry.find('=');
    result.push_back(end == std::string::npos ? Entry{"", entry} : Entry{entry.substr(0, end), entry.substr(end + 1)});
  }
  return result;
}

void check_entries(const std::string& name, const std::string& text) {
  const auto refuse = [&](const std::string& why) {
    throw std::invalid_argument("slurm." + name + " is \"" + text + "\": " + why +
                                "; it is VALUE or SIZE=VALUE, with commas between them and no blanks");
  };
  if (text.find_first_of(" \t\n") != std::string::npos) {
    refuse("it holds blanks");
  }
  std::set<std::string> seen;
  for (const auto& [size, value] : entries_of(text)) {
    if (value.empty()) {
      refuse("there is an entry without a value");
    }
    if (!seen.insert(to_lower(size)).second) {
      refuse("there are two values for " + (size.empty() ? "all VM sizes" : size));
    }
  }
}

}  // namespace

std::vector<std::string> all_values(const std::string& entries) {
  std::vector<std::string> result;
  for (auto& entry : entries_of(entries)) {
    result.push_back(std::move(entry.second));
  }
  return result;
}

void check_settings(const SlurmSettings& settings) {
  check_entries("partition", settings.partition);
  check_entries("constraint", settings.constraint);
  check_entries("account", settings.account);
  check_entries("qos", settings.qos);
  check_entries("gres", settings.gres);
  check_entries("cpus", settings.cpus);
  check_entries("memory", settings.memory);
  for (const auto& value : all_values(settings.cpus)) {
    if (parse_number<int>(value).value_or(0) < 1) {
      throw std::invalid_argument("slurm.cpus: \"" + value + "\" is no number of CPUs");
    }
  }
}

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
  for (const auto& [kind, value] : entries_of(entries)) {
    if (kind.empty()) {
      for_all = value;
    } else if (iequals(kind, size)) {
      return value;
    }
  }
  return for_all;
}

}  // namespace batchai::server
