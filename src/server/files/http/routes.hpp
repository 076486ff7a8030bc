#pragma once

#include "server/files/http/call.hpp"

namespace batchai::server::files {

/// What carries out a request, and what a SAS has to allow for it.
struct Route {
  Operation operation;
  Need need;
};

/// Throws UnsupportedHttpVerb, UnsupportedQueryParameter or InvalidUri when there is no such operation.
Route find_route(const Request& request, const Address& address);

}  // namespace batchai::server::files
