#pragma once

#include "batchai/version.hpp"

#include <memory>
#include <string>
#include <string_view>

BATCHAI_NAMESPACE_BEGIN

/// A request that is about to be sent, without secrets. Each try is one.
struct TracedRequest {
  std::string method;
  std::string url;
  /// `x-ms-client-request-id`, which all tries share.
  std::string client_request_id;
};

/// How it ended.
struct TracedResponse {
  /// HTTP status; 0 where there was no answer.
  int status = 0;
  /// `x-ms-request-id`, to be found in the service's log.
  std::string request_id = {};
  /// One sentence; empty where there was an answer.
  std::string error = {};
};

/// What a tracer keeps of one request. Used by one thread, which destroys it after the end.
class RequestSpan {
 public:
  virtual ~RequestSpan() = default;
  /// Is sent as the header of that name (W3C Trace Context): `00-TRACE-SPAN-FLAGS`; none is where it is empty.
  virtual std::string traceparent() const = 0;
  /// The same for the header `tracestate`.
  virtual std::string tracestate() const { return {}; }
  /// Called once. It must not throw.
  virtual void end(const TracedResponse& response) = 0;
};

/// Where requests are traced: an adapter to OpenTelemetry or the like. Thread-safe.
class Tracer {
 public:
  virtual ~Tracer() = default;
  /// Called on the thread that calls the library, so that its current span can be the parent; in transfers and
  /// submissions of many, on threads of the library. Null: the request is not traced.
  virtual std::unique_ptr<RequestSpan> start(const TracedRequest& request) = 0;
};

/// A `traceparent` of a new trace, sampled, with random ids.
std::string new_traceparent();
/// One of the same trace and with the same flags, with a new span. Throws InvalidArgument for text that is no
/// `traceparent` of version 00.
std::string child_traceparent(std::string_view parent);

BATCHAI_NAMESPACE_END
