#include "batchai/core/operation.hpp"

#include "batchai/core/error.hpp"
#include "core/answer.hpp"
#include "core/long_poll.hpp"
#include "core/pause.hpp"
#include "core/retry_after.hpp"
#include "core/text_at.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {
namespace {

using nlohmann::json;

constexpr int kAccepted = 202;
constexpr int kNoContent = 204;
constexpr int kNotFound = 404;
/// Between two polls, whatever the service asks for.
constexpr std::chrono::minutes kLongestPause{5};
// Most operations are over soon. It doubles with each poll, up to what the service asks for.
constexpr std::chrono::milliseconds kFirstPause{25};

bool is_terminal(const std::string& status) {
  return iequals(status, "Succeeded") || iequals(status, "Failed") || iequals(status, "Canceled");
}

/// The provisioning state in the resource; without one its creation is complete.
std::string provisioning_state(const json& resource) {
  const auto properties = resource.is_object() ? resource.find("properties") : resource.end();
  const std::string state = properties != resource.end() ? text_at(*properties, "provisioningState") : "";
  if (state.empty() || is_terminal(state)) {
    return state.empty() ? "Succeeded" : state;
  }
  return "InProgress";
}

}  // namespace

OperationPoller::OperationPoller(std::shared_ptr<const Pipeline> pipeline, std::shared_ptr<Clock> clock)
    : pipeline_(std::move(pipeline)), clock_(clock != nullptr ? std::move(clock) : system_clock()) {}

OperationPoller::OperationPoller(std::shared_ptr<const Pipeline> pipeline, std::shared_ptr<Clock> clock,
                                 const HttpRequest& request, const HttpResponse& first)
    : OperationPoller(std::move(pipeline), std::move(clock)) {
  method_ = request.method;
  resource_url_ = request.url.to_string();
  accept(first);
}

void OperationPoller::accept(const HttpResponse& first) {
  require_success(first);
  async_url_ = first.headers.get("Azure-AsyncOperation");
  location_url_ = first.headers.get("Location");
  retry_after_ = retry_after(first.headers, clock_->now());
  if (!async_url_.empty() || (!location_url_.empty() && first.status == kAccepted)) {
    return;
  }
  const bool creates = method_ == "PUT" || method_ == "PATCH";
  if (first.status == kAccepted) {
    done_ = !creates;
    status_ = done_ ? "Succeeded" : status_;
    return;
  }
  result_ = first.body;
  status_ = creates && !first.body.empty() ? provisioning_state(require_json(first)) : "Succeeded";
  done_ = is_terminal(status_);
  if (done_ && !iequals(status_, "Succeeded")) {
    fail(first.body);
  }
}

HttpResponse OperationPoller::get(const std::string& url, const CallContext& context, Headers headers) const {
  // RFC 9110 10.2.2: a Location may leave out the host.
  const std::string absolute = url.starts_with('/') ? Url::parse(resource_url_).origin() + url : url;
  return pipeline_->send({.method = "GET", .url = Url::parse(absolute), .headers = std::move(headers)}, context);
}

HttpResponse OperationPoller::get_status(const std::string& url, const CallContext& context) {
  Headers headers;
  if (may_wait_) {
    prefer_wait(headers, context, *clock_);
  }
  HttpResponse response = get(url, context, std::move(headers));
  has_waited_ = has_waited(response);
  return response;
}

void OperationPoller::fail(const std::string& document) {
  const json answer = json::parse(document, nullptr, false);
  const auto error = answer.is_object() ? answer.find("error") : answer.end();
  done_ = true;
  failure_.emplace(status_, error != answer.end() ? read_error_body(*error) : ErrorBody{});
  throw OperationFailed(*failure_);
}

void OperationPoller::poll(const CallContext& context) { look(context, false); }

void OperationPoller::look(const CallContext& context, bool may_wait) {
  may_wait_ = may_wait;
  if (failure_) {
    throw OperationFailed(*failure_);
  }
  if (done_) {
    return;
  }
  if (!async_url_.empty()) {
    poll_async_operation(context);
  } else if (!location_url_.empty()) {
    poll_location(context);
  } else {
    poll_resource(context);
  }
}

