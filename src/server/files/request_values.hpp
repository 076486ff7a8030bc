#pragma once

#include "server/files/attributes.hpp"
#include "server/files/call.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::server::files {

/// x-ms-meta- headers. Throws InvalidMetadata, EmptyMetadataKey or MetadataTooLarge.
Metadata read_metadata(const Headers& headers);

/// Takes the x-ms-content-…, x-ms-cache-control and x-ms-file-attributes headers over; what is not sent is cleared.
void read_content_headers(const Headers& headers, Attributes& attributes);

/// The header as a number. Throws InvalidHeaderValue; MissingRequiredHeader when absent.
std::uint64_t require_number(const Headers& headers, const char* name);
std::optional<std::uint64_t> parse_number(std::string_view text);

/// Both ends included; without `last`, to the end of the file.
struct ByteRange {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> last = {};
};

/// x-ms-range, else Range. Nothing when there is none, or for a form that is not served (suffixes, several ranges).
std::optional<ByteRange> read_range(const Headers& headers);

/// Number of entries per page. Throws OutOfRangeQueryParameterValue or InvalidQueryParameterValue.
std::size_t read_max_results(const Call& call);

/// Start of a page out of the `marker` parameter, empty for the first. Throws InvalidQueryParameterValue.
std::string read_marker(const Call& call);
std::string write_marker(const std::string& start);

/// Whether a file of this state is to be served: throws ConditionNotMet (If-Match). False: the asker has it already
/// (If-None-Match).
bool is_wanted(const Headers& headers, const std::string& etag);

}  // namespace batchai::server::files
