#pragma once

#include "server/files/http/call.hpp"

#include <cstdint>
#include <functional>

/// What the ways to write a range of a file have in common.
namespace batchai::server::files {

struct WriteSpan {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

/// x-ms-range or Range with both ends. Throws MissingRequiredHeader or InvalidHeaderValue.
WriteSpan read_write_span(const Headers& headers);

/// Throws RequestBodyTooLarge over 4 MiB.
void require_writable_length(const WriteSpan& span);

/// The result of a write: content, or none.
enum class RangeWrite { Update, Clear };

/// Opens the file that the address names, lets `write` change bytes of `span`, and answers. Writing never makes a file
/// longer: throws InvalidRange. It is answered when the bytes are in the file, where jobs and readers see them; they
/// reach the disk when the system writes them back.
Response write_range(const Call& call, const WriteSpan& span, RangeWrite kind,
                     const std::function<void(int file)>& write);

}  // namespace batchai::server::files
