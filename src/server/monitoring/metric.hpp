#pragma once

#include <map>
#include <string>
#include <vector>

namespace batchai::server {

/// Values that are read on request, as one or more Prometheus metrics of a name.
struct Metric {
  enum class Kind { Counter, Gauge };
  using Labels = std::map<std::string, std::string>;

  std::string name;
  std::string help;
  Kind kind = Kind::Gauge;
  std::vector<std::pair<Labels, double>> values = {};
};

/// `process_…` as Prometheus' own clients name them: memory, descriptors, processor time, start. Values that the kernel
/// does not provide are left out.
std::vector<Metric> process_metrics();

}  // namespace batchai::server
