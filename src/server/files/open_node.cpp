#include "server/files/open_node.hpp"

#include "naming/file_names.hpp"

#include <cerrno>

#include <fcntl.h>

namespace batchai::server::files {
namespace {

constexpr mode_t kFileMode = 0666;

OpenFile describe(const Backend& backend, Place place, Descriptor descriptor) {
  OpenFile file{std::move(place), std::move(descriptor), {}, {}};
  file.attributes = backend.attributes.load(file.descriptor.get());
  file.state = read_state(file.descriptor.get());
  return file;
}

/// A new file; nothing when somebody else has made it in between.
Descriptor make_file(const Place& place) {
  Descriptor file(
      openat(place.parent.get(), place.name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (!file.is_open() && errno != EEXIST) {
    throw from_errno(errno);
  }
  return file;
}

}  // namespace

OpenFile open_for_reading(const Backend& backend, const Address& address) {
  const Descriptor share = backend.shares.open(address.account, address.share);
  Place place = locate(share.get(), address.path);
  Descriptor descriptor = open_file(place, O_RDONLY);
  return describe(backend, std::move(place), std::move(descriptor));
}

OpenFile open_for_reading(const Call& call) { return open_for_reading(call.backend, call.address); }

OpenFile open_for_writing(const Call& call) {
  const Descriptor share = call.open_share();
  Place place = locate(share.get(), call.address.path);
  if (place.kind && *place.kind != NodeKind::File) {
    throw StorageError("ResourceTypeMismatch");
  }
  Descriptor descriptor = open_file(place, O_RDWR);
  return describe(call.backend, std::move(place), std::move(descriptor));
}

OpenFile open_for_creating(const Call& call) {
  if (naming::path_problem(call.address.path)) {
    throw StorageError("InvalidResourceName");
  }
  const Descriptor share = call.open_share();
  Place place = locate(share.get(), call.address.path);
  Descriptor descriptor = place.kind ? Descriptor() : make_file(place);
  if (descriptor.is_open()) {
    return describe(call.backend, std::move(place), std::move(descriptor));
  }
  if (!call.principal.may_overwrite()) {
    throw StorageError("AuthorizationPermissionMismatch");
  }
  return open_for_writing(call);
}

Response file_change_answer(const Call& call, int status, const OpenFile& file) {
  Response response{.status = status};
  set_moment(response, file.state.etag(), file.state.last_modified());
  response.headers.set("x-ms-request-server-encrypted", "true");
  set_smb_headers(response, call, NodeKind::File, file.state, file.attributes, parent_id(file.place));
  return response;
}

}  // namespace batchai::server::files
