#pragma once

#include "cli/config/profile.hpp"

#include <nlohmann/json_fwd.hpp>

namespace batchai::cli {

/// A profile as the account commands print it: who, where, which subscription; no secrets.
nlohmann::json account_document(const Profile& profile, bool is_default);

}  // namespace batchai::cli
