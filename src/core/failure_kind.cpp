#include "batchai/core/failure_kind.hpp"

#include "batchai/core/transport_failure.hpp"

namespace batchai::inline v1 {
namespace {

FailureKind kind_of(TransportFailure failure) noexcept {
  switch (failure) {
    case TransportFailure::UnknownHost:
    case TransportFailure::NoTls:
    case TransportFailure::Tls:
    case TransportFailure::NoHttp:
      return FailureKind::WrongPeer;
    default:
      return FailureKind::Unreachable;
  }
}

}  // namespace

FailureKind failure_kind(const std::exception& error) noexcept {
  if (dynamic_cast<const UntrustedCertificate*>(&error) != nullptr ||
      dynamic_cast<const AuthenticationError*>(&error) != nullptr) {
    return FailureKind::Untrusted;
  }
  if (const auto* transport = dynamic_cast<const TransportError*>(&error)) {
    return kind_of(failure_of(*transport));
  }
  const auto* service = dynamic_cast<const ServiceError*>(&error);
  return service == nullptr ? FailureKind::Permanent : failure_kind(service->status());
}

FailureKind failure_kind(int status) noexcept {
  switch (status) {
    case 401:
    case 403:
      return FailureKind::Untrusted;
    case 408:
    case 500:
      return FailureKind::Failed;
    case 429:
    case 503:
      return FailureKind::Busy;
    case 502:
    case 504:
      return FailureKind::Unreachable;
    default:
      return status > 500 ? FailureKind::Unable : FailureKind::Permanent;
  }
}

bool is_transient(FailureKind kind) noexcept {
  return kind != FailureKind::Permanent && kind != FailureKind::Untrusted;
}

bool is_transient(const std::exception& error) noexcept { return is_transient(failure_kind(error)); }

bool is_worth_repeating(FailureKind kind) noexcept {
  return kind == FailureKind::Unreachable || kind == FailureKind::Busy || kind == FailureKind::Failed;
}

}  // namespace batchai::inline v1
