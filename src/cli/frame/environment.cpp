#include "cli/frame/environment.hpp"

#include <cstdlib>
#include <fstream>
#include <utility>

#include <pwd.h>
#include <unistd.h>

namespace batchai::cli {
namespace {

std::optional<std::string> home_by_user_database() {
  const passwd* user = ::getpwuid(::getuid());
  return user == nullptr || user->pw_dir == nullptr ? std::nullopt : std::optional<std::string>(user->pw_dir);
}

}  // namespace

Environment Environment::of_process() {
  const char* home = std::getenv("HOME");
  const bool homeless = home == nullptr || *home == '\0';
  return Environment([known_home = homeless ? home_by_user_database() : std::nullopt](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    const bool is_set = value != nullptr && *value != '\0';
    return is_set ? std::optional<std::string>(value) : name == "HOME" ? known_home : std::nullopt;
  });
}

Environment Environment::of(std::map<std::string, std::string> variables) {
  return Environment([variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::vector<std::string> inherited_variables() {
  constexpr std::string_view kName = "SSL_CERT_FILE=";
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with(kName)) {
      variables.emplace_back(*entry);
    }
  }
  // As it was when this process was started (proc(5)).
  std::ifstream at_start("/proc/self/environ");
  for (std::string entry; std::getline(at_start, entry, '\0');) {
    if (entry.starts_with(kName)) {
      variables.push_back(entry);
    }
  }
  return variables;
}

std::optional<std::string> Environment::find(const std::string& name) const {
  std::optional<std::string> value = lookup_(name);
  return value && value->empty() ? std::nullopt : value;
}

std::filesystem::path Environment::with_home(const std::string& path) const {
  const auto home = path == "~" || path.starts_with("~/") ? find("HOME") : std::nullopt;
  return home ? std::filesystem::path(*home + path.substr(1)) : std::filesystem::path(path);
}

}  // namespace batchai::cli
