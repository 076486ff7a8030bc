#include "server/program/service.hpp"

#include "batchai/core/clock.hpp"
#include "batchai/core/url.hpp"
#include "server/arm/arm_answer.hpp"
#include "server/arm/arm_options.hpp"
#include "server/arm/management_face.hpp"
#include "server/arm/providers.hpp"
#include "server/arm/resource_groups.hpp"
#include "server/arm/resources.hpp"
#include "server/arm/storage_accounts.hpp"
#include "server/arm/subscriptions.hpp"
#include "server/batchai/batchai_face.hpp"
#include "server/engine/local_engine.hpp"
#include "server/files/files_face.hpp"
#include "server/http/http_server.hpp"
#include "server/identity/identity_routes.hpp"
#include "server/identity/managed_identity.hpp"
#include "server/identity/tls_material.hpp"
#include "server/program/data_folder.hpp"
#include "server/program/endpoints_file.hpp"
#include "server/program/provisioning.hpp"
#include "server/program/server_log.hpp"
#include "server/service/conductor.hpp"
#include "server/service/gpu_share.hpp"
#include "server/service/hosted_accounts.hpp"
#include "server/service/removal.hpp"
#include "server/store/sqlite_store.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace batchai::server {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kGrace{20};

/// The host as clients are told to use it.
std::string public_host(const std::string& host) {
  if (host != "0.0.0.0" && host != "::") {
    return host;
  }
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

std::string origin(const ServerOptions& options, std::uint16_t port) {
  const std::string host = public_host(options.host);
  const bool ipv6 = host.find(':') != std::string::npos;
  return (options.tls == TlsMode::Off ? "http://" : "https://") + (ipv6 ? "[" + host + "]" : host) + ":" +
         std::to_string(port);
}

std::filesystem::path supervisor_program() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "batchai-supervisor";
}

Response arm_refusal(int status, std::string_view message) {
  return fault_answer(ServiceFault(status, status >= 500 ? "InternalServerError" : "BadRequest", std::string(message)));
}

std::chrono::milliseconds since(steady_clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begin);
}

Route health_route(Store& store) {
  return {"GET", "/healthz", [&store](const Request&, const PathParameters&) {
            store.read([](Transaction& transaction) { transaction.get("setting/service"); });
            return json_answer(200, {{"status", "ok"}});
          }};
}

void add_all(Router& router, std::initializer_list<std::vector<Route>> tables) {
  for (const auto& table : tables) {
    router.add(table);
  }
}

}  // namespace

/// In the order in which they need each other; the listeners last, as their handlers need all.
class Service::Parts {
 public:
  explicit Parts(const ServerOptions& options)
      : options_(options),
        folder_(prepare_data_folder(options.data_dir)),
        log_(folder_ / "log", options.log_level),
        store_(folder_ / "batchai.db", clock_),
        provisioned_(provision(store_, principals_, *clock_, options, folder_ / "endpoints.json")),
        tokens_(load_or_create_signing_key(folder_ / "tls" / "token-signing.pem"), provisioned_.tenant_id, clock_),
        tls_(make_tls()),
        engine_({.runs_folder = folder_ / "runs", .supervisor = supervisor_program(), .clock = clock_}),
        conductor_(store_, engine_, *clock_, conductor_options()),
        files_face_(folder_ / "files", account_keys(), *clock_),
        blobs_face_(folder_ / "blobs", account_keys(), *clock_, signing::SasService::Blob),
        management_(management_listener(), [this](const Request& request) { return handle_management(request); }),
        files_(files_listener(), [this](const Request& request) { return handle_files(request); }) {
    management_.listen();
    files_.listen();
    output_files_.emplace(store_, *clock_, folder_, Url::parse(files_url()));
    management_face_.emplace(face_options(), anonymous_routes(), resource_routes());
  }

  void start() {
    conductor_.start();
    management_.start();
    files_.start();
    write_endpoints(folder_ / "endpoints.json", provisioned_, management_url(), files_url(), ca_bundle());
    log_.info("started management=" + management_url() + " files=" + files_url());
  }

  void stop() {
    if (stopped_) {
      return;
    }
    stopped_ = true;
    management_.stop(kGrace);
    files_.stop(kGrace);
    conductor_.stop();
    log_.info("stopped");
  }

  std::string management_url() const { return origin(options_, management_.port()); }
  std::string files_url() const { return origin(options_, files_.port()); }

 private:
  std::optional<TlsFiles> make_tls() {
    if (options_.tls == TlsMode::Auto) {
      const TlsMaterial made = ensure_tls_material(folder_ / "tls", public_host(options_.host), clock_->now());
      return TlsFiles{made.certificate_chain, made.private_key};
    }
    if (options_.tls == TlsMode::Files) {
      return TlsFiles{options_.certificate, options_.private_key};
    }
    return std::nullopt;
  }

  std::string ca_bundle() const {
    return options_.tls == TlsMode::Auto ? (folder_ / "tls" / "ca.pem").string() : std::string();
  }

  ConductorOptions conductor_options() {
    return {.data_folder = folder_,
            .public_address = public_host(options_.host),
            .machine_gpus = count_gpus(),
            .containers_on_host = options_.containers_on_host,
            .report = [this](const std::string& text) { log_.error(text); }};
  }

