#include "naming/file_names.hpp"
#include "server/files/answer.hpp"
#include "server/files/operations.hpp"
#include "server/files/request_values.hpp"

#include <algorithm>
#include <cerrno>

namespace batchai::server::files::operations {
namespace {

constexpr mode_t kDirectoryMode = 0777;

/// An existing directory with what is known of it.
struct OpenDirectory {
  Descriptor descriptor;
  Attributes attributes;
  NodeState state;
  std::string parent;
};

OpenDirectory open(const Call& call) {
  const Descriptor share = call.open_share();
  OpenDirectory directory;
  directory.parent = "0";
  if (!call.address.path.empty()) {
    directory.parent = parent_id(locate(share.get(), call.address.path));
  }
  directory.descriptor = open_directory(share.get(), call.address.path);
  directory.attributes = call.backend.attributes.load(directory.descriptor.get());
  directory.state = directory_state(read_state(directory.descriptor.get()), directory.attributes);
  return directory;
}

Timestamp later_than(Timestamp before) {
  return std::max(std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()), before + Ticks(1));
}

Response change_answer(const Call& call, int status, const OpenDirectory& directory) {
  Response response{.status = status};
  set_moment(response, directory.state.etag(), directory.state.last_modified());
  response.headers.set("x-ms-request-server-encrypted", "true");
  set_smb_headers(response, call, NodeKind::Directory, directory.state, directory.attributes, directory.parent);
  return response;
}

/// Keeps the attributes of a directory under a later moment.
void save(const Call& call, OpenDirectory& directory) {
  directory.attributes.modified = later_than(directory.state.modified);
  call.backend.attributes.save(directory.descriptor.get(), directory.attributes);
  directory.state = directory_state(directory.state, directory.attributes);
}

}  // namespace

Response create_directory(const Call& call) {
  const Descriptor share = call.open_share();
  OpenDirectory directory;
  directory.attributes.metadata = read_metadata(call.request.headers);
  read_content_headers(call.request.headers, directory.attributes);
  if (naming::path_problem(call.address.path)) {
    throw StorageError("InvalidResourceName");
  }
  const Place place = locate(share.get(), call.address.path);
  if (place.kind) {
    throw StorageError(*place.kind == NodeKind::Directory ? "ResourceAlreadyExists" : "ResourceTypeMismatch");
  }
  if (mkdirat(place.parent.get(), place.name.c_str(), kDirectoryMode) != 0) {
    throw from_errno(errno);
  }
  directory.descriptor = open_directory_at(place.parent.get(), place.name);
  if (!directory.descriptor.is_open()) {
    throw from_errno(errno);
  }
  directory.state = read_state(directory.descriptor.get());
  directory.parent = parent_id(place);
  save(call, directory);
  return change_answer(call, 201, directory);
}

Response get_directory(const Call& call) {
  const OpenDirectory directory = open(call);
  Response response;
  set_moment(response, directory.state.etag(), directory.state.last_modified());
  response.headers.set("x-ms-server-encrypted", "true");
  set_smb_headers(response, call, NodeKind::Directory, directory.state, directory.attributes, directory.parent);
  set_metadata(response, directory.attributes.metadata);
  return response;
}

Response set_directory_metadata(const Call& call) {
  OpenDirectory directory = open(call);
  directory.attributes.metadata = read_metadata(call.request.headers);
  save(call, directory);
  return change_answer(call, 200, directory);
}

Response set_directory_properties(const Call& call) {
  OpenDirectory directory = open(call);
  read_content_headers(call.request.headers, directory.attributes);
  save(call, directory);
  return change_answer(call, 200, directory);
}

Response delete_directory(const Call& call) {
  const Descriptor share = call.open_share();
  const Place place = locate(share.get(), call.address.path);
  if (!place.kind) {
    throw StorageError("ResourceNotFound");
  }
  if (*place.kind != NodeKind::Directory) {
    throw StorageError("ResourceTypeMismatch");
  }
  const Descriptor directory = open_directory_at(place.parent.get(), place.name);
  remove_directory(place);
  if (directory.is_open()) {
    call.backend.attributes.erase(directory.get());
  }
  return {.status = 202};
}

}  // namespace batchai::server::files::operations
