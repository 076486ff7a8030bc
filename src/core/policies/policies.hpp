#pragma once

#include "batchai/core/pipeline.hpp"

#include <memory>
#include <string>

/// The policies that pipelines are made of, in their order there.
namespace batchai::policies {

/// Gives every request an x-ms-client-request-id that all its tries share.
std::unique_ptr<const Policy> request_id();

/// Sets User-Agent.
std::unique_ptr<const Policy> telemetry(const std::string& application);

/// Repeats what may be repeated: after transport errors and 408, 429, 500, 502, 503, 504. A request that is neither
/// idempotent nor marked repeatable is repeated after 429 only, which says that nothing was done. Reports every
/// repetition to `sink`, if there is one.
std::unique_ptr<const Policy> retry(RetryOptions options, std::shared_ptr<Clock> clock, LogSink sink);

/// Adds the bearer token; after a 401 asks once for a fresh one. Throws ProtocolError instead of sending a token to
/// another origin, InvalidArgument instead of sending it unencrypted off this machine.
std::unique_ptr<const Policy> bearer(std::shared_ptr<TokenCredential> credential, std::string audience,
                                     std::string origin);

/// Signs every try anew: signatures cover the date.
std::unique_ptr<const Policy> sign(RequestSigner signer, std::shared_ptr<Clock> clock);

/// Has `tracer` follow each try.
std::unique_ptr<const Policy> trace(std::shared_ptr<Tracer> tracer);

/// Reports each try with its answer and how long it took, or, where `least` is above Debug, only those without an
/// answer; secrets are replaced.
std::unique_ptr<const Policy> log(LogSink sink, LogLevel least, std::shared_ptr<Clock> clock);

}  // namespace batchai::policies
