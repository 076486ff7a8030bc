#pragma once

#include "server/records/store.hpp"

#include <string>

namespace batchai::server {

/// The body of a document as it is sent: JSON text, with the members of a resource in the order in which the API's
/// description lists them.
std::string wire_text(const Document& document);

}  // namespace batchai::server
