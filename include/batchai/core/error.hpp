#pragma once

#include "batchai/core/time.hpp"
#include "batchai/version.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

/// Base of every error this library throws on purpose. `what()` is one readable sentence without secrets. A value:
/// errors can be handed from thread to thread.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A value that the library knows to be wrong before sending it: a name that breaks a rule, a bad endpoint.
class InvalidArgument : public Error {
 public:
  using Error::Error;
};

/// No answer came: connection, TLS or protocol failure.
class TransportError : public Error {
 public:
  /// The message is `reason` with the endpoint in it.
  TransportError(std::string endpoint, const std::string& reason);
  /// Scheme, host and port of the peer that could not be reached.
  [[nodiscard]] const std::string& endpoint() const noexcept { return endpoint_; }

 protected:
  /// A message that names the endpoint itself.
  struct WholeMessage {
    std::string text;
  };
  /// With a message that says everything already.
  TransportError(std::string endpoint, const WholeMessage& message);

 private:
  std::string endpoint_;
};

/// The peer's TLS certificate is not trusted, or is for another host. Trying again does not help.
class UntrustedCertificate : public TransportError {
 public:
  /// `reason` is that of the library that checks certificates.
  UntrustedCertificate(std::string endpoint, const std::string& host, const std::string& reason);
};

/// The deadline of the call passed before it was done.
class DeadlineExceeded : public Error {
 public:
  using Error::Error;
};

/// The call was cancelled through its token.
class Cancelled : public Error {
 public:
  Cancelled() : Error("cancelled") {}
};

/// No token could be obtained: credentials are missing or the authority refused them.
class AuthenticationError : public Error {
 public:
  /// `code`: that of the authority, as `invalid_client`; empty where it gave none.
  explicit AuthenticationError(const std::string& message, std::string code = {})
      : Error(message), code_(std::move(code)) {}
  /// The authority's own code, as `AADSTS7000215`; empty where there is none.
  [[nodiscard]] const std::string& code() const noexcept { return code_; }

 private:
  std::string code_;
};

/// The error document of ARM (`error: {code, message, target, details}`) or of Azure Storage (`<Error>`).
struct ErrorBody {
  std::string code;
  std::string message;
  std::string target;
  std::vector<ErrorBody> details = {};
  /// Further members by name, as `HeaderName` and `HeaderValue` of Azure Storage or `innererror` of ARM: text as it is,
  /// anything else as JSON.
  std::map<std::string, std::string> extra = {};
};

/// Which request a ServiceError is about, and what the answer had beside status and error document.
struct RefusedRequest {
  std::string method = {};
  /// Query parameters that may give access to something have the value `REDACTED`.
  std::string url = {};
  /// `x-ms-client-request-id` of the request: the id that the library gave it.
  std::string client_request_id = {};
  /// `x-ms-request-id` of the answer, to be found in the service's log.
  std::string request_id = {};
  /// What the service asked for (`Retry-After`), if it did.
  std::optional<Duration> retry_after = {};
  /// The answer as it came, up to kLongest bytes.
  std::string raw_body = {};

  static constexpr std::size_t kLongest = std::size_t{64} * 1024;
};

/// The service answered with an error status. NotFound, Conflict, PreconditionFailed and Throttled are thrown for the
/// statuses that programs most often handle.
class ServiceError : public Error {
 public:
  /// Of an answer with this HTTP status.
  ServiceError(int status, ErrorBody body, std::string request_id);
  /// Of an answer with this HTTP status.
  ServiceError(int status, ErrorBody body, RefusedRequest request);
  /// HTTP status.
  [[nodiscard]] int status() const noexcept { return status_; }
  /// The whole document of the error: code, message, target, details.
  [[nodiscard]] const ErrorBody& body() const noexcept { return *body_; }
  /// Service code, as `JobNotFound`; empty where the answer held none.
  [[nodiscard]] const std::string& code() const noexcept { return body_->code; }
  /// The sentence of the service; empty where the answer held none.
  [[nodiscard]] const std::string& message() const noexcept { return body_->message; }
  /// Further errors behind this one, as the service names them.
  [[nodiscard]] const std::vector<ErrorBody>& details() const noexcept { return body_->details; }
  /// All that is known about request and answer.
  [[nodiscard]] const RefusedRequest& request() const noexcept { return *request_; }
  /// Of the request; empty where the error was not made from an answer.
  [[nodiscard]] const std::string& method() const noexcept { return request_->method; }
  /// Without secrets; empty where the error was not made from an answer.
  [[nodiscard]] const std::string& url() const noexcept { return request_->url; }
  /// `x-ms-client-request-id`, by which the service can be asked about it.
  [[nodiscard]] const std::string& client_request_id() const noexcept { return request_->client_request_id; }
  /// `x-ms-request-id` of the answer, to be found in the service's log.
  [[nodiscard]] const std::string& request_id() const noexcept { return request_->request_id; }
  /// How long the service asked clients to wait (`Retry-After`), if it did.
  [[nodiscard]] const std::optional<Duration>& retry_after() const noexcept { return request_->retry_after; }
  /// The body as it came, up to RefusedRequest::kLongest bytes.
  [[nodiscard]] const std::string& raw_body() const noexcept { return request_->raw_body; }

 private:
  int status_;
  std::shared_ptr<const ErrorBody> body_;
  std::shared_ptr<const RefusedRequest> request_;
};

/// 404: what was named, or something above it, is not there.
class NotFound : public ServiceError {
 public:
  using ServiceError::ServiceError;
  /// Of an error with this status.
  explicit NotFound(const ServiceError& error) : ServiceError(error) {}
};

/// 409: it is there already, or its state does not allow it now.
class Conflict : public ServiceError {
 public:
  using ServiceError::ServiceError;
  /// Of an error with this status.
  explicit Conflict(const ServiceError& error) : ServiceError(error) {}
};

/// 412: it has been changed since, or a lease is missing.
class PreconditionFailed : public ServiceError {
 public:
  using ServiceError::ServiceError;
  /// Of an error with this status.
  explicit PreconditionFailed(const ServiceError& error) : ServiceError(error) {}
};

/// 429 or 503: the service asks for a pause, and did so at each try. See retry_after().
class Throttled : public ServiceError {
 public:
  using ServiceError::ServiceError;
  /// Of an error with this status.
  explicit Throttled(const ServiceError& error) : ServiceError(error) {}
};

/// Throws it as the class for its status. For doubles of clients and transports in tests.
[[noreturn]] void throw_service_error(const ServiceError& error);

/// A long-running operation was accepted and then failed or was cancelled by the service.
class OperationFailed : public Error {
 public:
  /// `status` as the service wrote it: `Failed` or `Canceled`.
  OperationFailed(std::string status, ErrorBody body);
  /// `Failed` or `Canceled`.
  [[nodiscard]] const std::string& operation_status() const noexcept { return status_; }
  /// What the service says about the reason.
  [[nodiscard]] const ErrorBody& body() const noexcept { return *body_; }

 private:
  std::string status_;
  std::shared_ptr<const ErrorBody> body_;
};

/// The answer is not what the protocol promises (not JSON, a member of the wrong type, too many bytes).
class ProtocolError : public Error {
 public:
  using Error::Error;
};

/// A list or a tree of directories that leads back into itself, so that walking it would never end.
class EndlessList : public ProtocolError {
 public:
  using ProtocolError::ProtocolError;
};

BATCHAI_NAMESPACE_END
