#include "batchai/core/transport_failure.hpp"

namespace batchai::inline v1 {
namespace {

std::string describe(const std::string& endpoint, const std::string& reason, TransportFailure failure) {
  return (failure == TransportFailure::BrokenAnswer ? "the answer of " + endpoint + " is broken: "
                                                    : "no answer from " + endpoint + ": ") +
         reason;
}

}  // namespace

FailedExchange::FailedExchange(const std::string& endpoint, const std::string& reason, TransportFailure failure)
    : TransportError(endpoint, WholeMessage{describe(endpoint, reason, failure)}), failure_(failure) {}

TransportFailure failure_of(const TransportError& error) noexcept {
  if (dynamic_cast<const UntrustedCertificate*>(&error) != nullptr) {
    return TransportFailure::Tls;
  }
  const auto* known = dynamic_cast<const FailedExchange*>(&error);
  return known == nullptr ? TransportFailure::Unreachable : known->failure();
}

}  // namespace batchai::inline v1
