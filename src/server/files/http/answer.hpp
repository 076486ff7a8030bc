#pragma once

#include "server/files/disk/attributes.hpp"
#include "server/files/disk/node_state.hpp"
#include "server/files/disk/tree.hpp"
#include "server/files/http/call.hpp"
#include "server/files/http/smb_headers.hpp"
#include "server/files/http/storage_error.hpp"

#include <string>

namespace pugi {
class xml_document;
}

/// Parts of answers.
namespace batchai::server::files {

void set_moment(Response& response, const std::string& etag, const std::string& last_modified);
void set_metadata(Response& response, const Metadata& metadata);

/// What clients see of a file or directory whose inode is in `state`: the times that requests have set and that
/// still count, and for directories moments that their children do not change.
NodeState seen_state(NodeKind kind, const NodeState& state, const Attributes& attributes);

/// Without the MD5 of a file in `state` that a job has written to since a request left it.
Attributes drop_void_hash(Attributes attributes, const NodeState& state);

/// `0` for what is in the share's root.
std::string parent_id(const TreeEntry& entry);

Response xml_answer(int status, const pugi::xml_document& document);

/// x-ms-lease-status, -state and -duration.
void set_lease_headers(Response& response, const std::optional<Lease>& lease, Timestamp now);

/// The answer to a lease request.
Response lease_answer(const LeaseOutcome& outcome, const std::string& etag, const std::string& last_modified);

/// The error as a document, with the message as reason phrase; without body for HEAD.
Response error_answer(const StorageError& error, const Request& request, Timestamp now);

}  // namespace batchai::server::files
