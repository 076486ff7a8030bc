#pragma once

#include "server/records/store.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {

/// The parameters of a cluster or a file server without the password of its administrator: nobody signs in on a node by
/// it, so that nothing is lost with it.
nlohmann::json without_node_password(nlohmann::json parameters);

/// Takes the passwords out that earlier versions stored.
void forget_node_passwords(Store& store);

}  // namespace batchai::server
