#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/credential.hpp"
#include "batchai/core/tracing.hpp"
#include "batchai/core/transport.hpp"
#include "batchai/version.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

class Pipeline;

/// Passes a request on to the policies behind, and in the end to the transport. Thread-safe; valid during the call of
/// the policy.
class NextPolicy {
 public:
  /// Made by the pipeline, which has to outlive it.
  NextPolicy(const Pipeline& pipeline, std::size_t index) : pipeline_(&pipeline), index_(index) {}
  /// What the policies behind, and the transport, answer. Throws as Pipeline::send.
  HttpResponse send(HttpRequest& request, const CallContext& context) const;

 private:
  const Pipeline* pipeline_;
  std::size_t index_;
};

/// One cross-cutting behaviour: it may change the request, pass it on with `next` (or again, or not at all), and look
/// at the answer. Thread-safe: `send` is called from many threads at once.
class Policy {
 public:
  virtual ~Policy() = default;
  /// Passes the request on with `next`, as often as it likes, before and after which it does what it is for. It may
  /// change the request; what it throws, the call throws.
  virtual HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const = 0;
};

/// A policy as a function: see Policy::send.
using PolicyFunction =
    std::function<HttpResponse(HttpRequest& request, const NextPolicy& next, const CallContext& context)>;
/// A policy that calls `function`, from many threads at once. Throws InvalidArgument if there is none.
std::shared_ptr<const Policy> make_policy(PolicyFunction function);

/// Policies in order, then the transport. Immutable, thread-safe.
class Pipeline {
 public:
  /// None of these may be null.
  Pipeline(std::vector<std::shared_ptr<const Policy>> policies, std::shared_ptr<Transport> transport);
  /// Any HTTP status is an answer; throws as Transport::send and, while signing in, AuthenticationError.
  HttpResponse send(HttpRequest request, const CallContext& context) const;

 private:
  friend class NextPolicy;
  std::vector<std::shared_ptr<const Policy>> policies_;
  std::shared_ptr<Transport> transport_;
};

/// How often and how patiently failed requests are repeated: exponential, with jitter, never past the deadline.
struct RetryOptions {
  /// Further tries after the first one; 0 switches retries off.
  int max_retries = 3;
  std::chrono::milliseconds first_delay{800};
  std::chrono::milliseconds max_delay{60'000};
};

/// How important a line of the log is: requests and answers as they are; what goes on, as repetitions; what has failed.
enum class LogLevel { Debug, Info, Warning };
/// `debug`, `info` or `warning`.
[[nodiscard]] std::string_view to_string(LogLevel level) noexcept;
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
  /// The least important lines that `log` gets; those below are not made.
  LogLevel log_level = LogLevel::Debug;
  /// Null: requests are not traced.
  std::shared_ptr<Tracer> tracer = nullptr;
  /// Run in this order around each request with all its tries. One that does not pass it on answers in place of the
  /// service, as tests do. Those of a client run for its signed URLs too, and those of a credential for its tokens.
  std::vector<std::shared_ptr<const Policy>> per_call_policies = {};
  /// Run in this order around each try. Signatures cover what they set; a bearer token is among the headers already.
  std::vector<std::shared_ptr<const Policy>> per_try_policies = {};
};

/// The same options, with default_transport() where they name none.
[[nodiscard]] ClientOptions with_transport(ClientOptions options);

/// Signs a request in place: adds the Authorization header and what it covers. Called for every try.
using RequestSigner = std::function<void(HttpRequest&)>;

/// Request id, telemetry, policies of the caller, bearer token of `credential` for `audience` (sent to `origin` only),
/// retry, tracer, policies of the caller, log, transport. Throws InvalidArgument for a credential or a policy that is
/// null.
[[nodiscard]] std::shared_ptr<const Pipeline> make_bearer_pipeline(const ClientOptions& options,
                                                                   std::shared_ptr<TokenCredential> credential,
                                                                   std::string audience, std::string origin);

/// The same with a signature for every try, before the log, in place of the token; without signer for anonymous and SAS
/// requests.
[[nodiscard]] std::shared_ptr<const Pipeline> make_signing_pipeline(const ClientOptions& options, RequestSigner signer);

BATCHAI_NAMESPACE_END
