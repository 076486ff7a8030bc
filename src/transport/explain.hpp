#pragma once

#include "batchai/core/transport_failure.hpp"
#include "batchai/core/url.hpp"

#include <string>

namespace batchai::inline v1 {

/// What cpprestsdk reports of an exchange that failed: where it failed, in words, and a number whose kind (errno,
/// getaddrinfo, Asio's own, OpenSSL's) it does not report.
struct NativeFailure {
  std::string text;
  int code = 0;
};

/// Our own text, beside those of cpprestsdk.
inline constexpr const char* kInvalidLength = "Invalid Content-Length";

/// The cause in a sentence. `proxy`: what the request went through; empty: nothing.
FailedExchange explain(const NativeFailure& failure, const Url& target, const std::string& proxy);

/// An answer with status 407.
FailedExchange proxy_wants_password(const Url& target, const std::string& proxy);

}  // namespace batchai::inline v1
