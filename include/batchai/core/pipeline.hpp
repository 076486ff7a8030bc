#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/credential.hpp"
#include "batchai/core/transport.hpp"
#include "batchai/version.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

class Pipeline;

/// Passes a request on to the policies behind, and in the end to the transport.
class NextPolicy {
 public:
  NextPolicy(const Pipeline& pipeline, std::size_t index) : pipeline_(&pipeline), index_(index) {}
  HttpResponse send(HttpRequest& request, const CallContext& context) const;

 private:
  const Pipeline* pipeline_;
  std::size_t index_;
};

/// One cross-cutting behaviour. Thread-safe: `send` is called from many threads at once.
class Policy {
 public:
  virtual ~Policy() = default;
  virtual HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const = 0;
};

/// Policies in order, then the transport. Immutable, thread-safe.
class Pipeline {
 public:
  Pipeline(std::vector<std::unique_ptr<const Policy>> policies, std::shared_ptr<Transport> transport);
  /// Any HTTP status is an answer; throws as Transport::send and, while signing in, AuthenticationError.
  HttpResponse send(HttpRequest request, const CallContext& context) const;

 private:
  friend class NextPolicy;
  std::vector<std::unique_ptr<const Policy>> policies_;
  std::shared_ptr<Transport> transport_;
};

/// How often and how patiently failed requests are repeated: exponential, with jitter, never past the deadline.
struct RetryOptions {
  /// Further tries after the first one; 0 switches retries off.
  int max_retries = 3;
  std::chrono::milliseconds first_delay{800};
  std::chrono::milliseconds max_delay{60'000};
};

enum class LogLevel { Debug, Info, Warning };
/// Receives one event, without secrets: one line, or a request or answer with its headers and body on further lines.
/// Called from any thread.
using LogSink = std::function<void(LogLevel, std::string_view)>;

/// What all clients take. Every member may be left alone.
struct ClientOptions {
  /// Null: default_transport().
  std::shared_ptr<Transport> transport = nullptr;
  /// Null: the machine's clock.
  std::shared_ptr<Clock> clock = nullptr;
  RetryOptions retry = {};
  /// Put before the library's own name in User-Agent.
  std::string application = {};
  LogSink log = {};
};

/// The same options, with default_transport() where they name none.
ClientOptions with_transport(ClientOptions options);

/// Signs a request in place: adds the Authorization header and what it covers. Called for every try.
using RequestSigner = std::function<void(HttpRequest&)>;

/// Request id, telemetry, bearer token of `credential` for `audience` (sent to `origin` only), retry, log, transport.
std::shared_ptr<const Pipeline> make_bearer_pipeline(const ClientOptions& options,
                                                     std::shared_ptr<TokenCredential> credential, std::string audience,
                                                     std::string origin);

/// Request id, telemetry, retry, a signature for every try, log, transport; without signer for anonymous and SAS
/// requests.
std::shared_ptr<const Pipeline> make_signing_pipeline(const ClientOptions& options, RequestSigner signer);

BATCHAI_NAMESPACE_END
