#pragma once

#include "server/identity/access_tokens.hpp"
#include "server/identity/principals.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// The principal that `token` is for, with the role that it has now. Never null. Throws ServiceFault 401 for a token
/// that AccessTokens::verify refuses, whose principal has been removed, or whose principal's secrets have been revoked
/// since.
std::shared_ptr<const Principal> signed_in(const AccessTokens& tokens, const Principals& principals,
                                           std::string_view token, const std::vector<std::string>& audiences);

}  // namespace batchai::server
