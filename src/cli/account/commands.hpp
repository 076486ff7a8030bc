#pragma once

#include "cli/frame/command.hpp"

#include <vector>

namespace batchai::cli {

std::vector<CommandSpec> login_commands();
std::vector<CommandSpec> logout_commands();
std::vector<CommandSpec> account_commands();
std::vector<CommandSpec> configure_commands();
/// `list-subscriptions` and `get-access-token`, part of account_commands().
std::vector<CommandSpec> token_commands();
std::vector<CommandSpec> version_commands();

}  // namespace batchai::cli
