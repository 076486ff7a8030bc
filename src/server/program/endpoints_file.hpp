#pragma once

#include "server/program/provisioning.hpp"

#include <filesystem>
#include <string>

namespace batchai::server {

/// Writes `endpoints.json` (0600, atomically): everything that a client on this machine needs. `ca_bundle` may be
/// empty.
void write_endpoints(const std::filesystem::path& file, const Provisioned& provisioned,
                     const std::string& management_url, const std::string& files_url, const std::string& ca_bundle);

}  // namespace batchai::server
