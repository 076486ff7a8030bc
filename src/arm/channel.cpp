#include "arm/channel.hpp"

#include "arm/registration.hpp"
#include "batchai/core/error.hpp"
#include "batchai/models/names.hpp"
#include "batchai/models/resource_id.hpp"
#include "core/answer.hpp"
#include "core/log_of.hpp"
#include "core/long_poll.hpp"
#include "core/pause.hpp"

namespace batchai::inline v1 {
namespace {

constexpr int kOk = 200;
constexpr std::chrono::seconds kBetweenLooks{10};
constexpr int kMostLooks = 90;

Url parse_endpoint(const std::string& text) {
  Url endpoint = Url::parse(text);
  if (endpoint.scheme() != "https" && !endpoint.is_loopback()) {
    throw InvalidArgument("the endpoint '" + text + "' has to begin with https://; http is for this machine only");
  }
  if (!endpoint.query().empty()) {
    throw InvalidArgument("the endpoint '" + text + "' must not have a query");
  }
  return endpoint;
}

ClientOptions with_clock(ClientOptions options) {
  if (options.clock == nullptr) {
    options.clock = system_clock();
  }
  return options;
}

bool is_registered(const HttpResponse& provider) {
  const nlohmann::json document = require_json(provider);
  return document.is_object() && iequals(document.value("registrationState", ""), "Registered");
}

/// The type of what the operation makes; empty for one that makes nothing: a removal or another action.
std::string made_by(const OperationPoller& operation) {
  if (operation.method() != "PUT" && operation.method() != "PATCH") {
    return {};
  }
  const std::string path = Url::parse(operation.resource_url()).path();
  const std::size_t id = path.find("/subscriptions/");  // the endpoint may have a path
  return parse_resource_id(std::string_view(path).substr(id == std::string::npos ? 0 : id)).type();
}

std::string shown_result(std::string_view type) {
  return type.empty() ? "makes no resource (std::monostate)" : "makes a resource of type " + std::string(type);
}

}  // namespace

ManagementChannel::ManagementChannel(std::shared_ptr<TokenCredential> credential, std::string subscription,
                                     const ManagementOptions& options)
    : endpoint_(parse_endpoint(options.endpoint)),
      subscription_(std::move(subscription)),
      client_(with_clock(with_transport(options.client))),
      pipeline_(make_bearer_pipeline(client_, std::move(credential), options.audience, endpoint_.origin())) {}

Url ManagementChannel::url(std::initializer_list<std::string_view> segments, std::string_view api_version) const {
  Url url = endpoint_;
  for (const std::string_view segment : segments) {
    url.append_segment(segment);
  }
  url.add_query("api-version", api_version);
  return url;
}

Url ManagementChannel::subscription_url(std::initializer_list<std::string_view> segments,
                                        std::string_view api_version) const {
  check_subscription(subscription_);
  Url url = this->url({"subscriptions", subscription_}, api_version);
  for (const std::string_view segment : segments) {
    url.append_segment(segment);
  }
  return url;
}

HttpResponse ManagementChannel::send(const HttpRequest& request, const CallContext& context) const {
  HttpResponse response = pipeline_->send(request, context);
  if (request.method != "PUT") {
    return response;
  }
  const std::string provider = unregistered_provider(request, response);
  const bool registered = !provider.empty() && register_provider(provider, context);
  return registered ? pipeline_->send(request, context) : response;
}

HttpResponse ManagementChannel::send_patiently(HttpRequest request, const CallContext& context) const {
  prefer_wait(request.headers, context, *client_.clock);
  return send(request, context);
}

bool ManagementChannel::register_provider(const std::string& provider, const CallContext& context) const {
  if (const LogSink log = log_of(client_)) {
    log(LogLevel::Info, "registering the subscription with " + provider + ", which can take some minutes");
  }
  Url url = subscription_url({"providers", provider}, kResourcesVersion);
  const HttpRequest look = make_request("GET", url);
  HttpResponse state = pipeline_->send(make_request("POST", url.append_segment("register")), context);
  for (int looks = 0; state.status == kOk && !is_registered(state); ++looks) {
    if (looks == kMostLooks || !pause_between_looks(kBetweenLooks, context, *client_.clock)) {
      return false;
    }
    state = pipeline_->send(look, context);
  }
  return state.status == kOk;
}

std::string ManagementChannel::fetch(const HttpRequest& request, const CallContext& context) const {
  HttpResponse response = send(request, context);
  require_success(response);
  return std::move(response.body);
}

OperationPoller ManagementChannel::start(const HttpRequest& request, const CallContext& context) const {
  const HttpResponse first = send(request, context);
  return OperationPoller(pipeline_, client_.clock, request, first);
}

OperationPoller ManagementChannel::resume(const std::string& token, std::string_view type) const {
  OperationPoller operation = OperationPoller::resume(pipeline_, client_.clock, token);
  const std::string origin = Url::parse(operation.resource_url()).origin();
  if (origin != endpoint_.origin()) {
    throw InvalidArgument("the resume token is of an operation at " + origin + ", and this client is for " +
                          endpoint_.origin());
  }
  const std::string made = made_by(operation);
  if (!iequals(made, type)) {
    throw InvalidArgument("the resume token is of an operation that " + shown_result(made) +
                          ", and it was to be resumed as one that " + shown_result(type));
  }
  return operation;
}

HttpRequest ManagementChannel::next_page(const std::string& link) const {
  Url url;
  try {
    url = Url::parse(link);
  } catch (const InvalidArgument& error) {
    throw ProtocolError(std::string(kAnswer) + ": nextLink: " + error.what());
  }
  if (url.origin() != endpoint_.origin()) {
    throw ProtocolError(std::string(kAnswer) + ": nextLink leads to " + url.origin() + ", away from " +
                        endpoint_.origin() + "; it is not followed");
  }
  return make_request("GET", std::move(url));
}

HttpRequest make_request(std::string method, Url url, const std::optional<nlohmann::json>& body) {
  HttpRequest request{.method = std::move(method), .url = std::move(url), .headers = {{"Accept", "application/json"}}};
  if (!body) {
    return request;
  }
  request.headers.set("Content-Type", "application/json");
  try {
    request.body = body->dump();
  } catch (const nlohmann::json::type_error&) {
    throw InvalidArgument("the request cannot be sent: one of its texts is not valid UTF-8");
  }
  return request;
}

HttpRequest make_reading_post(Url url, const std::optional<nlohmann::json>& body) {
  HttpRequest request = make_request("POST", std::move(url), body);
  request.repeatable = true;
  return request;
}

void add_bounded(Url& url, std::string_view name, std::optional<int> value, int least, int most) {
  if (!value) {
    return;
  }
  if (*value < least || *value > most) {
    throw InvalidArgument(std::string(name) + " has to be from " + std::to_string(least) + " to " +
                          std::to_string(most) + ", not " + std::to_string(*value));
  }
  url.add_query(name, std::to_string(*value));
}

void add_page_size(Url& url, std::optional<int> page_size) { add_bounded(url, "maxresults", page_size, 1, 1000); }

}  // namespace batchai::inline v1
