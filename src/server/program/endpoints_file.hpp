#pragma once

#include "server/program/provisioning.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace batchai::server {

/// Writes `endpoints.json` (0600, atomically): everything that a client on this machine needs. `ca_bundle` may be
/// empty.
void write_endpoints(const std::filesystem::path& file, const Provisioned& provisioned,
                     const std::string& management_url, const std::string& files_url, const std::string& ca_bundle);

/// What has been renewed while the service runs.
struct RenewedSecrets {
  std::optional<Secret> client_secret = {};
  std::optional<Secret> storage_key = {};
};

/// Puts them into a file that write_endpoints has written; nothing happens where there is none. Not to be called by
/// several threads at a time. Throws std::system_error.
void update_endpoints(const std::filesystem::path& file, const RenewedSecrets& renewed);

}  // namespace batchai::server
