#include "server/program/service.hpp"

#include "batchai/core/clock.hpp"
#include "batchai/core/url.hpp"
#include "batchai/version.hpp"
#include "server/arm/arm_answer.hpp"
#include "server/arm/arm_options.hpp"
#include "server/arm/management_api.hpp"
#include "server/arm/permission.hpp"
#include "server/arm/subscriptions.hpp"
#include "server/files/http/files_api.hpp"
#include "server/http/bearer_token.hpp"
#include "server/http/http_server.hpp"
#include "server/identity/identity_routes.hpp"
#include "server/identity/managed_identity.hpp"
#include "server/identity/signed_in.hpp"
#include "server/identity/tls_material.hpp"
#include "server/program/compute.hpp"
#include "server/program/containers.hpp"
#include "server/program/data_folder.hpp"
#include "server/program/descriptor_limit.hpp"
#include "server/program/endpoints_file.hpp"
#include "server/program/hosted_folders.hpp"
#include "server/program/isolation.hpp"
#include "server/program/management_routes.hpp"
#include "server/program/memory_policy.hpp"
#include "server/program/monitor.hpp"
#include "server/program/node_logins.hpp"
#include "server/program/provisioning.hpp"
#include "server/records/hosted_accounts.hpp"
#include "server/records/node_password.hpp"
#include "server/records/removal.hpp"
#include "server/scheduling/reconciler.hpp"
#include "server/store/integrity_check.hpp"
#include "server/store/sqlite_store.hpp"

