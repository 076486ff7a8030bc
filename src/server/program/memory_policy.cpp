#include "server/program/memory_policy.hpp"

#include <malloc.h>

namespace batchai::server {
namespace {

/// More than the buffers of a single request.
constexpr int kLargeBytes = 512 * 1024;

}  // namespace

// Set once, the threshold does not grow any more with what is freed (mallopt(3)).
void return_large_blocks() { ::mallopt(M_MMAP_THRESHOLD, kLargeBytes); }

}  // namespace batchai::server
