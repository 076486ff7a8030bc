#include "server/files/operations/open_directory.hpp"

#include <algorithm>

namespace batchai::server::files {
namespace {

Timestamp later_than(Timestamp before) {
  return std::max(std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()), before + Ticks(1));
}

OpenDirectory describe(const Backend& backend, Descriptor descriptor, std::string parent) {
  OpenDirectory directory{std::move(descriptor), {}, {}, std::move(parent)};
  directory.attributes = backend.attributes.load(directory.descriptor.get());
  directory.state = seen_state(NodeKind::Directory, read_state(directory.descriptor.get()), directory.attributes);
  return directory;
}

void save(const Call& call, OpenDirectory& directory, Timestamp moment) {
  directory.attributes.modified = moment;
  directory.attributes.smb_times_valid_for.reset();
  call.backend.attributes.save(directory.descriptor.get(), directory.attributes);
  directory.state = seen_state(NodeKind::Directory, read_state(directory.descriptor.get()), directory.attributes);
}

}  // namespace

OpenDirectory open_addressed_directory(const Call& call) {
  const Descriptor share = call.open_share();
  if (call.address.path.empty()) {
    return describe(call.backend, open_directory(share.get(), {}), "0");
  }
  return open_directory_place(call.backend, locate(share.get(), call.address.path));
}

OpenDirectory open_directory_place(const Backend& backend, const TreeEntry& entry) {
  Descriptor descriptor = entry.kind ? open_directory_at(entry.parent.get(), entry.name) : Descriptor();
  if (!descriptor.is_open()) {
    throw StorageError("ResourceNotFound");
  }
  return describe(backend, std::move(descriptor), parent_id(entry));
}

void save_new(const Call& call, OpenDirectory& directory, const SmbChanges& changes) {
  const Timestamp moment = later_than(directory.state.created);
  set_new_smb(directory.attributes, changes, moment);
  save(call, directory, moment);
}

void save_change(const Call& call, OpenDirectory& directory, const SmbChanges& changes) {
  const Timestamp moment = later_than(directory.state.modified);
  change_smb(directory.attributes, changes, directory.state, moment);
  save(call, directory, moment);
}

Response directory_change_answer(const Call& call, int status, const OpenDirectory& directory) {
  Response response{.status = status};
  set_moment(response, directory.state.etag(), directory.state.last_modified());
  response.headers.set("x-ms-request-server-encrypted", "true");
  set_smb_headers(response, call, NodeKind::Directory, directory.state, directory.attributes, directory.parent);
  return response;
}

}  // namespace batchai::server::files
