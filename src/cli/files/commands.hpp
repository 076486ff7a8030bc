#pragma once

#include "cli/frame/command.hpp"

#include <vector>

namespace batchai::cli {

std::vector<CommandSpec> files_commands();
/// What `az storage` calls them, part of the group `storage`.
std::vector<CommandSpec> az_storage_commands();
/// Part of az_storage_commands().
std::vector<CommandSpec> az_transfer_commands();
// Parts of files_commands().
std::vector<CommandSpec> share_commands();
std::vector<CommandSpec> directory_commands();
std::vector<CommandSpec> transfer_commands();

}  // namespace batchai::cli
