#include "server/files/disk/tree.hpp"
#include "server/files/http/answer.hpp"
#include "server/files/http/listing.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/operations.hpp"

namespace batchai::server::files::operations {
namespace {

/// Throws ResourceNotFound unless the address names a file or a directory.
void require_node(const Call& call) {
  const Descriptor share = call.open_share();
  if (!call.address.path.empty() && !locate(share.get(), call.address.path).kind) {
    throw StorageError("ResourceNotFound");
  }
}

}  // namespace

Response list_handles(const Call& call) {
  require_node(call);
  read_max_results(call);
  pugi::xml_document document;
  auto root = begin_listing(document, call);
  root.append_child("Entries");
  root.append_child("NextMarker");
  return xml_answer(200, document);
}

Response close_handles(const Call& call) {
  require_node(call);
  if (call.header("x-ms-handle-id").empty()) {
    throw StorageError("MissingRequiredHeader").with_detail("HeaderName", "x-ms-handle-id");
  }
  Response response;
  response.headers.set("x-ms-number-of-handles-closed", "0");
  response.headers.set("x-ms-number-of-handles-failed", "0");
  return response;
}

}  // namespace batchai::server::files::operations