  files::AccountLookup account_keys() {
    return [resolve = hosted_accounts(store_, folder_)](std::string_view name) -> std::optional<std::vector<Secret>> {
      const auto account = resolve(name);
      return account ? std::optional(account->keys) : std::nullopt;
    };
  }

  ListenOptions listener(std::uint16_t port) {
    return {
        .host = options_.host,
        .port = port,
        .tls = tls_,
        .on_handler_failure = [this](const Request& request, std::string_view what) { log_.failure(request, what); }};
  }

  ListenOptions management_listener() {
    ListenOptions result = listener(options_.management_port);
    result.refusal = arm_refusal;
    return result;
  }

  ListenOptions files_listener() {
    ListenOptions result = listener(options_.files_port);
    result.refusal = files::listener_refusal;
    result.limits.body_bytes = files::kLargestBody;
    return result;
  }

  std::vector<std::string> audiences() const {
    return {"https://management.azure.com", "https://management.core.windows.net", management_url()};
  }

  ManagementFaceOptions face_options() {
    return {.store = store_,
            .tokens = tokens_,
            .clock = clock_,
            .management_url = management_url(),
            .subscription_id = provisioned_.subscription_id,
            .audiences = audiences(),
            .on_failure = [this](const Request& request, std::string_view what) { log_.failure(request, what); }};
  }

  ArmOptions arm_options() {
    return {.store = store_,
            .clock = clock_,
            .management_url = management_url(),
            .files_url = files_url(),
            .subscription_id = provisioned_.subscription_id,
            .tenant_id = provisioned_.tenant_id,
            .remove_group_contents =
                [this](Transaction& transaction, const std::string& group, Timestamp now) {
                  const bool gone = remove_workspaces_of(transaction, group, now);
                  conductor_.wake();
                  return gone;
                },
            .remove_account_data =
                [this](const std::string& account) {
                  std::filesystem::remove_all(folder_ / "files" / account);
                  std::filesystem::remove_all(folder_ / "blobs" / account);
                }};
  }

  Router anonymous_routes() {
    std::vector<std::string> granted = audiences();
    granted.emplace_back("https://storage.azure.com");
    Router router;
    router.add(identity_routes({.public_url = management_url(),
                                .audiences = granted,
                                .clock = clock_,
                                .principals_folder = folder_ / "principals",
                                .warn = [this](const std::string& line) { log_.warning(line); }},
                               tokens_, principals_));
    if (options_.managed_identity) {
      router.add(managed_identity_routes({granted, provisioned_.client_id}, tokens_, principals_));
    }
    router.add(metadata_route(arm_options()));
    router.add(health_route(store_));
    return router;
  }

  Router resource_routes() {
    const ArmOptions arm = arm_options();
    Router router;
    add_all(router, {subscription_routes(arm), resource_group_routes(arm), resource_list_routes(arm),
                     provider_routes(arm), storage_account_routes(arm),
                     batchai_routes({store_, workspaces_, experiments_, clusters_, file_servers_, jobs_, *output_files_,
                                     usages_})});
    return router;
  }

  Response handle_management(const Request& request) {
    const auto begin = steady_clock::now();
    ManagementAnswer answer = management_face_->handle(request);
    log_.request("management", request, answer.principal, answer.response.status, since(begin));
    return std::move(answer.response);
  }

  Response handle_files(const Request& request) {
    const auto begin = steady_clock::now();
    const std::string* resource = request.query_parameter("sr");
    const bool is_blob = resource != nullptr && *resource == "b";
    Response response = (is_blob ? blobs_face_ : files_face_).handle(request);
    log_.request("files", request, files::signed_account(request), response.status, since(begin));
    return response;
  }

  ServerOptions options_;
  std::shared_ptr<Clock> clock_ = system_clock();
  std::filesystem::path folder_;
  ServerLog log_;
  SqliteStore store_;
  Principals principals_{store_};
  Provisioned provisioned_;
  AccessTokens tokens_;
  std::optional<TlsFiles> tls_;
  LocalEngine engine_;
  Conductor conductor_;
  RulesContext rules_{store_, *clock_, [this] { conductor_.wake(); }};
  Workspaces workspaces_{rules_};
  Experiments experiments_{rules_};
  Clusters clusters_{rules_, public_host(options_.host)};
  FileServers file_servers_{rules_};
  Usages usages_{rules_};
  Jobs jobs_{rules_, public_host(options_.host)};
  std::optional<OutputFiles> output_files_;
  std::optional<ManagementFace> management_face_;
  files::FilesFace files_face_;
  files::FilesFace blobs_face_;
  HttpServer management_;
  HttpServer files_;
  bool stopped_ = false;
};

Service::Service(const ServerOptions& options) : parts_(std::make_unique<Parts>(options)) {}
Service::~Service() { stop(); }
void Service::start() { parts_->start(); }
void Service::stop() { parts_->stop(); }
std::string Service::management_url() const { return parts_->management_url(); }
std::string Service::files_url() const { return parts_->files_url(); }

}  // namespace batchai::server
