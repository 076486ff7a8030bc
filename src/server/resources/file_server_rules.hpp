#pragma once

#include "batchai/models/file_server.hpp"

namespace batchai::server {

/// Checks what a client sends for a new file server and writes the defaults into it, as the service shows them
/// afterwards: upper-case size, caching, addresses that may log in. Throws ServiceFault 400 naming the member.
void complete_file_server(FileServerCreateParameters& parameters);

}  // namespace batchai::server
