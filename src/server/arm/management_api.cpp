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
#include "server/identity/signed_in.hpp"

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

ManagementApi::ManagementApi(ManagementApiOptions options, Router anonymous, std::vector<Route> resources)
    : options_(std::move(options)),
      authority_(Url::parse(options_.management_url).authority()),
      anonymous_(std::move(anonymous)) {
  for (Route& route : resources) {
    route.operation = operation_name(route.method, route.pattern);
    resources_.add(std::move(route));
  }
}

Response ManagementApi::handle(Request& request) const {
  Response response;
  // Handlers make URLs from the configured address, not from what a client sends: some leave the port out.
  request.headers.set("Host", authority_);
  Asked asked{.request = request};
  try {
    const RouteMatch open = anonymous_.find(request.method, request.path);
    if (open.kind == RouteMatch::Kind::Found) {
      response = (*open.handler)(request, open.parameters);
    } else if (open.kind == RouteMatch::Kind::WrongMethod) {
      response = wrong_method(request, open.allowed);
    } else {
      response = handle_resource(asked);
    }
  } catch (const std::exception& failure) {
    options_.on_failure(request, failure.what());
    response = fault_answer(ServiceFault(500, "InternalServerError", "The service failed to answer this request."));
  }
  complete(asked, response);
  return response;
}

/// What a caller may not do is refused before anything is said about what is there.
void ManagementApi::check(Asked& asked) const {
  const ResourcePath path = read_resource_path(asked.request.path);
  check_subscription(asked.request, path);
  find_route(asked);
  if (asked.match.route != nullptr && !permits(*asked.principal, asked.wanted)) {
    throw not_permitted(*asked.principal, asked.wanted, scope_of(*asked.match.route, asked.match.parameters));
  }
  if (asked.match.route == nullptr && !path.group.empty() && !asked.principal->covers(path.group)) {
    const Wanted wanted{.operation = operation_name(asked.request.method, asked.request.path), .group = path.group};
    throw not_permitted(*asked.principal, wanted, group_id(options_.subscription_id, path.group));
  }
  check_group(asked.request, path);
}

std::optional<Response> ManagementApi::turn_away(Asked& asked, bool completely) const {
  try {
    asked.principal = authenticate(asked.request);
    if (completely) {
      check(asked);
    }
    return std::nullopt;
  } catch (const ServiceFault& fault) {
    Response response = refuse(asked.request, fault);
    response.headers.set("x-ms-failure-cause", "gateway");
    return response;
  }
}

/// Of a request that comes without a body nothing is gained by looking at it twice.
Admission ManagementApi::admit(const Request& request) const {
  if (anonymous_.find(request.method, request.path).kind != RouteMatch::Kind::Unknown) {
    return {.proved = false};
  }
  Asked asked{.request = request};
  Admission admission{.refusal = turn_away(asked, writes(request.method))};
  if (admission.refusal) {
    complete(asked, *admission.refusal);
  }
  return admission;
}

Response ManagementApi::handle_resource(Asked& asked) const {
  if (auto refusal = turn_away(asked, true)) {
    return *std::move(refusal);
  }
  try {
    return route(asked);
  } catch (const ServiceFault& fault) {
    return refuse(asked.request, fault);
  }
}

std::shared_ptr<const Principal> ManagementApi::authenticate(const Request& request) const {
  const auto token = bearer_token(request);
  if (!token) {
    throw ServiceFault(401, "AuthenticationFailed",
                       "Authentication failed. The 'Authorization' header is missing or holds no bearer token.");
  }
  return signed_in(options_.tokens, options_.principals, *token, options_.audiences);
}

void ManagementApi::check_subscription(const Request& request, const ResourcePath& path) const {
  check_api_version(request, path);
  if (path.below_subscriptions && !iequals(path.subscription, options_.subscription_id)) {
    if (!is_guid(path.subscription)) {
      throw ServiceFault(400, "InvalidSubscriptionId",
                         "The provided subscription identifier '" + path.subscription + "' is malformed or invalid.");
    }
    throw ServiceFault(404, "SubscriptionNotFound", "The subscription '" + path.subscription + "' could not be found.");
  }
}

void ManagementApi::check_group(const Request& request, const ResourcePath& path) const {
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

void ManagementApi::find_route(Asked& asked) const {
  asked.match = resources_.find(asked.request.method, asked.request.path);
  if (asked.match.kind == RouteMatch::Kind::WrongMethod && asks_for_existence(asked.request, asked.match)) {
    asked.match = resources_.find("GET", asked.request.path);
    asked.existence = true;
  }
  if (asked.match.route != nullptr) {
    asked.wanted = wanted_by(*asked.match.route, asked.match.parameters);
    if (const std::string* id = asked.match.parameters.find("operation")) {
      options_.store.read([&](Transaction& transaction) { asked.wanted.group = group_of_operation(transaction, *id); });
    }
  }
}

Response ManagementApi::route(const Asked& asked) const {
  switch (asked.match.kind) {
    case RouteMatch::Kind::Found:
      if (asked.existence) {
        return existence(asked);
      }
      return asked.principal->is_limited() ? answer_limited(asked) : answer(asked, asked.request);
    case RouteMatch::Kind::WrongMethod:
      return wrong_method(asked.request, asked.match.allowed);
    case RouteMatch::Kind::Unknown:
      break;
  }
  throw unknown_path(asked.request, read_resource_path(asked.request.path));
}

/// As ARM answers "check existence by ID": 204, or the fault that GET ends with.
Response ManagementApi::existence(const Asked& asked) {
  const Response shown = answer(asked, asked.request);
  return {.status = 204, .headers = shown.headers};
}

Response ManagementApi::answer(const Asked& asked, const Request& request) {
  return (*asked.match.handler)(request, asked.match.parameters);
}

/// For a principal that may not see all groups.
Response ManagementApi::answer_limited(const Asked& asked) {
  if (writes(asked.request.method)) {
    require_linked_permission(*asked.principal, asked.wanted, scope_of(*asked.match.route, asked.match.parameters),
                              asked.request.body);
  }
  Request request = asked.request;
  request.visible_groups = asked.principal->groups;
  if (!asked.wanted.group.empty() || request.method != "GET") {
    return answer(asked, request);
  }
  const std::optional<std::size_t> top = take_top(request);
  Response response = answer(asked, request);
  keep_permitted(*asked.principal, response, top);
  return response;
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

/// Headers that every answer has, and what the log says of it.
void ManagementApi::complete(const Asked& asked, Response& response) const {
  if (asked.principal) {
    response.principal = asked.principal->app_id;
    response.principal_name = asked.principal->display_name;
  }
  response.operation = asked.wanted.operation;
  const Request& request = asked.request;
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
