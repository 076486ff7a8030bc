#include "server/files/http/request_values.hpp"
#include "server/files/operations/open_directory.hpp"
#include "server/files/operations/operations.hpp"

#include <cerrno>

namespace batchai::server::files::operations {
namespace {

constexpr mode_t kDirectoryMode = 0777;

}  // namespace

Response create_directory(const Call& call) {
  require_path(call.address.path);
  Metadata metadata = read_metadata(call.request.headers);
  const SmbChanges changes = read_smb_changes(call, NodeKind::Directory);
  const Descriptor share = call.open_share();
  TreeEntry entry = locate(share.get(), call.address.path);
  if (entry.kind) {
    throw StorageError(*entry.kind == NodeKind::Directory ? "ResourceAlreadyExists" : "ResourceTypeMismatch");
  }
  if (mkdirat(entry.parent.get(), entry.name.c_str(), kDirectoryMode) != 0) {
    throw from_errno(errno);
  }
  entry.kind = NodeKind::Directory;
  OpenDirectory directory = open_directory_place(call.backend, entry);
  directory.attributes = {.metadata = std::move(metadata)};
  save_new(call, directory, changes);
  return directory_change_answer(call, 201, directory);
}

Response get_directory(const Call& call) {
  const OpenDirectory directory = open_addressed_directory(call);
  Response response;
  set_moment(response, directory.state.etag(), directory.state.last_modified());
  response.headers.set("x-ms-server-encrypted", "true");
  set_smb_headers(response, call, NodeKind::Directory, directory.state, directory.attributes, directory.parent);
  set_metadata(response, directory.attributes.metadata);
  return response;
}

Response set_directory_metadata(const Call& call) {
  Metadata metadata = read_metadata(call.request.headers);
  OpenDirectory directory = open_addressed_directory(call);
  directory.attributes.metadata = std::move(metadata);
  save_change(call, directory, {});
  return directory_change_answer(call, 200, directory);
}

Response set_directory_properties(const Call& call) {
  const SmbChanges changes = read_smb_changes(call, NodeKind::Directory);
  OpenDirectory directory = open_addressed_directory(call);
  save_change(call, directory, changes);
  return directory_change_answer(call, 200, directory);
}

Response delete_directory(const Call& call) {
  const Descriptor share = call.open_share();
  const TreeEntry entry = locate(share.get(), call.address.path);
  if (!entry.kind) {
    throw StorageError("ResourceNotFound");
  }
  if (*entry.kind != NodeKind::Directory) {
    throw StorageError("ResourceTypeMismatch");
  }
  const OpenDirectory directory = open_directory_place(call.backend, entry);
  if (is_read_only(directory.attributes)) {
    throw StorageError("ReadOnlyAttribute");
  }
  remove_directory(entry);
  call.backend.attributes.erase(directory.descriptor.get());
  return {.status = 202};
}

}  // namespace batchai::server::files::operations
