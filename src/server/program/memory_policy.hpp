#pragma once

namespace batchai::server {

/// Makes the process give large blocks (a body, the memory that checking a secret takes) back to the system when they
/// are freed. By default glibc keeps them, for each of its arenas, once it has seen a few. Call it before the first
/// thread is made.
void return_large_blocks();

}  // namespace batchai::server
