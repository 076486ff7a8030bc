#pragma once

#include "batchai/core/context.hpp"
#include "batchai/files/models.hpp"
#include "batchai/files/transfer.hpp"

#include <cstdint>
#include <functional>

namespace batchai::files {

/// Cuts `total` bytes into pieces of kLargestPiece and calls `transfer` for each, several at a time, in order of
/// their start. Stops at the first error and rethrows it after all calls have returned; throws Cancelled.
void for_each_piece(std::uint64_t total, const TransferOptions& options, const CallContext& context,
                    const std::function<void(const FileRange&)>& transfer);

}  // namespace batchai::files
