#pragma once

#include "server/http/listen_options.hpp"
#include "server/monitoring/metric.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// Counts what happens, and writes it in Prometheus' text format 0.0.4. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void count_request(std::string_view api, const Exchange& exchange);
  /// A job has ended as `succeeded` or `failed`.
  void count_job_end(const std::string& state);
  void count_store_write(std::chrono::duration<double> time);
  void count_store_error();

  /// What was counted, followed by the given metrics.
  std::string text(const std::vector<Metric>& metrics) const;

 private:
  class Families;
  std::unique_ptr<Families> families_;
};

}  // namespace batchai::server
