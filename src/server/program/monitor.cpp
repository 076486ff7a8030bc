#include "server/program/monitor.hpp"

#include "batchai/version.hpp"
#include "server/arm/arm_answer.hpp"
#include "server/http/json_answer.hpp"
#include "server/monitoring/state_events.hpp"
#include "server/program/server_options.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

/// The reconciler makes a pass every 30 seconds at least; starting many jobs may take long.
constexpr std::chrono::seconds kLongestRound{180};

/// Whether the request is from this machine. Behind a proxy every request seems to be.
bool is_from_here(const Request& request) {
  std::string_view address = request.remote_address;
  constexpr std::string_view kMapped = "::ffff:";
  if (address.starts_with(kMapped)) {
    address.remove_prefix(kMapped.size());
  }
  return is_loopback_host(address) && !request.headers.contains("X-Forwarded-For") &&
         !request.headers.contains("Forwarded");
}

/// One metric: a number of each listener.
template <class Number>
Metric per_listener(const std::map<std::string, const HttpServer*>& listeners, const char* name, const char* help,
                    Metric::Kind kind, Number number) {
  Metric metric{name, help, kind};
  for (const auto& [api, server] : listeners) {
    metric.values.push_back({{{"api", api}}, static_cast<double>(number(*server))});
  }
  return metric;
}

void append(std::vector<Metric>& all, std::vector<Metric> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

}  // namespace

Monitor::Monitor(MonitorOptions options)
    : options_(std::move(options)),
      awaited_(options_.most_waiting),
      scheduler_(options_.clock, kLongestRound),
      store_(options_.store, {.written = [this](const auto& changes, auto time) { take_changes(changes, time); },
                              .failed =
                                  [this](const std::exception& error) {
                                    metrics_.count_store_error();
                                    options_.log.error(error.what());
                                  }}),
      probe_(store_, options_.clock) {}

void Monitor::take_changes(const std::vector<StoreChange>& changes, std::chrono::steady_clock::duration time) {
  metrics_.count_store_write(time);
  resource_counts_.apply(changes);
  options_.on_changes(changes);
  for (const StoreChange& change : changes) {
    awaited_.note(change.key);
  }
  for (const StoreChange& change : changes) {
    for (const StateEvent& event : state_events(change)) {
      options_.log.event(event.subject, event.fields);
      if (event.subject == "job" && (event.state == "succeeded" || event.state == "failed")) {
        metrics_.count_job_end(event.state);
      }
    }
  }
}

std::function<void(const Exchange&)> Monitor::exchanges_of(const std::string& api) {
  return [this, api](const Exchange& exchange) {
    metrics_.count_request(api, exchange);
    options_.log.request(api, exchange);
  };
}

std::vector<Route> Monitor::routes() {
  return {{"GET", "/healthz", [this](const Request& request, const PathParameters&) { return health(request); }},
          {"GET", "/metrics", [this](const Request& request, const PathParameters&) { return metrics(request); }}};
}

std::vector<HealthCheck> Monitor::checks() {
  const auto store = [this] {
    const auto damage = options_.store_damage();
    return damage ? damage : probe_.failure();
  };
  const auto scheduler = [this]() -> std::optional<std::string> {
    const auto silence = scheduler_.silent_for();
    return silence
               ? std::optional("the scheduler has not finished a round for " + std::to_string(silence->count()) + " s")
               : std::nullopt;
  };
  std::vector<HealthCheck> result{{"store", store}, {"scheduler", scheduler}, {"engine", options_.engine_trouble}};
  if (options_.node_ssh_trouble) {
    result.push_back({"nodeSsh", options_.node_ssh_trouble});
  }
  return result;
}

Response Monitor::health(const Request& request) {
  nlohmann::json shown = nlohmann::json::object();
  bool well = true;
  for (const HealthCheck& check : checks()) {
    const auto failure = check.failure();
    well = well && !failure;
    // Reasons contain paths of this machine.
    shown[check.name] = failure ? (is_from_here(request) ? *failure : "failed") : "ok";
  }
  nlohmann::json document{{"status", well ? "ok" : "unavailable"},
                          {"version", BATCHAI_VERSION},
                          {"checks", shown},
                          {"isolation", options_.isolation}};
  const auto containers = options_.containers();
  document["containers"] = containers ? name_of(containers->kind) : "being tried";
  if (containers && !containers->reason.empty() && is_from_here(request)) {
    document["containersReason"] = containers->reason;
  }
  if (!options_.isolation_trouble.empty()) {
    const std::string reason = is_from_here(request) ? ": " + options_.isolation_trouble : "";
    document["warnings"] = nlohmann::json::array({"jobs run without a sandbox" + reason});
  }
  return json_answer(well ? 200 : 503, document);
}

Response Monitor::metrics(const Request& request) {
  if (!is_from_here(request) && !options_.is_signed_in(request)) {
    Response refusal =
        fault_answer(ServiceFault(401, "AuthenticationFailed", "From another machine, /metrics needs a bearer token."));
    refusal.headers.set("WWW-Authenticate", "Bearer");
    return refusal;
  }
  std::vector<Metric> metrics = resource_counts_.metrics();
  append(metrics, listener_metrics());
  metrics.push_back({"batchai_http_requests_waiting",
                     "Requests that are answered when what they are about changes.",
                     Metric::Kind::Gauge,
                     {{{}, static_cast<double>(awaited_.size())}}});
  append(metrics, process_metrics());
  metrics.push_back({"batchai_log_lines_lost_total",
                     "Lines of the log that could not be written.",
                     Metric::Kind::Counter,
                     {{{}, static_cast<double>(options_.log.lost_lines())}}});
  metrics.push_back(
      {"batchai_build_info", "Version of the service.", Metric::Kind::Gauge, {{{{"version", BATCHAI_VERSION}}, 1}}});
  return {.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, .body = metrics_.text(metrics)};
}

std::vector<Metric> Monitor::listener_metrics() const {
  using Kind = Metric::Kind;
  const auto metric = [this](const char* name, const char* help, Kind kind, auto number) {
    return per_listener(listeners_, name, help, kind, number);
  };
  return {metric("batchai_http_connections", "Open connections.", Kind::Gauge,
                 [](const HttpServer& server) { return server.connections(); }),
          metric("batchai_http_connections_accepted_total", "Connections taken.", Kind::Counter,
                 [](const HttpServer& server) { return server.counters().accepted.load(); }),
          metric("batchai_http_connections_timed_out_total", "Connections closed because the peer was too slow.",
                 Kind::Counter, [](const HttpServer& server) { return server.counters().timed_out.load(); }),
          metric("batchai_http_connections_evicted_total", "Connections closed to make room for others.", Kind::Counter,
                 [](const HttpServer& server) { return server.counters().evicted.load(); }),
          metric("batchai_http_connections_turned_away_total", "Connections closed at once: too many of one network.",
                 Kind::Counter, [](const HttpServer& server) { return server.counters().turned_away.load(); }),
          metric("batchai_http_connections_out_of_memory_total", "Connections that ended for want of memory.",
                 Kind::Counter, [](const HttpServer& server) { return server.counters().out_of_memory.load(); }),
          metric("batchai_http_accept_failures_total", "Connections that could not be taken.", Kind::Counter,
                 [](const HttpServer& server) { return server.counters().accept_failures.load(); })};
}

}  // namespace batchai::server
