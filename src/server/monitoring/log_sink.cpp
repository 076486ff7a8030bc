#include "server/monitoring/log_sink.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::server {

LogSink::LogSink(std::filesystem::path file) : file_(std::move(file)), descriptor_(open()) {}

Descriptor LogSink::open() const {
  Descriptor descriptor(file_.empty() ? ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
                                      : ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!descriptor && !file_.empty()) {
    throw std::runtime_error("cannot write the log file " + file_.string() + ": " + std::strerror(errno));
  }
  return descriptor;
}

bool LogSink::reopen() {
  if (file_.empty()) {
    return false;
  }
  Descriptor next = open();
  const std::lock_guard lock(mutex_);
  descriptor_ = std::move(next);
  return true;
}

void LogSink::sink_it_(const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t line;
  formatter_->format(message, line);
  ssize_t written = 0;
  do {
    written = ::write(descriptor_.get(), line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written != static_cast<ssize_t>(line.size())) {
    ++lost_;
  }
}

}  // namespace batchai::server
