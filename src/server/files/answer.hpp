#pragma once

#include "server/files/attributes.hpp"
#include "server/files/call.hpp"
#include "server/files/node_state.hpp"
#include "server/files/storage_error.hpp"
#include "server/files/tree.hpp"

#include <string>

namespace pugi {
class xml_document;
}

/// Pieces that answers are put together from.
namespace batchai::server::files {

void set_moment(Response& response, const std::string& etag, const std::string& last_modified);
void set_metadata(Response& response, const Metadata& metadata);

/// ETag and Last-Modified of a directory, which its children do not change.
NodeState directory_state(const NodeState& state, const Attributes& attributes);

/// The seven x-ms-file- headers, from the version on that has them.
void set_smb_headers(Response& response, const Call& call, NodeKind kind, const NodeState& state,
                     const Attributes& attributes, const std::string& parent_id);

/// `0` for what lies in the share itself.
std::string parent_id(const Place& place);

/// SMB flags as the service writes them.
std::string smb_attributes(NodeKind kind, const Attributes& attributes);

/// The permission that everything has here.
inline constexpr const char* kPermissionKey = "8457983500571436034*2142566896740299659";

Response xml_answer(int status, const pugi::xml_document& document);

/// The error as a document, with the message as reason phrase; without body for HEAD.
Response error_answer(const StorageError& error, const Request& request, Timestamp now);

}  // namespace batchai::server::files
