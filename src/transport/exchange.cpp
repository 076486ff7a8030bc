#include "transport/exchange.hpp"

#include "batchai/core/transport_failure.hpp"
#include "core/signals_blocked.hpp"
#include "transport/body_buffers.hpp"
#include "transport/explain.hpp"
#include "transport/native_address.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>

namespace batchai::inline v1 {
namespace {

using ByteStreamBuffer = concurrency::streams::streambuf<unsigned char>;

/// What a request sends and what it gets, shared with cpprestsdk's threads.
struct Bodies {
  explicit Bodies(const HttpRequest& request)
      : sent(std::make_shared<SendingBuffer>(request)), received(std::make_shared<ReceivingBuffer>(request.sink)) {}
  Bodies(const Bodies&) = delete;
  Bodies& operator=(const Bodies&) = delete;
  ~Bodies() { detach(); }

  void detach() const {
    sent->detach();
    received->detach();
  }
  std::exception_ptr failure() const {
    const std::exception_ptr failure = sent->failure();
    return failure ? failure : received->failure();
  }

  std::shared_ptr<SendingBuffer> sent;
  std::shared_ptr<ReceivingBuffer> received;
};

/// Of an answer whose body is larger than the limit.
class TooLarge : public std::exception {};

/// Stops the answer when it gets too large.
void limit_answer(web::http::http_request& native, std::size_t largest) {
  native.set_progress_handler([largest](web::http::message_direction::direction direction, utility::size64_t bytes) {
    if (direction == web::http::message_direction::download && bytes > largest) {
      throw TooLarge();
    }
  });
}

web::http::http_request to_native(const HttpRequest& request, const Bodies& bodies, std::size_t largest_answer) {
  web::http::http_request native(request.method);
  limit_answer(native, largest_answer);
  native.set_request_uri(web::uri(request.url.target()));
  native.set_response_stream(ByteStreamBuffer(bodies.received).create_ostream());
  if (const std::uint64_t size = request.body_size(); size > 0) {
    native.set_body(ByteStreamBuffer(bodies.sent).create_istream(), size);
    native.headers().remove(web::http::header_names::content_type);  // an unasked one would break signatures
  } else if (request.method != "GET" && request.method != "HEAD") {
    native.headers().set_content_length(0);
  }
  for (const auto& [name, value] : request.headers) {
    if (!iequals(name, "Content-Length")) {
      native.headers().add(name, value);
    }
  }
  if (const std::string host = own_host_field(request.url); !host.empty()) {
    native.headers()[web::http::header_names::host] = host;
  }
  return native;
}

/// Filled by cpprestsdk's threads; outlives a caller that has stopped waiting.
struct Outcome {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  bool cancelled = false;
  std::optional<HttpResponse> response;
  NativeFailure failure;
  bool too_large = false;
};

void complete(Outcome& outcome, std::optional<HttpResponse> response, NativeFailure failure, bool too_large = false) {
  const std::scoped_lock lock(outcome.mutex);
  outcome.response = std::move(response);
  outcome.failure = std::move(failure);
  outcome.too_large = too_large;
  outcome.done = true;
  outcome.changed.notify_all();
}

HttpResponse from_native(const web::http::http_response& native, ReceivingBuffer& body) {
  HttpResponse response;
  response.status = native.status_code();
  response.reason = native.reason_phrase();
  for (const auto& [name, value] : native.headers()) {
    response.headers.add(name, value);
  }
  response.body = body.take_text();
  response.sunk = body.sunk();
  return response;
}

/// cpprestsdk takes `-5` for a very large number.
void check_length(const web::http::http_response& native, std::size_t largest) {
  const auto length = native.headers().find(web::http::header_names::content_length);
  if (length == native.headers().end()) {
    return;
  }
  if (length->second.empty() || length->second.find_first_not_of("0123456789") != std::string::npos) {
    throw web::http::http_exception(kInvalidLength);
  }
  if (native.headers().content_length() > largest) {
    throw TooLarge();
  }
}

/// Says where the body goes. Of an answer without a length, nothing has to be reserved.
void direct(ReceivingBuffer& body, const web::http::http_response& native, std::size_t largest) {
  check_length(native, largest);
  const bool is_success = native.status_code() >= 200 && native.status_code() < 300;
  body.direct(is_success, native.headers().content_length());
}

/// Starts the request; `outcome` is completed in the end, whatever happens.
void start(Connection& connection, const HttpRequest& request, const Bodies& bodies,
           const std::shared_ptr<Outcome>& outcome, const pplx::cancellation_token& token, std::size_t largest_answer) {
  const bool no_body = request.method == "HEAD";
  // The first request makes a thread of Asio's that looks up names.
  const SignalsBlocked blocked;
  connection.client->request(to_native(request, bodies, largest_answer), token)
      .then([no_body, largest_answer, body = bodies.received](const web::http::http_response& native) {
        if (no_body) {
          return pplx::task_from_result(from_native(native, *body));
        }
        direct(*body, native, largest_answer);
        return native.content_ready().then(
            [body](const web::http::http_response& whole) { return from_native(whole, *body); });
      })
      .then([outcome](const pplx::task<HttpResponse>& task) {
        try {
          complete(*outcome, task.get(), {});
        } catch (const TooLarge&) {
          complete(*outcome, std::nullopt, {}, true);
        } catch (const web::http::http_exception& error) {
          complete(*outcome, std::nullopt, {error.what(), error.error_code().value()});
        } catch (const std::exception& error) {
          complete(*outcome, std::nullopt, {error.what()});
        }
      });
}

enum class Ending { Done, Cancelled, DeadlinePassed, TimedOut };

Ending wait_for_end(Outcome& outcome, const CallContext& context, std::chrono::milliseconds timeout) {
  const auto limit = std::chrono::steady_clock::now() + timeout;
  const auto until = context.deadline ? std::min(limit, *context.deadline) : limit;
  std::unique_lock lock(outcome.mutex);
  outcome.changed.wait_until(lock, until, [&] { return outcome.done || outcome.cancelled; });
  if (outcome.done) {
    return Ending::Done;
  }
  if (outcome.cancelled) {
    return Ending::Cancelled;
  }
  return context.deadline && until == *context.deadline ? Ending::DeadlinePassed : Ending::TimedOut;
}

HttpResponse take_answer(Outcome& outcome, const Connection& connection, const Url& target,
                         const ExchangeLimits& limits) {
  constexpr int kProxyWantsPassword = 407;
  if (outcome.too_large) {
    throw ProtocolError("the answer of " + target.origin() + " is refused: it is larger than " +
                        std::to_string(limits.largest_answer >> 20U) + " MiB");
  }
  if (!outcome.response) {
    throw explain(outcome.failure, target, connection.proxy);
  }
  if (outcome.response->status == kProxyWantsPassword) {
    throw proxy_wants_password(target, connection.proxy);
  }
  return std::move(*outcome.response);
}

}  // namespace

HttpResponse exchange(Connection& connection, const HttpRequest& request, const CallContext& context,
                      const ExchangeLimits& limits) {
  const auto outcome = std::make_shared<Outcome>();
  const Bodies bodies(request);
  pplx::cancellation_token_source abort;
  const auto registration = context.cancellation.on_cancel([outcome] {
    const std::scoped_lock lock(outcome->mutex);
    outcome->cancelled = true;
    outcome->changed.notify_all();
  });
  start(connection, request, bodies, outcome, abort.get_token(), limits.largest_answer);
  const std::string peer = request.url.origin();
  const Ending ending = wait_for_end(*outcome, context, limits.timeout);
  if (ending != Ending::Done || !outcome->response) {
    abort.cancel();
  }
  switch (ending) {
    case Ending::Cancelled:
      throw Cancelled();
    case Ending::DeadlinePassed:
      throw DeadlineExceeded("no answer from " + peer + " before the time was up");
    case Ending::TimedOut:
      throw FailedExchange(peer, "no whole answer came within " + std::to_string(limits.timeout.count() / 1000) + " s",
                           TransportFailure::TimedOut);
    case Ending::Done:
      break;
  }
  if (const std::exception_ptr failure = bodies.failure(); failure && !outcome->response) {
    std::rethrow_exception(failure);
  }
  if (const std::string distrust = connection.distrust->reason(); !outcome->response && !distrust.empty()) {
    throw UntrustedCertificate(peer, request.url.host(), distrust);
  }
  return take_answer(*outcome, connection, request.url, limits);
}

}  // namespace batchai::inline v1
