#include "batchai/dry_run/responder.hpp"

#include "batchai/core/clock.hpp"
#include "batchai/core/request_description.hpp"
#include "batchai/core/time.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {
namespace {

using nlohmann::json;

/// In place of the key of an account that does not exist. Keys are base64 (this is `dry run`), and it is shown nowhere.
constexpr const char* kPlaceholderKey = "ZHJ5IHJ1bg==";

HttpResponse json_answer(const json& document) {
  return {.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = document.dump()};
}

std::string last_part(const std::string& path) {
  const std::string part = path.substr(path.rfind('/') + 1);
  return percent_decode(part).value_or(part);
}

std::string parent_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

/// The request's own document with what the service adds to it.
json resource_of(const HttpRequest& request) {
  json resource = json::parse(request.body, nullptr, false);
  if (!resource.is_object()) {
    resource = json::object();
  }
  resource["id"] = request.url.path();
  resource["name"] = last_part(request.url.path());
  json& properties = resource["properties"];
  if (properties.is_null()) {
    properties = json::object();
  }
  if (properties.is_object()) {
    properties["provisioningState"] = "succeeded";
  }
  return resource;
}

/// Ids alternate between types and names, so that the path of a list has an odd number of parts behind the provider.
bool is_list(const std::string& path) {
  constexpr std::string_view kProviders = "/providers/";
  const std::size_t providers = path.rfind(kProviders);
  const std::size_t begin = providers == std::string::npos ? 0 : providers + kProviders.size();
  return std::count(path.begin() + static_cast<std::ptrdiff_t>(begin), path.end(), '/') % 2 == 1;
}

std::string place_of(const HttpRequest& request) { return request.url.origin() + request.url.path(); }

}  // namespace

HttpResponse DryRunResponder::change(const HttpRequest& request) {
  return describe_request(request).target == RequestTarget::Management ? change_resource(request)
                                                                       : change_storage(request);
}

HttpResponse DryRunResponder::change_storage(const HttpRequest& request) {
  if (request.headers.contains("x-ms-copy-source")) {
    return {.status = 202, .headers = {{"x-ms-copy-id", "dry-run"}, {"x-ms-copy-status", "success"}}};
  }
  if (request.headers.get("x-ms-type") == "file") {
    return make_file(request);
  }
  if (const auto known = files_.find(place_of(request)); known != files_.end()) {
    known->second.set("x-ms-file-change-time", format_iso8601_ticks(system_clock()->now()));
  }
  return {.status = request.method == "DELETE" ? 202 : 201};
}

HttpResponse DryRunResponder::make_file(const HttpRequest& request) {
  HttpResponse response{.status = 201};
  for (const char* time : {"x-ms-file-last-write-time", "x-ms-file-change-time"}) {
    if (const std::string* value = request.headers.find(time)) {
      response.headers.set(time, *value);
    }
  }
  Headers& known = files_[place_of(request)] = response.headers;
  known.set("Content-MD5", request.headers.get("x-ms-content-md5"));
  known.set("Content-Length", request.headers.get("x-ms-content-length"));
  return response;
}

std::optional<HttpResponse> DryRunResponder::known_answer(const HttpRequest& request) const {
  const auto found = request.method == "HEAD" ? files_.find(place_of(request)) : files_.end();
  return found == files_.end() ? std::nullopt : std::optional(HttpResponse{.status = 200, .headers = found->second});
}

HttpResponse DryRunResponder::change_resource(const HttpRequest& request) {
  const std::string& path = request.url.path();
  if (request.method == "PUT" || request.method == "PATCH") {
    const json resource = resource_of(request);
    if (request.method == "PUT") {
      made_.insert_or_assign(to_lower(path), resource.dump());
    }
    return json_answer(resource);
  }
  if (path.ends_with("/register")) {
    return json_answer({{"namespace", last_part(parent_of(path))}, {"registrationState", "Registered"}});
  }
  return {.status = 202};  // without a URL to poll: it is done
}

HttpResponse DryRunResponder::after_changes(const HttpRequest& request, HttpResponse answer) const {
  constexpr int kNotFound = 404;
  if (auto resource = answer.status == kNotFound ? read_resource(request) : std::nullopt) {
    return std::move(*resource);
  }
  return answer;
}

std::optional<HttpResponse> DryRunResponder::read_resource(const HttpRequest& request) const {
  const std::string path = to_lower(request.url.path());
  if (const auto found = made_.find(path); found != made_.end()) {
    return json_answer(json::parse(found->second));
  }
  if (path.ends_with("/listkeys") && made_.contains(parent_of(path))) {
    return json_answer({{"keys", {{{"keyName", "key1"}, {"value", kPlaceholderKey}}}}});
  }
  if (request.method == "GET" && is_below_made(path) && is_list(path)) {
    return json_answer({{"value", json::array()}});
  }
  return std::nullopt;
}

bool DryRunResponder::is_below_made(const std::string& path) const {
  return std::any_of(made_.begin(), made_.end(), [&](const auto& made) { return path.starts_with(made.first + "/"); });
}

}  // namespace batchai::inline v1
