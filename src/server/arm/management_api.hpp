#pragma once

#include "batchai/core/clock.hpp"
#include "server/faults/fault.hpp"
#include "server/http/listen_options.hpp"
#include "server/http/router.hpp"
#include "server/identity/access_tokens.hpp"
#include "server/records/store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

struct ManagementApiOptions {
  /// Outlive the API.
  Store& store;
  const AccessTokens& tokens;
  std::shared_ptr<const Clock> clock;
  /// Base URL without slash at the end.
  std::string management_url;
  std::string subscription_id;
  /// Verifies the tokens of requests.
  std::vector<std::string> audiences;
  /// Called with what a handler should not have thrown. Thread-safe.
  std::function<void(const Request&, std::string_view what)> on_failure;
};

/// An answer and the caller.
struct ManagementAnswer {
  Response response;
  /// Application id of a verified caller, else empty.
  std::string principal;
};

/// The port that sign-in and resource manager share. Requests that fit an anonymous route go there; all others need a
/// token, an `api-version` and this subscription, and get ARM's headers and error documents. Thread-safe.
class ManagementApi {
 public:
  /// Handlers in `resources` may throw ServiceFault.
  ManagementApi(ManagementApiOptions options, Router anonymous, Router resources);

  /// Replaces the request's `Host`.
  ManagementAnswer handle(Request& request) const;
  /// Whether a request is admitted, as far as its head shows.
  Admission admit(const Request& request) const;

 private:
  std::optional<Response> turn_away(const Request& request, std::string& principal) const;
  Response handle_resource(const Request& request, std::string& principal) const;
  Caller authenticate(const Request& request) const;
  void check_path(const Request& request) const;
  Response route(const Request& request) const;
  Response existence(const Request& request) const;
  Response refuse(const Request& request, const ServiceFault& fault) const;
  void add_headers(const Request& request, Response& response) const;

  ManagementApiOptions options_;
  /// Of the management URL.
  std::string authority_;
  Router anonymous_;
  Router resources_;
};

}  // namespace batchai::server
