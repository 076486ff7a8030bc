#include "server/monitoring/metrics.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace batchai::server {
namespace {

/// Methods come from peers: unknown ones share a label, so that peers cannot create endless series.
std::string_view method_label(std::string_view method) {
  static constexpr std::array<std::string_view, 7> kKnown = {"GET",   "HEAD",   "PUT",    "POST",
                                                             "PATCH", "DELETE", "OPTIONS"};
  const auto* const found = std::find(kKnown.begin(), kKnown.end(), method);
  return found == kKnown.end() ? "other" : *found;
}

const prometheus::Histogram::BucketBoundaries& request_buckets() {
  static const prometheus::Histogram::BucketBoundaries kBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                                   0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  return kBuckets;
}

prometheus::Family<prometheus::Counter>& counters(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Family<prometheus::Histogram>& histograms(prometheus::Registry& registry, const char* name,
                                                      const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

prometheus::MetricFamily family_of(const Metric& metric) {
  const bool counter = metric.kind == Metric::Kind::Counter;
  prometheus::MetricFamily family{
      metric.name, metric.help, counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge, {}};
  for (const auto& [labels, value] : metric.values) {
    prometheus::ClientMetric sample;
    for (const auto& [name, text] : labels) {
      sample.label.push_back({name, text});
    }
    (counter ? sample.counter.value : sample.gauge.value) = value;
    family.metric.push_back(std::move(sample));
  }
  return family;
}

}  // namespace

/// Of the requests of one API with one method and status; the families keep them.
struct RequestSeries {
  prometheus::Counter* requests = nullptr;
  prometheus::Histogram* durations = nullptr;
  prometheus::Counter* received = nullptr;
  prometheus::Counter* sent = nullptr;
};

class Metrics::Families {
 public:
  /// Looked up here first: the families make a map of the labels for each look-up.
  RequestSeries series_of(std::string_view api, const Exchange& exchange) {
    const std::lock_guard lock(series_mutex_);
    const std::string name(api);
    const std::string_view method = method_label(exchange.request.method);
    const auto found = series_.find({name, method, exchange.status});
    if (found != series_.end()) {
      return found->second;
    }
    const RequestSeries made{
        .requests = &requests.Add(
            {{"api", name}, {"method", std::string(method)}, {"status", std::to_string(exchange.status)}}),
        .durations = &durations.Add({{"api", name}}, request_buckets()),
        .received = &received.Add({{"api", name}}),
        .sent = &sent.Add({{"api", name}})};
    series_.emplace(std::tuple(name, method, exchange.status), made);
    return made;
  }

  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      counters(registry, "batchai_http_requests_total", "Requests that were answered.");
  prometheus::Family<prometheus::Histogram>& durations =
      histograms(registry, "batchai_http_request_duration_seconds",
                 "Time from the end of a request to the beginning of its answer, in seconds.");
  prometheus::Family<prometheus::Counter>& received =
      counters(registry, "batchai_http_received_bytes_total", "Bytes of requests, heads and bodies.");
  prometheus::Family<prometheus::Counter>& sent =
      counters(registry, "batchai_http_sent_bytes_total", "Bytes of answers, heads and bodies.");
  prometheus::Family<prometheus::Counter>& job_ends =
      counters(registry, "batchai_jobs_ended_total", "Jobs that have ended since the start of the service.");
  prometheus::Counter& store_errors =
      counters(registry, "batchai_store_errors_total", "Failures of the database.").Add({});
  prometheus::Histogram& store_writes =
      histograms(registry, "batchai_store_write_duration_seconds",
                 "Time of a write of the database until it is on the disk, in seconds.")
          .Add({}, request_buckets());

 private:
  std::mutex series_mutex_;
  std::map<std::tuple<std::string, std::string_view, int>, RequestSeries> series_;
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {
  for (const char* state : {"succeeded", "failed"}) {
    families_->job_ends.Add({{"state", state}});
  }
}
Metrics::~Metrics() = default;

void Metrics::count_request(std::string_view api, const Exchange& exchange) {
  const auto [requests, durations, received, sent] = families_->series_of(api, exchange);
  requests->Increment();
  durations->Observe(std::chrono::duration<double>(exchange.handling_time).count());
  received->Increment(static_cast<double>(exchange.received_bytes));
  sent->Increment(static_cast<double>(exchange.sent_bytes));
}

void Metrics::count_job_end(const std::string& state) { families_->job_ends.Add({{"state", state}}).Increment(); }
void Metrics::count_store_write(std::chrono::duration<double> time) { families_->store_writes.Observe(time.count()); }
void Metrics::count_store_error() { families_->store_errors.Increment(); }

std::string Metrics::text(const std::vector<Metric>& metrics) const {
  std::vector<prometheus::MetricFamily> all = families_->registry.Collect();
  std::transform(metrics.begin(), metrics.end(), std::back_inserter(all), family_of);
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace batchai::server
