#pragma once

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"
#include "batchai/core/pageable.hpp"
#include "batchai/files/models.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// From the service's answers to models. All throw ProtocolError for an answer that breaks the protocol.
namespace batchai::inline v1::files {

/// The `<Error>` document, else the x-ms-error-code header with the reason phrase. `now` is for a Retry-After that is a
/// date.
ServiceError make_storage_error(const HttpResponse& response, Timestamp now);

Page<ShareItem> read_shares(const HttpResponse& response);
Page<DirectoryEntry> read_entries(const HttpResponse& response);
std::vector<FileRange> read_ranges(const HttpResponse& response);

WriteResult read_write(const HttpResponse& response);
Page<SmbHandle> read_handles(const HttpResponse& response);
ClosedHandles read_closed_handles(const HttpResponse& response);
ShareProperties read_share_properties(const HttpResponse& response);
DirectoryProperties read_directory_properties(const HttpResponse& response);
CreatedFile read_created_file(const HttpResponse& response);
FileProperties read_file_properties(const HttpResponse& response);
FilePiece read_piece(HttpResponse response);

std::uint64_t read_share_usage(const HttpResponse& response);
std::vector<AccessPolicy> read_access_policies(const HttpResponse& response);
/// The same as a request's body.
std::string write_access_policies(const std::vector<AccessPolicy>& policies);

/// Nothing if the answer has no such header, or no number in it.
std::optional<std::uint64_t> read_number_header(const HttpResponse& response, const char* name);

}  // namespace batchai::inline v1::files
