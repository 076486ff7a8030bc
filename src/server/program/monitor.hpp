#pragma once

#include "server/http/awaited_changes.hpp"
#include "server/http/http_server.hpp"
#include "server/http/router.hpp"
#include "server/monitoring/health.hpp"
#include "server/monitoring/metrics.hpp"
#include "server/monitoring/observed_store.hpp"
#include "server/monitoring/resource_counts.hpp"
#include "server/monitoring/server_log.hpp"
#include "server/program/containers.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

struct MonitorOptions {
  /// Outlive the monitor.
  ServerLog& log;
  Store& store;
  const Clock& clock;
  /// Requests that may await a change at the same time.
  std::size_t most_waiting = 0;
  /// What jobs run in, `sandbox` or `none`, and why that is less than it should be; empty: it is not.
  std::string isolation = {};
  std::string isolation_trouble = {};
  /// What becomes of jobs that ask for a container; nothing while that is being tried.
  std::function<std::optional<ContainerUse>()> containers = [] { return std::optional(ContainerUse{}); };
  /// Why there are no SSH servers of nodes although the operator asks for them; null where he does not. Thread-safe.
  std::function<std::optional<std::string>()> node_ssh_trouble = nullptr;
  /// Called with all changes of documents, in their order.
  std::function<void(const std::vector<StoreChange>&)> on_changes = [](const std::vector<StoreChange>&) {};
  /// Why no job can be started now. Thread-safe, and waits for nothing.
  std::function<std::optional<std::string>()> engine_trouble;
  /// What a check of the whole store has found to be wrong. Thread-safe.
  std::function<std::optional<std::string>()> store_damage;
  /// Whether a request from another machine carries a valid token. Thread-safe.
  std::function<bool(const Request&)> is_signed_in;
};

/// Watches the store and the listeners, and answers `/healthz` and `/metrics`. Thread-safe.
class Monitor {
 public:
  explicit Monitor(MonitorOptions options);

  /// The store that all others should use.
  Store& store() noexcept { return store_; }
  /// Counts what is there already. Call it before the first write.
  void load() { resource_counts_.load(options_.store); }
  /// Those of documents, by their keys; each is noted after it has become durable.
  AwaitedChanges& awaited_changes() noexcept { return awaited_; }
  /// For ListenOptions::on_exchange.
  std::function<void(const Exchange&)> exchanges_of(const std::string& api);
  /// Its metrics are shown under that name. The server outlives the last request.
  void watch(const std::string& api, const HttpServer& server) { listeners_[api] = &server; }
  /// The reconciler has finished a pass.
  void beat() { scheduler_.beat(); }

  std::vector<Route> routes();

 private:
  void take_changes(const std::vector<StoreChange>& changes, std::chrono::steady_clock::duration time);
  std::vector<HealthCheck> checks();
  Response health(const Request& request);
  Response metrics(const Request& request);
  std::vector<Metric> listener_metrics() const;

  MonitorOptions options_;
  Metrics metrics_;
  ResourceCounts resource_counts_;
  AwaitedChanges awaited_;
  Heartbeat scheduler_;
  ObservedStore store_;
  StoreProbe probe_;
  std::map<std::string, const HttpServer*> listeners_;
};

}  // namespace batchai::server
