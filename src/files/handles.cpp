#include "files/handles.hpp"

#include "files/answers.hpp"

namespace batchai::inline v1::files {
namespace {

HttpRequest handle_request(const char* method, Url url, const char* component, bool recursive,
                           const std::string& marker) {
  HttpRequest request{.method = method, .url = std::move(url.add_query("comp", component))};
  if (!marker.empty()) {
    request.url.add_query("marker", marker);
  }
  if (recursive) {
    request.headers.set("x-ms-recursive", "true");
  }
  return request;
}

}  // namespace

Pageable<SmbHandle> list_handles(const std::shared_ptr<const Connection>& connection, const Url& url, bool recursive,
                                 const CallContext& context) {
  return Pageable<SmbHandle>([connection, url, recursive, context](const std::string& marker) {
    return read_handles(connection->send(handle_request("GET", url, "listhandles", recursive, marker), context));
  });
}

ClosedHandles close_handles(const Connection& connection, const Url& url, const std::string& id, bool recursive,
                            const CallContext& context) {
  if (id.empty()) {
    throw InvalidArgument("the id of the handle to close is empty");
  }
  ClosedHandles all;
  std::string marker;
  do {
    HttpRequest request = handle_request("PUT", url, "forceclosehandles", recursive, marker);
    request.headers.set("x-ms-handle-id", id);
    const HttpResponse response = connection.send(std::move(request), context);
    const ClosedHandles some = read_closed_handles(response);
    all.closed += some.closed;
    all.failed += some.failed;
    marker = response.headers.get("x-ms-marker");
  } while (!marker.empty());
  return all;
}

}  // namespace batchai::inline v1::files
