#include "server/arm/management_api.hpp"

#include "batchai/core/url.hpp"
#include "core/joined.hpp"
#include "core/seconds.hpp"
#include "server/arm/api_version.hpp"
#include "server/arm/arm_answer.hpp"
#include "server/arm/provider_table.hpp"
#include "server/arm/providers.hpp"
#include "server/arm/resource_groups.hpp"
#include "server/arm/resource_path.hpp"
#include "server/faults/refusal.hpp"
#include "server/http/bearer_token.hpp"
#include "server/identity/guid_text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

bool writes(const std::string& method) { return method == "PUT" || method == "PATCH" || method == "POST"; }

/// Whether the handlers of GET and DELETE find out themselves that there is no such group, in the same transaction.
bool looks_for_groups(const ProviderEntry& provider) { return provider.name == "Microsoft.BatchAI"; }

ServiceFault unknown_path(const Request& request, const ResourcePath& path) {
  if (!path.provider.empty()) {
    const ProviderEntry* provider = find_provider(path.provider);
    if (provider == nullptr) {
      return {404, "InvalidResourceNamespace", "The resource namespace '" + path.provider + "' is invalid."};
    }
    return {404, "InvalidResourceType",
            "The resource type '" + path.type + "' could not be found in the namespace '" + provider->name +
                "' for api version '" + *request.query_parameter("api-version") + "'."};
  }
  return {404, "NotFound", "There is nothing at the path '" + request.path + "'."};
}

Response wrong_method(const Request& request, const std::vector<std::string>& allowed) {
  Response response = fault_answer(
      ServiceFault(405, "MethodNotAllowed", "The resource does not support the method '" + request.method + "'."));
  response.headers.set("Allow", joined(allowed, ", "));
  return response;
}

bool asks_for_existence(const Request& request, const RouteMatch& match) {
  return request.method == "HEAD" &&
         std::find(match.allowed.begin(), match.allowed.end(), "GET") != match.allowed.end();
}

/// Quotes would end the parameter (RFC 9110 11.2).
std::string quoted(std::string text) {
  std::replace(text.begin(), text.end(), '"', '\'');
  std::replace(text.begin(), text.end(), '\\', '/');
  return "\"" + text + "\"";
}

}  // namespace

ManagementApi::ManagementApi(ManagementApiOptions options, Router anonymous, Router resources)
    : options_(std::move(options)),
      authority_(Url::parse(options_.management_url).authority()),
      anonymous_(std::move(anonymous)),
      resources_(std::move(resources)) {}

ManagementAnswer ManagementApi::handle(Request& request) const {
  ManagementAnswer answer;
  // Handlers make URLs from the configured address, not from what a client sends: some leave the port out.
  request.headers.set("Host", authority_);
  try {
    const RouteMatch open = anonymous_.find(request.method, request.path);
    if (open.kind == RouteMatch::Kind::Found) {
      answer.response = (*open.handler)(request, open.parameters);
    } else if (open.kind == RouteMatch::Kind::WrongMethod) {
      answer.response = wrong_method(request, open.allowed);
    } else {
      answer.response = handle_resource(request, answer.principal);
    }
  } catch (const std::exception& failure) {
    options_.on_failure(request, failure.what());
    answer.response =
        fault_answer(ServiceFault(500, "InternalServerError", "The service failed to answer this request."));
  }
  add_headers(request, answer.response);
  return answer;
}

std::optional<Response> ManagementApi::turn_away(const Request& request, std::string& principal) const {
  try {
    principal = authenticate(request).app_id;
    check_path(request);
    return std::nullopt;
  } catch (const ServiceFault& fault) {
    Response response = refuse(request, fault);
    response.headers.set("x-ms-failure-cause", "gateway");
    return response;
  }
}

Admission ManagementApi::admit(const Request& request) const {
  if (anonymous_.find(request.method, request.path).kind != RouteMatch::Kind::Unknown) {
    return {.proved = false};
  }
  std::string principal;
  Admission admission{.refusal = turn_away(request, principal)};
  if (admission.refusal) {
    admission.refusal->principal = std::move(principal);
    add_headers(request, *admission.refusal);
  }
  return admission;
}

