#pragma once

#include "batchai/core/cancellation.hpp"

namespace batchai::cli {

/// A token that SIGINT and SIGTERM cancel. The first call blocks both signals in the calling thread, hence in all
/// threads made later, and starts one that waits for them; a second signal ends the program at once with 130.
CancellationToken interruption_token();

}  // namespace batchai::cli
