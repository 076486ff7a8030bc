#pragma once

#include "server/files/http/call.hpp"

/// One function for each operation of the service. All throw StorageError.
namespace batchai::server::files::operations {

// Account.
Response list_shares(const Call& call);
Response get_service_properties(const Call& call);
Response set_service_properties(const Call& call);

// Shares.
Response create_share(const Call& call);
/// Takes over quota and access tier where headers name them. Throws InvalidHeaderValue.
void read_share_settings(const Headers& headers, ShareRecord& record, Timestamp now);
Response get_share(const Call& call);
Response set_share_properties(const Call& call);
Response set_share_metadata(const Call& call);
Response get_share_stats(const Call& call);
Response get_share_acl(const Call& call);
Response set_share_acl(const Call& call);
Response lease_share(const Call& call);
Response snapshot_share(const Call& call);
Response create_permission(const Call& call);
Response get_permission(const Call& call);
/// Deleted shares are not kept, so that there is never one to restore.
Response undelete_share(const Call& call);
/// One snapshot, or the share; with its snapshots only when the request says so.
Response delete_share(const Call& call);

// Directories.
Response create_directory(const Call& call);
Response get_directory(const Call& call);
Response set_directory_metadata(const Call& call);
Response set_directory_properties(const Call& call);
Response rename_directory(const Call& call);
Response delete_directory(const Call& call);
Response list_directory(const Call& call);

// Files.
/// Copies when there is an x-ms-copy-source.
Response create_file(const Call& call);
Response get_file(const Call& call);
Response get_file_metadata(const Call& call);
Response head_file(const Call& call);
Response set_file_properties(const Call& call);
Response set_file_metadata(const Call& call);
Response lease_file(const Call& call);
Response rename_file(const Call& call);
Response delete_file(const Call& call);
/// Writes, clears, or, when there is an x-ms-copy-source, copies the bytes from there.
Response put_range(const Call& call);
Response put_range_from_url(const Call& call);
Response list_ranges(const Call& call);
Response copy_file(const Call& call);
/// Copies are over when they are answered, so that there is never one to abort.
Response abort_copy(const Call& call);

// Handles belong to SMB, which this service does not speak: there are none.
Response list_handles(const Call& call);
Response close_handles(const Call& call);

}  // namespace batchai::server::files::operations
