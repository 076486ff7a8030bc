#pragma once

#include "batchai/version.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

/// Base of every error this library throws on purpose. `what()` is one readable sentence without secrets.
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
  TransportError(std::string endpoint, const std::string& reason);
  /// Scheme, host and port of the peer that could not be reached.
  const std::string& endpoint() const noexcept { return endpoint_; }

 protected:
  struct WholeMessage {
    std::string text;
  };
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
  explicit AuthenticationError(const std::string& message, std::string code = {})
      : Error(message), code_(std::move(code)) {}
  /// The authority's own code, as `AADSTS7000215`; empty where there is none.
  const std::string& code() const noexcept { return code_; }

 private:
  std::string code_;
};

/// The error document of ARM (`error: {code, message, target, details}`) or of Azure Storage (`<Error>`).
struct ErrorBody {
  std::string code;
  std::string message;
  std::string target;
  std::vector<ErrorBody> details = {};
};

/// The service answered with an error status.
class ServiceError : public Error {
 public:
  ServiceError(int status, ErrorBody body, std::string request_id);
  /// HTTP status.
  int status() const noexcept { return status_; }
  const ErrorBody& body() const noexcept { return *body_; }
  /// Service code, as `JobNotFound`; empty where the answer held none.
  const std::string& code() const noexcept { return body_->code; }
  /// `x-ms-request-id` of the answer, to be found in the service's log.
  const std::string& request_id() const noexcept { return request_id_; }

 private:
  int status_;
  std::shared_ptr<const ErrorBody> body_;
  std::string request_id_;
};

/// A long-running operation was accepted and then failed or was cancelled by the service.
class OperationFailed : public Error {
 public:
  OperationFailed(std::string status, ErrorBody body);
  /// `Failed` or `Canceled`.
  const std::string& operation_status() const noexcept { return status_; }
  const ErrorBody& body() const noexcept { return *body_; }

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
