#pragma once

#include "batchai/core/secret.hpp"

#include <nlohmann/json_fwd.hpp>

namespace batchai::server {

/// What is stored instead of a secret: scrypt (RFC 7914) of it with a random salt, and the parameters used.
nlohmann::json hash_secret(const Secret& secret);

/// Whether `hash` was made of that secret. Takes the same time for every wrong secret. False for a broken hash.
bool matches_hash(const Secret& secret, const nlohmann::json& hash);

}  // namespace batchai::server
