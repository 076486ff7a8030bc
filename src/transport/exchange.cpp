#include "transport/exchange.hpp"

#include "batchai/core/error.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>

namespace batchai {
namespace {

using Bytes = std::vector<unsigned char>;

web::http::http_request to_native(const HttpRequest& request) {
  web::http::http_request native(request.method);
  native.set_request_uri(web::uri(request.url.target()));
  if (!request.body.empty()) {
    native.set_body(Bytes(request.body.begin(), request.body.end()));
    native.headers().remove(web::http::header_names::content_type);  // an unasked one would break signatures
  } else if (request.method != "GET" && request.method != "HEAD") {
    native.headers().set_content_length(0);
  }
  for (const auto& [name, value] : request.headers) {
    if (!iequals(name, "Content-Length")) {
      native.headers().add(name, value);
    }
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
  std::string failure;
};

void complete(Outcome& outcome, std::optional<HttpResponse> response, std::string failure) {
  const std::scoped_lock lock(outcome.mutex);
  outcome.response = std::move(response);
  outcome.failure = std::move(failure);
  outcome.done = true;
  outcome.changed.notify_all();
}

HttpResponse from_native(const web::http::http_response& native, const Bytes& body) {
  HttpResponse response;
  response.status = native.status_code();
  response.reason = native.reason_phrase();
  for (const auto& [name, value] : native.headers()) {
    response.headers.add(name, value);
  }
  response.body.assign(body.begin(), body.end());
  return response;
}

std::string reason_of(const web::http::http_exception& error) {
  if (error.error_code() == std::errc::host_unreachable) {  // also what cpprestsdk calls a refused connection
    return "no connection could be made";
  }
  const std::string detail = error.error_code() ? error.error_code().message() : "";
  const std::string text = error.what();
  return detail.empty() || text.find(detail) != std::string::npos ? text : text + " (" + detail + ")";
}

/// Starts the request; `outcome` is completed in the end, whatever happens.
void start(Connection& connection, const HttpRequest& request, const std::shared_ptr<Outcome>& outcome,
           const pplx::cancellation_token& token) {
  const bool no_body = request.method == "HEAD";
  connection.client->request(to_native(request), token)
      .then([no_body](const web::http::http_response& native) {
        if (no_body) {
          return pplx::task_from_result(from_native(native, {}));
        }
        return native.extract_vector().then([native](const Bytes& body) { return from_native(native, body); });
      })
      .then([outcome](const pplx::task<HttpResponse>& task) {
        try {
          complete(*outcome, task.get(), {});
        } catch (const web::http::http_exception& error) {
          complete(*outcome, std::nullopt, reason_of(error));
        } catch (const std::exception& error) {
          complete(*outcome, std::nullopt, error.what());
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

}  // namespace

HttpResponse exchange(Connection& connection, const HttpRequest& request, const CallContext& context,
                      std::chrono::milliseconds timeout) {
  const auto outcome = std::make_shared<Outcome>();
  pplx::cancellation_token_source abort;
  const auto registration = context.cancellation.on_cancel([outcome] {
    const std::scoped_lock lock(outcome->mutex);
    outcome->cancelled = true;
    outcome->changed.notify_all();
  });
  start(connection, request, outcome, abort.get_token());
  const Ending ending = wait_for_end(*outcome, context, timeout);
  if (ending != Ending::Done) {
    abort.cancel();
  }
  const std::string peer = request.url.origin();
  switch (ending) {
    case Ending::Cancelled:
      throw Cancelled();
    case Ending::DeadlinePassed:
      throw DeadlineExceeded("no answer from " + peer + " before the time was up");
    case Ending::TimedOut:
      throw TransportError(peer, "nothing came within " + std::to_string(timeout.count() / 1000) + " s");
    case Ending::Done:
      break;
  }
  if (const std::string distrust = connection.distrust->reason(); !outcome->response && !distrust.empty()) {
    throw UntrustedCertificate(peer, request.url.host(), distrust);
  }
  if (!outcome->response) {
    throw TransportError(peer, outcome->failure);
  }
  return std::move(*outcome->response);
}

}  // namespace batchai
