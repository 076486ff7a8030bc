#pragma once

#include "batchai/core/clock.hpp"
#include "server/arm/permission.hpp"
#include "server/arm/resource_path.hpp"
#include "server/faults/fault.hpp"
#include "server/http/listen_options.hpp"
#include "server/http/router.hpp"
#include "server/identity/access_tokens.hpp"
#include "server/identity/principals.hpp"
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
  const Principals& principals;
  std::shared_ptr<const Clock> clock;
  /// Base URL without slash at the end.
  std::string management_url;
  std::string subscription_id;
  /// Verifies the tokens of requests.
  std::vector<std::string> audiences;
  /// Called with what a handler should not have thrown. Thread-safe.
  std::function<void(const Request&, std::string_view what)> on_failure;
};

/// The port that sign-in and resource manager share. Requests that fit an anonymous route go there; all others need a
/// token, an `api-version`, this subscription and a role that permits them, and get ARM's headers and error documents.
/// Thread-safe.
class ManagementApi {
 public:
  /// Handlers in `resources` may throw ServiceFault. Route::operation of these is set here.
  ManagementApi(ManagementApiOptions options, Router anonymous, std::vector<Route> resources);

  /// Replaces the request's `Host`. The answer says who asked and for what, also where it is a refusal.
  Response handle(Request& request) const;
  /// Whether a request is admitted, as far as its head shows.
  Admission admit(const Request& request) const;

 private:
  /// A request with what is known of it.
  struct Asked {
    const Request& request;
    /// Null before it has been authenticated.
    std::shared_ptr<const Principal> principal = {};
    RouteMatch match = {};
    /// Whether a HEAD asks if there is what the match, which is that of a GET, would show.
    bool existence = false;
    /// Of a match with a route.
    Wanted wanted = {};
  };

  /// Unless `completely`, who the caller is, and no more.
  std::optional<Response> turn_away(Asked& asked, bool completely) const;
  void check(Asked& asked) const;
  Response handle_resource(Asked& asked) const;
  std::shared_ptr<const Principal> authenticate(const Request& request) const;
  void check_subscription(const Request& request, const ResourcePath& path) const;
  void check_group(const Request& request, const ResourcePath& path) const;
  void find_route(Asked& asked) const;
  Response route(const Asked& asked) const;
  static Response answer(const Asked& asked, const Request& request);
  static Response answer_limited(const Asked& asked);
  static Response existence(const Asked& asked);
  Response refuse(const Request& request, const ServiceFault& fault) const;
  void complete(const Asked& asked, Response& response) const;

  ManagementApiOptions options_;
  /// Of the management URL.
  std::string authority_;
  Router anonymous_;
  Router resources_;
};

}  // namespace batchai::server