Response ManagementApi::handle_resource(const Request& request, std::string& principal) const {
  if (auto refusal = turn_away(request, principal)) {
    return *std::move(refusal);
  }
  try {
    return route(request);
  } catch (const ServiceFault& fault) {
    return refuse(request, fault);
  }
}

Caller ManagementApi::authenticate(const Request& request) const {
  const auto token = bearer_token(request);
  if (!token) {
    throw ServiceFault(401, "AuthenticationFailed",
                       "Authentication failed. The 'Authorization' header is missing or holds no bearer token.");
  }
  return options_.tokens.verify(*token, options_.audiences);
}

void ManagementApi::check_path(const Request& request) const {
  const ResourcePath path = read_resource_path(request.path);
  check_api_version(request, path);
  if (path.below_subscriptions && !iequals(path.subscription, options_.subscription_id)) {
    if (!is_guid(path.subscription)) {
      throw ServiceFault(400, "InvalidSubscriptionId",
                         "The provided subscription identifier '" + path.subscription + "' is malformed or invalid.");
    }
    throw ServiceFault(404, "SubscriptionNotFound", "The subscription '" + path.subscription + "' could not be found.");
  }
  const ProviderEntry* provider = find_provider(path.provider);
  if (path.group.empty() || provider == nullptr || (!writes(request.method) && looks_for_groups(*provider))) {
    return;
  }
  options_.store.read([&](Transaction& transaction) {
    if (!transaction.state(to_lower(group_id(options_.subscription_id, path.group)))) {
      throw group_not_found(path.group);
    }
    if (writes(request.method)) {
      require_registration(transaction, options_.subscription_id, provider->name);
    }
  });
}

Response ManagementApi::route(const Request& request) const {
  const RouteMatch match = resources_.find(request.method, request.path);
  switch (match.kind) {
    case RouteMatch::Kind::Found:
      return (*match.handler)(request, match.parameters);
    case RouteMatch::Kind::WrongMethod:
      return asks_for_existence(request, match) ? existence(request) : wrong_method(request, match.allowed);
    case RouteMatch::Kind::Unknown:
      break;
  }
  throw unknown_path(request, read_resource_path(request.path));
}

/// As ARM answers "check existence by ID": 204, or the fault that GET ends with.
Response ManagementApi::existence(const Request& request) const {
  const RouteMatch match = resources_.find("GET", request.path);
  const Response shown = (*match.handler)(request, match.parameters);
  return {.status = 204, .headers = shown.headers};
}

Response ManagementApi::refuse(const Request& request, const ServiceFault& fault) const {
  Response response = fault_answer(fault);
  if (fault.status() == 401) {
    const std::string authority = options_.management_url + "/" + options_.tokens.tenant_id();
    response.headers.set("WWW-Authenticate",
                         "Bearer authorization_uri=" + quoted(authority) +
                             ", error=\"invalid_token\", error_description=" + quoted(fault.message()));
  }
  if (request.method == "HEAD") {
    response.body.clear();
  }
  return response;
}

void ManagementApi::add_headers(const Request& request, Response& response) const {
  const std::string correlation = request.headers.get("x-ms-correlation-request-id");
  const auto set = [&response](const char* name, std::string value) {
    if (!response.headers.contains(name)) {
      response.headers.add(name, std::move(value));
    }
  };
  set("x-ms-request-id", request.request_id);
  set("request-id", request.request_id);
  set("x-ms-correlation-request-id", is_guid(correlation) ? correlation : request.request_id);
  set("x-ms-routing-request-id", "BATCHAI:" + format_iso8601_basic(options_.clock->now()) + ":" + request.request_id);
  if (iequals(request.headers.get("x-ms-return-client-request-id"), "true")) {
    set("x-ms-client-request-id", request.headers.get("x-ms-client-request-id"));
  }
  set("Cache-Control", "no-cache");
  set("Pragma", "no-cache");
  set("Expires", "-1");
  set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  set("X-Content-Type-Options", "nosniff");
  set("Vary", "Accept-Encoding");
}

}  // namespace batchai::server
