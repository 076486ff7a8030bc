#pragma once

namespace batchai::server {

/// `batchai-server principal …`: who may use the service that has the data folder. It asks the service where one runs,
/// by the secret that is in `endpoints.json`, and opens the database itself where none does. `words` are those behind
/// `batchai-server`. Prints what it did. Returns the exit status; throws UsageError for a wrong command line,
/// and what the store and the network throw.
int run_principal_command(int count, const char* const* words);

}  // namespace batchai::server
