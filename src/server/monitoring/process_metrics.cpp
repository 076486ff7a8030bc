#include "server/monitoring/metric.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/resource.h>
#include <unistd.h>

namespace batchai::server {
namespace {

using Kind = Metric::Kind;

/// Fields of /proc/self/stat behind the name, which may hold blanks: number 3 (state) comes first (proc(5)).
std::vector<double> stat_fields() {
  std::ifstream file("/proc/self/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream rest(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string state;
  rest >> state;
  std::vector<double> fields(3);  // so that indexes are proc(5)'s numbers minus one
  for (double value = 0; rest >> value;) {
    fields.push_back(value);
  }
  return fields;
}

double boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    if (word == "btime") {
      double seconds = 0;
      file >> seconds;
      return seconds;
    }
  }
  return 0;
}

std::size_t open_descriptors() {
  std::error_code error;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator each("/proc/self/fd", error), end; !error && each != end;
       each.increment(error)) {
    ++count;
  }
  return count;
}

void add(std::vector<Metric>& metrics, const char* name, const char* help, Kind kind, double value) {
  metrics.push_back({name, help, kind, {{{}, value}}});
}

}  // namespace

std::vector<Metric> process_metrics() {
  std::vector<Metric> metrics;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  const auto fields = stat_fields();
  if (fields.size() > 23) {
    add(metrics, "process_cpu_seconds_total", "Processor time used, in seconds.", Kind::Counter,
        (fields[13] + fields[14]) / ticks);
    add(metrics, "process_threads", "Threads of the process.", Kind::Gauge, fields[19]);
    add(metrics, "process_start_time_seconds", "Start of the process, in seconds since 1970.", Kind::Gauge,
        boot_time() + fields[21] / ticks);
    add(metrics, "process_virtual_memory_bytes", "Address space in use, in bytes.", Kind::Gauge, fields[22]);
    add(metrics, "process_resident_memory_bytes", "Memory in use, in bytes.", Kind::Gauge, fields[23] * page);
  }
  add(metrics, "process_open_fds", "Open file descriptors.", Kind::Gauge, static_cast<double>(open_descriptors()));
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    add(metrics, "process_max_fds", "Most file descriptors that may be open.", Kind::Gauge,
        static_cast<double>(limit.rlim_cur));
  }
  return metrics;
}

}  // namespace batchai::server
