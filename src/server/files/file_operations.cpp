#include "server/files/listing.hpp"
#include "server/files/open_node.hpp"
#include "server/files/operations.hpp"
#include "server/files/request_values.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::server::files::operations {
namespace {

constexpr std::uint64_t kLargestFile = 4ULL << 40U;

std::uint64_t read_length(const Headers& headers) {
  const std::uint64_t length = require_number(headers, "x-ms-content-length");
  if (length > kLargestFile) {
    throw StorageError("OutOfRangeInput").with_detail("HeaderName", "x-ms-content-length");
  }
  return length;
}

void resize(int descriptor, std::uint64_t length) {
  if (ftruncate(descriptor, static_cast<off_t>(length)) != 0) {
    throw from_errno(errno);
  }
}

}  // namespace

Response create_file(const Call& call) {
  const Headers& headers = call.request.headers;
  if (headers.contains("x-ms-copy-source")) {
    return copy_file(call);
  }
  if (!iequals(headers.get("x-ms-type"), "file")) {
    throw headers.contains("x-ms-type") ? invalid_header("x-ms-type", headers.get("x-ms-type"))
                                        : StorageError("MissingRequiredHeader").with_detail("HeaderName", "x-ms-type");
  }
  const std::uint64_t length = read_length(headers);
  Attributes attributes;
  attributes.metadata = read_metadata(headers);
  read_content_headers(headers, attributes);
  OpenFile file = open_for_creating(call);
  FileChange change(file.descriptor.get());
  resize(file.descriptor.get(), 0);
  resize(file.descriptor.get(), length);
  call.backend.attributes.save(file.descriptor.get(), attributes);
  file.attributes = std::move(attributes);
  file.state = change.finish();
  return file_change_answer(call, 201, file);
}

Response set_file_properties(const Call& call) {
  const Headers& headers = call.request.headers;
  Attributes changed;
  read_content_headers(headers, changed);
  const bool resizes = headers.contains("x-ms-content-length");
  const std::uint64_t length = resizes ? read_length(headers) : 0;
  OpenFile file = open_for_writing(call);
  changed.metadata = file.attributes.metadata;
  changed.copy_id = file.attributes.copy_id;
  changed.copy_source = file.attributes.copy_source;
  FileChange change(file.descriptor.get());
  if (resizes) {
    resize(file.descriptor.get(), length);
  }
  call.backend.attributes.save(file.descriptor.get(), changed);
  file.attributes = std::move(changed);
  file.state = change.finish();
  return file_change_answer(call, 200, file);
}

Response set_file_metadata(const Call& call) {
  Metadata metadata = read_metadata(call.request.headers);
  OpenFile file = open_for_writing(call);
  FileChange change(file.descriptor.get());
  file.attributes.metadata = std::move(metadata);
  call.backend.attributes.save(file.descriptor.get(), file.attributes);
  file.state = change.finish();
  return file_change_answer(call, 200, file);
}

Response delete_file(const Call& call) {
  const Descriptor share = call.open_share();
  const Place place = locate(share.get(), call.address.path);
  if (!place.kind) {
    throw StorageError("ResourceNotFound");
  }
  if (*place.kind == NodeKind::Directory) {
    throw StorageError("ResourceTypeMismatch");
  }
  // A link or a pipe is not opened, but may be cleared away.
  const Descriptor file = *place.kind == NodeKind::File ? open_file(place, O_RDONLY) : Descriptor();
  if (unlinkat(place.parent.get(), place.name.c_str(), 0) != 0) {
    throw from_errno(errno);
  }
  if (file.is_open()) {
    call.backend.attributes.erase(file.get());
  }
  return {.status = 202};
}

Response list_handles(const Call& call) {
  call.open_share();
  pugi::xml_document document;
  auto root = begin_listing(document, call);
  root.append_child("Entries");
  root.append_child("NextMarker");
  return xml_answer(200, document);
}

Response close_handles(const Call& call) {
  call.open_share();
  Response response;
  response.headers.set("x-ms-number-of-handles-closed", "0");
  response.headers.set("x-ms-number-of-handles-failed", "0");
  return response;
}

}  // namespace batchai::server::files::operations
