#pragma once

#include "batchai/models/common.hpp"
#include "cli/app/context.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::cli {

/// -u, -k, -p and --generate-ssh-keys.
std::vector<OptionSpec> admin_options();

/// Fills in the administrator of nodes or a file server: option, else what is there, else the current user and
/// `~/.ssh/id_rsa.pub`. Throws UsageError for a broken key, and when there is neither key nor password.
void complete_admin_account(UserAccountSettings& account, const Arguments& arguments, const Context& context);

/// Makes `id_rsa` and `id_rsa.pub` in `folder`, unless the public one is there; one that is missing beside a private
/// key is derived from that.
void generate_ssh_keys(const std::filesystem::path& folder);

/// The same in `~/.ssh`, where --generate-ssh-keys asks for it and no key is given.
void generate_wanted_ssh_keys(const Arguments& arguments, const Context& context);

/// Whether this is a line as in `id_rsa.pub`: a kind, and base64 that begins with the same kind.
bool is_ssh_public_key(std::string_view text);

}  // namespace batchai::cli
