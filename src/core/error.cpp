#include "batchai/core/error.hpp"

#include <utility>

namespace batchai::inline v1 {
namespace {

std::string describe(const std::string& lead, const ErrorBody& body) {
  if (body.code.empty() && body.message.empty()) {
    return lead;
  }
  if (body.message.empty()) {
    return lead + ": " + body.code;
  }
  return body.code.empty() ? lead + ": " + body.message : "(" + body.code + ") " + body.message;
}

}  // namespace

TransportError::TransportError(std::string endpoint, const std::string& reason)
    : Error("no answer from " + endpoint + ": " + reason), endpoint_(std::move(endpoint)) {}

TransportError::TransportError(std::string endpoint, const WholeMessage& message)
    : Error(message.text), endpoint_(std::move(endpoint)) {}

UntrustedCertificate::UntrustedCertificate(std::string endpoint, const std::string& host, const std::string& reason)
    : TransportError(std::move(endpoint), WholeMessage{"the certificate of " + host + " is not trusted: " + reason}) {}

ServiceError::ServiceError(int status, ErrorBody body, std::string request_id)
    : ServiceError(status, std::move(body), RefusedRequest{.request_id = std::move(request_id)}) {}

ServiceError::ServiceError(int status, ErrorBody body, RefusedRequest request)
    : Error(describe("the service answered with status " + std::to_string(status), body)),
      status_(status),
      body_(std::make_shared<const ErrorBody>(std::move(body))),
      request_(std::make_shared<const RefusedRequest>(std::move(request))) {}

void throw_service_error(const ServiceError& error) {
  switch (error.status()) {
    case 404:
      throw NotFound(error);
    case 409:
      throw Conflict(error);
    case 412:
      throw PreconditionFailed(error);
    case 429:
    case 503:
      throw Throttled(error);
    default:
      throw ServiceError(error);
  }
}

OperationFailed::OperationFailed(std::string status, ErrorBody body)
    : Error(describe("the operation ended as " + status, body)),
      status_(std::move(status)),
      body_(std::make_shared<const ErrorBody>(std::move(body))) {}

}  // namespace batchai::inline v1
