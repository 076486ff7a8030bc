#pragma once

#include "server/program/server_options.hpp"

#include <filesystem>

namespace batchai::server {

/// Takes over what a JSON file says: an object whose members have the names of the options, with dashes or in
/// camelCase, and the objects `quotas`, `limits` and `operations`. Throws UsageError that names the file and the line
/// or the member: for a file that cannot be read or is no JSON, for unknown and repeated members, wrong types and bad
/// values.
void apply_config_file(const std::filesystem::path& file, ServerOptions& options);

}  // namespace batchai::server