void OperationPoller::poll_async_operation(const CallContext& context) {
  const HttpResponse response = get_status(async_url_, context);
  const json document = require_json(response);
  retry_after_ = retry_after(response.headers, clock_->now());
  status_ = text_at(document, "status");
  if (status_.empty()) {
    throw ProtocolError("the operation's status document has no status");
  }
  if (!is_terminal(status_)) {
    return;
  }
  if (!iequals(status_, "Succeeded")) {
    fail(response.body);
  }
  finish(context);
  done_ = true;
}

void OperationPoller::poll_location(const CallContext& context) {
  const HttpResponse response = get_status(location_url_, context);
  if (response.status == kAccepted) {
    retry_after_ = retry_after(response.headers, clock_->now());
    const std::string moved = response.headers.get("Location");
    location_url_ = moved.empty() ? location_url_ : moved;
    return;
  }
  // After a DELETE the result may be gone together with the resource.
  if (method_ != "DELETE" || response.status != kNotFound) {
    require_success(response);
  }
  done_ = true;
  status_ = "Succeeded";
  result_ = response.status == kNoContent || response.status == kNotFound ? "" : response.body;
}

void OperationPoller::poll_resource(const CallContext& context) {
  const HttpResponse response = get(resource_url_, context);
  const json resource = require_json(response);
  retry_after_ = retry_after(response.headers, clock_->now());
  status_ = provisioning_state(resource);
  if (!is_terminal(status_)) {
    return;
  }
  done_ = true;
  if (!iequals(status_, "Succeeded")) {
    fail(response.body);
  }
  result_ = response.body;
}

/// Fetches the result once the status document says that the operation succeeded.
void OperationPoller::finish(const CallContext& context) {
  if (method_ == "PUT" || method_ == "PATCH") {
    const HttpResponse response = get(resource_url_, context);
    require_success(response);
    result_ = response.body;
  } else if (method_ == "POST" && !location_url_.empty()) {
    const HttpResponse response = get(location_url_, context);
    require_success(response);
    result_ = response.body;
  }
}

void OperationPoller::pause(Duration length, const CallContext& context) const {
  if (!pause_between_looks(length, context, *clock_)) {
    throw DeadlineExceeded("the operation was still " + status_ + " when the time was up");
  }
}

void OperationPoller::wait(const PollOptions& options, const CallContext& context) {
  if (failure_) {
    throw OperationFailed(*failure_);
  }
  Duration step = kFirstPause;
  const auto pause_before_poll = [&] {
    pause(std::min<Duration>({step, retry_after_.value_or(options.interval), kLongestPause}), context);
    step *= 2;
  };
  if (!done_ && retry_after_) {
    pause_before_poll();
  }
  while (!done_) {
    look(context, true);
    if (options.on_poll) {
      options.on_poll(status_);
    }
    if (!done_ && !has_waited_) {
      pause_before_poll();
    }
  }
}

std::string OperationPoller::resume_token() const {
  return json{
      {"method", method_}, {"resource", resource_url_}, {"asyncOperation", async_url_}, {"location", location_url_}}
      .dump();
}

OperationPoller OperationPoller::resume(std::shared_ptr<const Pipeline> pipeline, std::shared_ptr<Clock> clock,
                                        const std::string& token) {
  const json document = json::parse(token, nullptr, false);
  OperationPoller poller(std::move(pipeline), std::move(clock));
  poller.method_ = text_at(document, "method");
  poller.resource_url_ = text_at(document, "resource");
  poller.async_url_ = text_at(document, "asyncOperation");
  poller.location_url_ = text_at(document, "location");
  if (poller.method_.empty() || poller.resource_url_.empty()) {
    throw InvalidArgument("this is not a resume token of a long-running operation");
  }
  return poller;
}

}  // namespace batchai::inline v1
