#include "batchai/files/lease_client.hpp"

#include "files/answers.hpp"
#include "files/connection.hpp"

namespace batchai::inline v1::files {
namespace {

HttpRequest lease_request(Url target, const char* action, const std::string& id = {}) {
  HttpRequest request{
      .method = "PUT", .url = target.add_query("comp", "lease"), .headers = {{"x-ms-lease-action", action}}};
  if (!id.empty()) {
    request.headers.set("x-ms-lease-id", id);
  }
  return request;
}

}  // namespace

LeaseClient::LeaseClient(std::shared_ptr<const Connection> connection, Url target)
    : connection_(std::move(connection)), target_(std::move(target)) {}

std::string LeaseClient::acquire(const std::optional<std::chrono::seconds>& duration, const std::string& proposed_id,
                                 const CallContext& context) const {
  HttpRequest request = lease_request(target_, "acquire");
  request.headers.set("x-ms-lease-duration", duration ? std::to_string(duration->count()) : "-1");
  if (!proposed_id.empty()) {
    request.headers.set("x-ms-proposed-lease-id", proposed_id);
  }
  return connection_->send(std::move(request), context).headers.get("x-ms-lease-id");
}

WriteResult LeaseClient::renew(const std::string& id, const CallContext& context) const {
  return read_write(connection_->send(lease_request(target_, "renew", id), context));
}

std::string LeaseClient::change(const std::string& id, const std::string& new_id, const CallContext& context) const {
  HttpRequest request = lease_request(target_, "change", id);
  request.headers.set("x-ms-proposed-lease-id", new_id);
  return connection_->send(std::move(request), context).headers.get("x-ms-lease-id");
}

WriteResult LeaseClient::release(const std::string& id, const CallContext& context) const {
  return read_write(connection_->send(lease_request(target_, "release", id), context));
}

std::chrono::seconds LeaseClient::end(const CallContext& context) const {
  const HttpResponse response = connection_->send(lease_request(target_, "break"), context);
  return std::chrono::seconds(read_number_header(response, "x-ms-lease-time").value_or(0));
}

}  // namespace batchai::inline v1::files
