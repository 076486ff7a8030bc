#pragma once

#include "cli/config/profile.hpp"
#include "cli/local/server_process.hpp"

#include <string>
#include <utility>
#include <vector>

namespace batchai::cli {

/// Name of the profile of the service on this machine.
inline constexpr const char* kLocalProfile = "local";

/// Writes the profile; it becomes the default one when there is no other. Its [defaults] stay. `notice` is told of
/// files that were of no use.
void save_local_profile(const ProfileStore& store, const LocalEndpoints& endpoints, const ProfileStore::Notice& notice);

/// The variables that lead other Azure clients, and this one, to the service.
std::vector<std::pair<std::string, std::string>> client_environment(const LocalEndpoints& endpoints);

/// `export NAME='VALUE'` lines that any POSIX shell reads back as they were.
std::string export_lines(const std::vector<std::pair<std::string, std::string>>& variables);

}  // namespace batchai::cli
