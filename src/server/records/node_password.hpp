#pragma once

#include "server/records/store.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {

/// The parameters of a cluster or a file server without the password of its administrator: it is not needed, since
/// nobody can sign in to a node with it.
nlohmann::json without_node_password(nlohmann::json parameters);

/// Removes the passwords that earlier versions stored.
void forget_node_passwords(Store& store);

}  // namespace batchai::server
