#pragma once

#include "server/files/disk/shares.hpp"
#include "server/files/http/address.hpp"

/// Some clients send a wrong URL for a rename's target when the account is in the path: @azure/storage-file-share
/// leaves out the account, the C++ SDK the share. The source, which is always right, shows what is missing.
namespace batchai::server::files {

bool is_rename(const Request& request);

/// The account that the request itself names, with its signature or with the source of a rename; else empty.
std::string named_account(const Request& request);

/// The path in x-ms-file-rename-source. Throws MissingRequiredHeader or InvalidHeaderValue.
Address rename_source(const Request& request);

/// Puts the source's share in front of a target whose share does not exist.
void complete_rename_target(const Request& request, Address& target, const Shares& shares);

}  // namespace batchai::server::files
