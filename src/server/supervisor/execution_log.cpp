#include "server/supervisor/execution_log.hpp"

#include "server/supervisor/run_places.hpp"

#include <chrono>

#include <fcntl.h>

namespace batchai::server {

namespace {

std::string line(std::string_view text) {
  const auto now = std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now());
  return format_iso8601_ticks(now) + " " + std::string(text) + "\n";
}

void append(const Descriptor& file, const std::string& text) {
  // The log is only for information: a full disk must not end a run.
  if (file && ::write(file.get(), text.data(), text.size()) < 0) {
    return;
  }
}

}  // namespace

ExecutionLog::ExecutionLog(const RunPlan& plan) {
  const RunPlaces places(plan);
  for (const auto& node : plan.nodes) {
    Descriptor file;
    if (!node.execution_log.empty()) {
      file = places.open_output(node.execution_log, O_APPEND);
    }
    files_.push_back(std::move(file));
  }
}

void ExecutionLog::write(std::string_view text) {
  const auto full = line(text);
  for (const auto& file : files_) {
    append(file, full);
  }
}

void ExecutionLog::write(std::size_t node, std::string_view text) { append(files_.at(node), line(text)); }

}  // namespace batchai::server
