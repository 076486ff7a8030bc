#include "server/supervisor/execution_log.hpp"

#include "server/supervisor/system_error.hpp"

#include <chrono>

#include <fcntl.h>

namespace batchai::server {

namespace {

std::string line(std::string_view text) {
  const auto now = std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now());
  return format_iso8601_ticks(now) + " " + std::string(text) + "\n";
}

void append(const Descriptor& file, const std::string& text) {
  // The log is for reading along: a full disk must not end a run that could go on without it.
  if (file && ::write(file.get(), text.data(), text.size()) < 0) {
    return;
  }
}

}  // namespace

ExecutionLog::ExecutionLog(const std::vector<RunNode>& nodes) {
  for (const auto& node : nodes) {
    Descriptor file;
    if (!node.execution_log.empty()) {
      file = Descriptor(::open(node.execution_log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
      if (!file) {
        throw_errno("cannot make log " + node.execution_log.string());
      }
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
