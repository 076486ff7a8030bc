#pragma once

#include "server/files/disk/attributes.hpp"
#include "server/files/disk/node_state.hpp"
#include "server/files/http/call.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::server::files {

/// x-ms-meta- headers. Throws InvalidMetadata, EmptyMetadataKey or MetadataTooLarge.
Metadata read_metadata(const Headers& headers);

/// Takes the x-ms-content-… and x-ms-cache-control headers over; what is not sent is cleared. Throws InvalidHeaderValue
/// or InvalidMd5.
void read_content_headers(const Headers& headers, Attributes& attributes);
/// One of them. Throws InvalidHeaderValue for text that HTTP cannot send back.
std::string content_header(const Headers& headers, const char* name);

/// Throws InvalidResourceName or InvalidFileOrDirectoryPathName for a path that breaks the rules for new names.
void require_path(const std::vector<std::string>& path);

/// The header as a number. Throws InvalidHeaderValue; MissingRequiredHeader when absent.
std::uint64_t require_number(const Headers& headers, const char* name);

/// Both ends included; without `last`, to the end of the file.
struct ByteRange {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> last = {};
};

/// x-ms-range, else Range. Nothing when there is none, or for a form that is not served (suffixes, several ranges).
std::optional<ByteRange> read_range(const Headers& headers);
/// `bytes=1-` or `bytes=1-2`.
std::optional<ByteRange> parse_range(std::string_view text);

/// Number of entries per page. Throws OutOfRangeQueryParameterValue or InvalidQueryParameterValue.
std::size_t read_max_results(const Call& call);

/// Start of a page out of the `marker` parameter, empty for the first. Throws InvalidQueryParameterValue.
std::string read_marker(const Call& call);
std::string write_marker(const std::string& start);

/// Whether a file of this state is to be served: throws ConditionNotMet (If-Match, If-Unmodified-Since). False: the
/// client has it already (If-None-Match, If-Modified-Since).
bool is_wanted(const Headers& headers, const NodeState& state);
/// Whether a file of this state, or none (null), may be written to: throws ConditionNotMet.
void require_conditions(const Headers& headers, const NodeState* state);

}  // namespace batchai::server::files
