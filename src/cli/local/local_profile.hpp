#pragma once

#include "cli/config/profile.hpp"
#include "cli/local/server_process.hpp"

#include <string>
#include <utility>
#include <vector>

namespace batchai::cli {

/// Name of the profile of the service on this machine.
inline constexpr const char* kLocalProfile = "local";

/// Writes the profile; it becomes the default one when there is no other. Its [defaults] stay. `notice` is called for
/// files that were broken.
void save_local_profile(const ProfileStore& store, const LocalEndpoints& endpoints, const ProfileStore::Notice& notice);

/// The variables by which other Azure clients, and this one, find the service.
std::vector<std::pair<std::string, std::string>> client_environment(const LocalEndpoints& endpoints);

/// `export NAME='VALUE'` lines that any POSIX shell reads back unchanged.
std::string export_lines(const std::vector<std::pair<std::string, std::string>>& variables);

}  // namespace batchai::cli
