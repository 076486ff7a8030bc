#include "server/program/principal_service.hpp"

#include "batchai/core/clock.hpp"
#include "batchai/core/secret.hpp"
#include "batchai/core/url.hpp"
#include "core/private_file.hpp"
#include "server/faults/fault.hpp"
#include "server/http/http_call.hpp"
#include "server/identity/principal_admin.hpp"
#include "server/program/endpoints_file.hpp"
#include "server/store/sqlite_store.hpp"

#include <cstdlib>
#include <stdexcept>

namespace batchai::server {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kPrincipalsPath = "/providers/Batchai.Service/principals";

json parsed(const std::string& text) { return json::parse(text, nullptr, false); }

/// Over the network, as the service's own principal.
class RunningService final : public PrincipalService {
 public:
  explicit RunningService(json endpoints) : endpoints_(std::move(endpoints)), token_(sign_in()) {}

  json send(const std::string& method, const std::string& name, const std::string& action, const json& body) override {
    Url url = Url::parse(member("managementEndpoint") + kPrincipalsPath);
    if (!name.empty()) {
      url.append_segment(name);
    }
    if (!action.empty()) {
      url.append_segment(action);
    }
    url.add_query("api-version", "2018-05-01");
    const auto answer =
        http_call({.method = method,
                   .url = url.to_string(),
                   .headers = {{"Authorization", "Bearer " + token_.reveal()}, {"Content-Type", "application/json"}},
                   .body = body.is_null() ? std::string() : body.dump(),
                   .ca_bundle = ca_bundle()});
    const json document = parsed(answer.body);
    if (answer.status >= 300) {
      const json error = document.is_object() ? document.value("error", json::object()) : json::object();
      throw ServiceFault(answer.status, error.value("code", "Failed"),
                         error.value("message", "the service answered " + std::to_string(answer.status)));
    }
    return document.is_discarded() ? json() : document;
  }

 private:
  std::string member(const char* name) const { return endpoints_.value(name, ""); }

  /// Where the service has a certificate that an operator gave it, the authority is one that the operator knows.
  std::string ca_bundle() const {
    const char* known = std::getenv("BATCHAI_CA_BUNDLE");
    const std::string own = member("caBundle");
    return own.empty() && known != nullptr ? known : own;
  }

  Secret sign_in() const {
    const auto answer = http_call(
        {.method = "POST",
         .url = member("managementEndpoint") + "/" + member("tenantId") + "/oauth2/token",
         .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
         .body = "grant_type=client_credentials&resource=https%3A%2F%2Fmanagement.azure.com&client_id=" +
                 percent_encode(member("clientId")) + "&client_secret=" + percent_encode(member("clientSecret")),
         .ca_bundle = ca_bundle()});
    const json document = parsed(answer.body);
    if (answer.status != 200 || !document.is_object()) {
      throw std::runtime_error("the service does not take the secret that is in endpoints.json: " +
                               (document.is_object() ? document.value("error_description", "") : std::string()));
    }
    return Secret(document.value("access_token", ""));
  }

  json endpoints_;
  Secret token_;
};

/// The database of a service that does not run.
class StoppedService final : public PrincipalService {
 public:
  explicit StoppedService(const fs::path& folder)
      : folder_(folder), store_(folder / "batchai.db", clock_), admin_(options_of(folder)) {}

  json send(const std::string& method, const std::string& name, const std::string& action, const json& body) override {
    const json given = body.is_null() ? json::object() : body;
    if (method == "PUT") {
      return admin_.add(name, given);
    }
    if (method == "PATCH") {
      return admin_.change(name, given);
    }
    if (method == "DELETE") {
      admin_.remove(name);
      return {};
    }
    if (!action.empty()) {
      return admin_.renew(name, given);
    }
    return name.empty() ? admin_.list() : admin_.show(name);
  }

 private:
  PrincipalAdminOptions options_of(const fs::path& folder) {
    const json settings = service_settings(store_);
    return {.principals = principals_,
            .clock = clock_,
            .tenant_id = settings.at("tenantId"),
            .subscription_id = settings.at("subscriptionId"),
            .own_client_id = settings.at("clientId"),
            .own_secret_renewed = [file = folder / "endpoints.json"](const Secret& secret) {
              update_endpoints(file, {.client_secret = secret});
            }};
  }

  fs::path folder_;
  std::shared_ptr<Clock> clock_ = system_clock();
  SqliteStore store_;
  Principals principals_{store_};
  PrincipalAdmin admin_;
};

}  // namespace

std::unique_ptr<PrincipalService> open_principals(const fs::path& folder) {
  if (!fs::exists(folder / "batchai.db")) {
    throw std::runtime_error("there is no service in " + folder.string() +
                             ": name its data folder by --data-dir, or start one there first");
  }
  try {
    return std::make_unique<StoppedService>(folder);
  } catch (const StoreInUse&) {
    const auto text = read_file(folder / "endpoints.json");
    json endpoints = text ? parsed(*text) : json();
    if (!endpoints.is_object()) {
      throw std::runtime_error("a service runs on " + folder.string() + ", but its endpoints.json is not there" +
                               " (yet): try again, or restart the service");
    }
    return std::make_unique<RunningService>(std::move(endpoints));
  }
}

}  // namespace batchai::server