#include <cerrno>
#include <future>
#include <mutex>
#include <system_error>

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace batchai::server {
namespace {

constexpr std::chrono::seconds kGrace{20};
constexpr std::size_t kStartsAtOnce = 8;
/// From the first request to the moment when the memory that is free by then is given back.
constexpr std::chrono::seconds kTrimDelay{5};
/// What is made of JSON, per byte of it: a change has the old document and the new one in several copies (measured with
/// bodies of 16 MiB).
constexpr std::uint64_t kJsonCost = 12;

/// The host in URLs for clients.
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

Response arm_refusal(int status, std::string_view message) {
  return fault_answer(ServiceFault(status,
                                   status == 503   ? "ServiceUnavailable"
                                   : status >= 500 ? "InternalServerError"
                                                   : "BadRequest",
                                   std::string(message)));
}

/// As HttpServer::listen, with advice for the operator in the error.
void listen(HttpServer& server, const char* port_option) {
  try {
    server.listen();
  } catch (const ListenError& error) {
    throw ListenError(std::string(error.what()) + " (choose it with --host and " + port_option + "; 0 is a free one)");
  }
}

}  // namespace

/// In the order in which they need each other; the listeners last, since their handlers need all.
class Service::Parts {
 public:
  explicit Parts(const ServerOptions& options)
      : options_(options),
        folder_(prepare_data_folder(options.data_dir)),
        log_(options.log),
        database_file_(checked_database()),
        database_(database_file_, clock_, [this](const std::string& text) { log_.info(text); }),
        signing_key_(std::async([this] { return load_or_create_signing_key(folder_ / "tls" / "token-signing.pem"); })),
        isolation_(choose_isolation(options, folder_)),
        // Slurm gives memory to its jobs by itself.
        run_limits_(limits_by_size(options.job_limits, options.engine == "local" ? most_memory_here() : 0)),
        containers_(options, isolation_.view, folder_, supervisor_program()),
        listen_limits_(fit_limits()),
        monitor_(monitor_options()),
        provisioned_(provision(store_, principals_, *clock_, options, folder_ / "endpoints.json",
                               [this](const std::string& text) { log_.warning(text); })),
        tokens_(signing_key_.get(), provisioned_.tenant_id, clock_),
        tls_(make_tls()),
        compute_(make_compute(options, folder_, clock_, [this](const std::string& text) { log_.warning(text); })),
        reconciler_(store_, *compute_.engine, *compute_.nodes, *clock_, reconciler_options()),
        files_api_(folder_ / "files", account_keys(), *clock_, signing::SasService::File, reporter(), bearer_tokens()),
        blobs_api_(folder_ / "blobs", account_keys(), *clock_, signing::SasService::Blob, reporter()),
        management_(management_listener(), [this](Request& request) { return management_api_->handle(request); }),
        files_(files_listener(), [this](const Request& request) { return files_api_for(request).handle(request); }) {
    if (!isolation_.trouble.empty()) {
      log_.warning(
          "Jobs run without a sandbox and can read all that this service can, its keys and the shares of others "
          "among it: " +
          isolation_.trouble + ".");
    }
    for (const std::string& exposed : exposed_folders(folder_)) {
      log_.warning(exposed);
    }
    forget_node_passwords(store_);
    listen(management_, "--management-port");
    listen(files_, "--files-port");
    monitor_.watch("management", management_);
    monitor_.watch("files", files_);
    output_files_.emplace(store_, *clock_, folder_, Url::parse(files_url()));
    management_api_.emplace(api_options(), anonymous_routes(), resource_routes());
  }

  void start() {
    monitor_.load();
    open_nodes();
    reconciler_.start();
    pruner_.start();
    management_.start();
    files_.start();
    write_endpoints_if_possible();
    if (!reserve_.keep()) {
      log_.error("The disk of " + folder_.string() +
                 " is full: reads are answered, writes are refused until there is room, and the next start may fail.");
    }
    log_.event("started", {{"version", BATCHAI_VERSION}, {"management", management_url()}, {"files", files_url()}});
    integrity_.start();
  }

  /// Without room on the disk the service can answer reads at least.
  void write_endpoints_if_possible() {
    try {
      write_endpoints(folder_ / "endpoints.json", provisioned_, management_url(), files_url(), ca_bundle());
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::no_space_on_device && error.code().value() != EDQUOT) {
        throw;
      }
      log_.error(std::string(error.what()) + ". The service answers reads and cannot write before there is room; " +
                 "endpoints.json is the one of the last start.");
    }
  }

  void stop() {
    if (stopped_) {
      return;
    }
    stopped_ = true;
    log_.event("stopping", {});
    stop_listeners();
    pruner_.stop();
    reconciler_.stop();
    node_logins_.reset();
    integrity_.stop();
    log_.event("stopped", {});
  }

  void abort_requests() {
    log_.warning("Another signal to stop: requests that still run are aborted.");
    management_.cut();
    files_.cut();
  }

  void reopen_log() {
    try {
      log_.event(log_.reopen() ? "log_reopened" : "no_log_file", {});
    } catch (const std::exception& error) {
      log_.error(std::string(error.what()) + "; the old file is written on");
    }
  }

  std::string management_url() const { return origin(options_, management_.port()); }
  std::string files_url() const { return origin(options_, files_.port()); }

 private:
  /// Both at a time, or one after the other where there is no thread for that.
  void stop_listeners() {
    std::future<void> other;
    try {
      other = std::async(std::launch::async, [this] { files_.stop(kGrace); });
    } catch (const std::system_error&) {
      files_.stop(kGrace);
    }
    management_.stop(kGrace);
    if (other.valid()) {
      other.wait();
    }
  }

  void tell_integrity(const CheckResult& result) {
    switch (result.verdict) {
      case CheckResult::Verdict::Sound:
        log_.event("database_checked", {});
        break;
      case CheckResult::Verdict::Damaged:
        log_.error(result.problem + " The service goes on with what it can read.");
        break;
      case CheckResult::Verdict::Unchecked:
        log_.warning("The database could not be checked for damage: " + result.problem +
                     " The next start, or --check, tries it again.");
        break;
    }
  }

  std::filesystem::path checked_database() const {
    std::filesystem::path database = folder_ / "batchai.db";
    check_database(folder_, database, options_.new_database);
    return database;
  }

  /// Without SSH servers of nodes the service can do all else.
  void open_nodes() {
    try {
      if (node_ssh_.on) {
        node_logins_ = std::make_unique<NodeLogins>(
            NodeLoginsOptions{.store = store_,
                              .data_folder = folder_,
                              .host = options_.host,
                              .public_host = public_host(options_.host),
                              .sandbox = isolation_.sandbox.value(),
                              .run_limits = run_limits_,
                              .report = [this](const std::string& node, const std::string& line) {
                                log_.event("node_ssh", {{"node", node}, {"text", line}});
                              }});
      }
    } catch (const std::exception& error) {
      node_ssh_.trouble = error.what();
    }
    if (!node_ssh_.trouble.empty()) {
      const auto text = "Nodes have no SSH server: " + node_ssh_.trouble + ".";
      options_.node_ssh == NodeSshMode::On ? log_.warning(text) : log_.info(text);
    }
  }

  LoginFinder login_finder() {
    return [this](const ClusterRecord& cluster, const Node& node) {
      return node_logins_ ? node_logins_->find(cluster, node) : std::nullopt;
    };
  }

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

  std::function<std::optional<std::string>()> node_ssh_check() {
    if (options_.node_ssh != NodeSshMode::On) {
      return nullptr;
    }
    return [this] { return node_ssh_.trouble.empty() ? std::nullopt : std::optional(node_ssh_.trouble); };
  }

  MonitorOptions monitor_options() {
    return {.log = log_,
            .store = database_,
            .clock = *clock_,
            .most_waiting = listen_limits_.connections / 2,
            .isolation = isolation_.sandbox ? "sandbox" : "none",
            .isolation_trouble = isolation_.trouble,
            .containers = [this] { return containers_.known(); },
            .node_ssh_trouble = node_ssh_check(),
            .on_changes =
                [this](const std::vector<StoreChange>& changes) {
                  if (node_logins_) {
                    node_logins_->take_changes(changes);
                  }
                },
            .engine_trouble = [this] { return compute_.trouble(); },
            .store_damage = [this] { return integrity_.damage(); },
            .is_signed_in = [this](const Request& request) { return is_signed_in(request); }};
  }

  bool is_signed_in(const Request& request) const {
    const auto token = bearer_token(request);
    try {
      return token && signed_in(tokens_, principals_, *token, audiences()) != nullptr;
    } catch (const ServiceFault&) {
      return false;
    }
  }

  ListenLimits fit_limits() {
    ListenLimits limits = options_.limits;
    if (const auto needed = fit_descriptors(limits)) {
      log_.warning("Only " + std::to_string(limits.connections) + " connections are taken per port instead of " +
                   std::to_string(options_.limits.connections) + ": raise the limit of open files (ulimit -n, " +
                   "LimitNOFILE=) to " + std::to_string(*needed) + ".");
    }
    return limits;
  }

  std::function<void(const std::string&)> reporter() {
    return [this](const std::string& text) { log_.error(text); };
  }

  ReconcilerOptions reconciler_options() {
    return {.data_folder = folder_,
            .public_address = public_host(options_.host),
            .idle_period = options_.node_idle_time,
            .limits = options_.quotas,
            .containers = [this] { return containers_.use(); },
            .sandbox = isolation_.sandbox,
            .run_limits = run_limits_,
            .starts_at_once = kStartsAtOnce,
            .after_pass =
                [this] {
                  monitor_.beat();
                  trimmer_.note();
                },
            .report = reporter()};
  }

  files::AccountLookup account_keys() {
    return [resolve = hosted_accounts(store_, folder_)](std::string_view name) -> std::optional<std::vector<Secret>> {
      const auto account = resolve(name);
      return account ? std::optional(account->keys) : std::nullopt;
    };
  }

  files::BearerTokens bearer_tokens() {
    return {.check = [this, resolve = hosted_accounts(store_, folder_)](
                         std::string_view token, const std::string& name) -> files::BearerVerdict {
              try {
                const auto who = signed_in(tokens_, principals_, token, {kStorageAudience, account_audience(name)});
                const auto account = resolve(name);
                return {.permitted = account && may_list_keys(*who, account->group),
                        .principal = who->app_id,
                        .principal_name = who->display_name};
              } catch (const ServiceFault& fault) {
                return {.problem = fault.what()};
              }
            },
            .authorization_uri = [this] { return management_url() + "/" + tokens_.tenant_id() + "/oauth2/authorize"; }};
  }

  ListenOptions listener(std::uint16_t port, const std::string& api) {
    return {
        .host = options_.host,
        .port = port,
        .tls = tls_,
        .limits = listen_limits_,
        .workers = options_.workers,
        .on_handler_failure = [this](const Request& request, std::string_view what) { log_.failure(request, what); },
        .on_exchange =
            [this, count = monitor_.exchanges_of(api)](const Exchange& exchange) {
              count(exchange);
              trimmer_.note();
            }};
  }

  ListenOptions management_listener() {
    ListenOptions result = listener(options_.management_port, "management");
    result.refusal = arm_refusal;
    result.limits.body_cost = kJsonCost;
    result.gatekeeper = [this](const Request& request) { return management_api_->admit(request); };
    result.is_urgent = [](const Request& request) { return request.path == "/healthz"; };
    return result;
  }

  ListenOptions files_listener() {
    ListenOptions result = listener(options_.files_port, "files");
    result.refusal = files::listener_refusal;
    result.limits.body_bytes = files::kLargestBody;
    result.gatekeeper = [this](const Request& request) {
      return Admission{.refusal = files_api_for(request).turn_away(request)};
    };
    return result;
  }

  std::vector<std::string> audiences() const {
    return {"https://management.azure.com", "https://management.core.windows.net", management_url()};
  }

  ManagementApiOptions api_options() {
    return {.store = store_,
            .tokens = tokens_,
            .principals = principals_,
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
            .remove_group_contents = [](Transaction& transaction, const std::string& group,
                                        Timestamp now) { return remove_workspaces_of(transaction, group, now); },
            .group_contents_changed = [this] { reconciler_.wake(); },
            .remove_account_data =
                [this](const std::string& account) {
                  files_api_.remove_account(account);
                  blobs_api_.remove_account(account);
                },
            .key_renewed =
                [this](const std::string& account, const std::string& name, const Secret& key) {
                  if (account == provisioned_.storage_account && name == "key1") {
                    renew_endpoints({.storage_key = key});
                  }
                },
            .shares = hosted_folders(files_api_, *clock_, HostedKind::Share),
            .containers = hosted_folders(blobs_api_, *clock_, HostedKind::Container),
            .report = reporter()};
  }

  Router anonymous_routes() {
    std::vector<std::string> granted = audiences();
    granted.insert(granted.end(), {kStorageAudience, account_audience("*")});
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
    router.add(monitor_.routes());
    return router;
  }

  std::vector<Route> resource_routes() {
    return management_routes(
        arm_options(),
        {store_, workspaces_, experiments_, clusters_, file_servers_, jobs_, *output_files_, usages_,
         [this](const std::string& key) { return monitor_.awaited_changes().next(key); }},
        std::make_shared<PrincipalAdmin>(PrincipalAdminOptions{
            .principals = principals_,
            .clock = clock_,
            .tenant_id = provisioned_.tenant_id,
            .subscription_id = provisioned_.subscription_id,
            .own_client_id = provisioned_.client_id,
            .own_secret_renewed = [this](const Secret& secret) { renew_endpoints({.client_secret = secret}); }}));
  }

  /// The file follows what was renewed; where it cannot, its reader has the old one, and the next start mends it.
  void renew_endpoints(const RenewedSecrets& renewed) {
    const std::lock_guard lock(endpoints_mutex_);
    try {
      update_endpoints(folder_ / "endpoints.json", renewed);
    } catch (const std::system_error& error) {
      log_.error(std::string(error.what()) +
                 ". What is in endpoints.json has been renewed since: restart the service.");
    }
  }

  const files::FilesApi& files_api_for(const Request& request) const {
    const std::string* resource = request.query_parameter("sr");
    return resource != nullptr && *resource == "b" ? blobs_api_ : files_api_;
  }

  ServerOptions options_;
  AfterActivity trimmer_{kTrimDelay, return_free_memory};
  std::shared_ptr<Clock> clock_ = system_clock();
  std::filesystem::path folder_;
  std::mutex endpoints_mutex_;
  DiskReserve reserve_{folder_};
  ServerLog log_;
  std::filesystem::path database_file_;
  SqliteStore database_;
  IntegrityCheck integrity_{database_file_, [this](const CheckResult& result) { tell_integrity(result); }};
  /// Making it takes a tenth of a second or several, at the first start; so does the hash of the first secret.
  std::future<SigningKey> signing_key_;
  Isolation isolation_;
  std::function<RunLimits(std::string_view vm_size)> run_limits_;
  Containers containers_;
  NodeSshChoice node_ssh_ = choose_node_ssh(options_, isolation_);
  /// Told of changes by the monitor, which is made before it.
  std::unique_ptr<NodeLogins> node_logins_;
  ListenLimits listen_limits_;
  Monitor monitor_;
  Store& store_ = monitor_.store();
  Principals principals_{store_};
  Provisioned provisioned_;
  AccessTokens tokens_;
  std::optional<TlsFiles> tls_;
  Compute compute_;
  Reconciler reconciler_;
  OperationPruner pruner_{store_, *clock_, options_.operations, [this](const std::string& text) { log_.error(text); }};
  RulesContext rules_{store_, *clock_, [this] { reconciler_.wake(); }, options_.quotas};
  Workspaces workspaces_{rules_};
  Experiments experiments_{rules_};
  Clusters clusters_{rules_, public_host(options_.host), login_finder()};
  FileServers file_servers_{rules_};
  Usages usages_{rules_};
  Jobs jobs_{rules_, public_host(options_.host), login_finder()};
  std::optional<OutputFiles> output_files_;
  std::optional<ManagementApi> management_api_;
  files::FilesApi files_api_;
  files::FilesApi blobs_api_;
  HttpServer management_;
  HttpServer files_;
  bool stopped_ = false;
};

Service::Service(const ServerOptions& options) : parts_(std::make_unique<Parts>(options)) {}
Service::~Service() { stop(); }
void Service::start() { parts_->start(); }
void Service::stop() { parts_->stop(); }
void Service::abort_requests() { parts_->abort_requests(); }
void Service::reopen_log() { parts_->reopen_log(); }
std::string Service::management_url() const { return parts_->management_url(); }
std::string Service::files_url() const { return parts_->files_url(); }

}  // namespace batchai::server
